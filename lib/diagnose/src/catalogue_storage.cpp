// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA8xx: files, helpers and keyrings. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{"HFA801", "token-file-unreadable", Severity::error,
              tr_later("The token file cannot be read by this user"),
              tr_later("Often an earlier login was made with sudo or in a container. The client "
                       "stops with an error, even "
                       "for public models."),
              tr_later("the file's mode, and the system's refusal"),
              tr_later("give the file back to its user")},
    CheckInfo{"HFA802", "token-path-not-a-file", Severity::error,
              tr_later("The token's path is not a file"),
              tr_later("Often a volume was mounted on a file that did not exist, which makes a "
                       "folder. The client stops "
                       "with an error, even for public models."),
              tr_later("what is at the path"), tr_later("move it away, and log in again")},
    CheckInfo{"HFA803", "netrc-overrides", Severity::error,
              tr_later("The netrc replaces the token that is sent"),
              tr_later("requests, which huggingface_hub before 1.0 uses, prefers an entry of the "
                       "netrc to an explicit header. httpx does not."),
              tr_later("the entry, the client's release, and two fingerprints"),
              tr_later("remove the entry, or run with NETRC=/dev/null")},
    CheckInfo{"HFA804", "stored-tokens-corrupt", Severity::warning,
              tr_later("The list of stored tokens cannot be read"),
              tr_later("It was edited by hand, merged, or its writing was interrupted. The active "
                       "token works on; switching does not."),
              tr_later("the line that makes no sense"),
              tr_later("mend the line, or move the file away and log in again")},
    CheckInfo{"HFA805", "permissions-too-open", Severity::warning,
              tr_later("Others on this machine can read the token's file"),
              tr_later("Old clients wrote it so; new ones make it readable by its owner alone."),
              tr_later("the file's mode"), tr_later("chmod 600")},
    CheckInfo{
        "HFA806", "git-helper-stale", Severity::warning,
        tr_later("git has another token than Python"),
        tr_later("The login was renewed without telling git, which goes on with the old one."),
        tr_later("both fingerprints and the Hub's verdict on each"),
        tr_later("log in again with --add-to-git-credential")},
    CheckInfo{"HFA807", "git-helper-missing", Severity::info,
              tr_later("git has no helper that keeps credentials"),
              tr_later("It asks for a password at every push to the Hub."),
              tr_later("no credential.helper in any config of git"),
              tr_later("hfauth login --add-to-git-credential, or a helper of your own")},
    CheckInfo{
        "HFA808", "keyring-unavailable", Severity::info, tr_later("No keyring on this machine"),
        tr_later("Servers and containers have none. Tokens are kept in an encrypted file instead."),
        tr_later("no session bus"), tr_later("nothing to do")},
    CheckInfo{"HFA809", "keyring-and-file-differ", Severity::warning,
              tr_later("The agent and the token's file hold different tokens"),
              tr_later("One of the two was renewed without the other."),
              tr_later("both fingerprints"), tr_later("keep one: hfauth import, or hfauth login")},
    CheckInfo{"HFA810", "credential-in-remote-url", Severity::error,
              tr_later("A token stands in the URL of a git remote"),
              tr_later("It is shown by git remote -v and copied with the folder."),
              tr_later("the config's path and the remote's name"),
              tr_later("set the URL without it, and replace the token")},
    CheckInfo{"HFA811", "cache-permission-or-space", Severity::error,
              tr_later("The cache cannot be written"),
              tr_later("It belongs to another user, or the disk is full. Some programs report that "
                       "as a failed login."),
              tr_later("the folder's owner and mode, or the space that is left"),
              tr_later("give the folder back to its user, or make room")},
    CheckInfo{
        "HFA812", "lock-stuck", Severity::info,
        tr_later("Another program holds the lock of the stored tokens"),
        tr_later("A login or a renewal is under way, or one was stopped in the middle of it."),
        tr_later("the lock is held now"), tr_later("look again in a minute")},
};

}  // namespace

std::span<const CheckInfo> storage_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose

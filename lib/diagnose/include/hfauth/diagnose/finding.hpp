// SPDX-License-Identifier: Apache-2.0
//
// What a diagnosis says: plain values that checks and explanations make and that every renderer
// (text, JSON) reads. Texts are UTF-8 in the chosen language and hold no secret; ids, slugs and
// commands are never translated.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// How bad. `unknown` is a state of its own: a question that could not be answered, never a
/// failure.
enum class Severity { error, warning, info, ok, skip, unknown };

/// `proven` findings alone may say "is".
enum class Confidence { proven, likely, possible };

enum class EvidenceKind { env, file, process, http, tls, dns, config, text, replay };

struct Evidence {
  EvidenceKind kind = EvidenceKind::text;
  std::string text;        ///< one line, secrets masked
  std::string where;       ///< path, variable or URL; "" if the text says it
  std::string request_id;  ///< the Hub's, for support; "" if none
  int line = 0;            ///< of the file `where`, 1-based; 0: not known
};

struct FixStep {
  std::string text;     ///< for people; "" if the command says it all
  std::string command;  ///< to paste into a shell or a cell; "" if there is none
  std::string url;
};

/// `safe` touches hfauth's own things only; `unsafe` edits the user's files; `manual` is done by a
/// person.
enum class FixSafety { safe, unsafe, manual };

/// A change that `hfauth doctor --fix` makes: to a file, but for make_default.
struct FixChange {
  enum class Kind {
    comment_line,     ///< of a start-up file: puts it behind "#"
    rename_variable,  ///< in a line of a start-up file: HUGGING_FACE_HUB_TOKEN becomes HF_TOKEN
    rewrite_token,    ///< a token file keeps the token alone
    restrict_mode,    ///< nobody else may read the file
    move_aside,       ///< a folder that stands where a file belongs gets another name
    write_value,      ///< a line of a start-up file sets its variable to `value`
    copy_line,        ///< a line of a start-up file once more, for the variable `value`
    append_line,      ///< `value`, to a file that is made if it is missing
    remove_commands,  ///< of a shell's history: those that hold a token
    remove_entry,     ///< of a netrc or git's store: that of the host `value`
    clean_remotes,    ///< of a git configuration: tokens out of URLs
    comment_faults,   ///< of stored_tokens: lines that cannot be read get behind "#"
    add_login,        ///< to stored_tokens: the token of the file `from`, under the name `value`
    copy_token,     ///< a token file that is missing, or holds white space alone, gets the token of
                    ///< the file `from`; of stored_tokens that of the login `value`
    replace_token,  ///< the same for a token file with a token that the Hub refuses
    remove_tokens,  ///< of a notebook: a mark in their place
    allow_reading,  ///< the owner may read the file
    make_default,   ///< the agent's profile `value` is the default; there is no file
  };
  Kind kind = Kind::comment_line;
  std::string path;
  int line = 0;            ///< 1-based; 0 where a whole file is meant
  std::string variable;    ///< that the line sets
  std::string value = {};  ///< see above; no secret
  std::string from = {};   ///< absolute path, see above

  friend bool operator==(const FixChange&, const FixChange&) = default;
};

struct Fix {
  FixSafety safety = FixSafety::manual;
  bool verified = false;  ///< a replay with the fix applied was better
  std::string title;      ///< when to take this one; "" if there is only one
  std::vector<FixStep> steps;
  bool replayed = false;  ///< Check::without is the world after this fix, and after no other
  std::vector<FixChange> changes = {};  ///< what --fix does; empty for a fix that a person makes
};

/// One change that takes a finding's condition away, with what is needed to make it.
struct Repair {
  FixChange change;     ///< its path is absolute
  std::string finding;  ///< "HFA101"
  FixSafety safety = FixSafety::unsafe;
  std::string title;      ///< what it does, in the chosen language
  bool verified = false;  ///< the diagnosis of the world after it lacks the finding and is better
};

/// The user knows of a finding and wants it no more than named, until a day.
struct Acknowledgement {
  std::string id;      ///< "HFA103"
  std::string until;   ///< "2027-01-01": the last day on which it holds
  std::string reason;  ///< in the user's words

  friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};

struct Finding {
  std::string id;    ///< "HFA101"
  std::string slug;  ///< "env-shadows-login"
  Severity severity = Severity::info;
  Confidence confidence = Confidence::proven;
  bool is_root = true;
  std::vector<std::string> caused_by;  ///< ids of the roots of a symptom
  std::string title;                   ///< one line
  std::string why;                     ///< one paragraph
  std::vector<Evidence> evidence;
  std::vector<Fix> fixes;
  std::optional<Acknowledgement> acknowledged = {};  ///< then it is information, whatever it was
};

// The names that stand in JSON.
[[nodiscard]] std::string_view name_of(Severity severity) noexcept;
[[nodiscard]] std::string_view name_of(Confidence confidence) noexcept;
[[nodiscard]] std::string_view name_of(EvidenceKind kind) noexcept;
[[nodiscard]] std::string_view name_of(FixSafety safety) noexcept;
[[nodiscard]] std::string_view name_of(FixChange::Kind kind) noexcept;  ///< "comment_line"

}  // namespace hfauth::diagnose

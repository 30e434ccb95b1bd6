# SPDX-License-Identifier: Apache-2.0
"""States of a machine in which clients differ about the token: environment, files, Colab vault.

`{home}` and `{cwd}` in values stand for the state's own folders. `files` maps a path to bytes, to DIRECTORY, or to a
`Link`. Tokens are obviously fake; each source has its own, so that a result tells where it came from.
"""
from dataclasses import dataclass, field

DIRECTORY = object()


@dataclass(frozen=True)
class Link:
    target: str


@dataclass
class State:
    name: str
    environment: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    colab: dict = field(default_factory=lambda: {"kind": "no_colab"})


ENV, LEGACY, FILE, PATH, OTHER, COLAB = ("hf_test" + letter * 12 for letter in "ELFPOC")
DEFAULT = "{home}/.cache/huggingface/token"
OLD = "{home}/.huggingface/token"
OAUTH = f"[oauth-alice]\nhf_token = {FILE}\nrefresh_token = refreshtest\nexpires_at = 4102358400\n\n".encode()


def file(content, path=DEFAULT):
    return {path: content if isinstance(content, bytes) or content is DIRECTORY else content.encode()}


def vault(kind, value=None):
    return {"kind": kind} if value is None else {"kind": kind, "value": value}


STATES = [
    State("nothing at all"),
    State("HF_TOKEN alone", {"HF_TOKEN": ENV}),
    State("legacy variable alone", {"HUGGING_FACE_HUB_TOKEN": LEGACY}),
    State("file alone", files=file(FILE)),
    State("HF_TOKEN beats legacy and file", {"HF_TOKEN": ENV, "HUGGING_FACE_HUB_TOKEN": LEGACY}, file(FILE)),
    State("legacy beats file", {"HUGGING_FACE_HUB_TOKEN": LEGACY}, file(FILE)),
    State("misspelt variables count for nothing", {"HUGGINGFACE_TOKEN": ENV, "HF_API_TOKEN": ENV, "HUGGINGFACEHUB_API_TOKEN": ENV},
          file(FILE)),
    # Set to nothing, or to white space
    State("empty HF_TOKEN, legacy set", {"HF_TOKEN": "", "HUGGING_FACE_HUB_TOKEN": LEGACY}, file(FILE)),
    State("empty HF_TOKEN, file", {"HF_TOKEN": ""}, file(FILE)),
    State("blank HF_TOKEN hides legacy but not the file", {"HF_TOKEN": "  ", "HUGGING_FACE_HUB_TOKEN": LEGACY}, file(FILE)),
    State("blank HF_TOKEN, no file", {"HF_TOKEN": "\t \n"}),
    State("empty legacy, file", {"HUGGING_FACE_HUB_TOKEN": ""}, file(FILE)),
    State("blank legacy, file", {"HUGGING_FACE_HUB_TOKEN": " \r\n"}, file(FILE)),
    State("empty legacy, no file", {"HUGGING_FACE_HUB_TOKEN": ""}),
    # Dirt around a token
    State("HF_TOKEN with spaces and newline", {"HF_TOKEN": f"  {ENV}\r\n"}),
    State("HF_TOKEN with a newline inside", {"HF_TOKEN": f"{ENV}\nmore\r\nand more"}),
    State("HF_TOKEN in quotes", {"HF_TOKEN": f'"{ENV}"'}),
    State("HF_TOKEN with Bearer", {"HF_TOKEN": f"Bearer {ENV}"}),
    State("HF_TOKEN with Unicode spaces", {"HF_TOKEN": f"\u00a0\u2003{ENV}\u3000\u2028\x85\x1f"}),
    State("HF_TOKEN with zero-width and byte order marks", {"HF_TOKEN": f"\u200b\ufeff{ENV}\u200d\ufeff"}),
    State("legacy with dirt", {"HUGGING_FACE_HUB_TOKEN": f" {LEGACY} \n"}),
    State("file with newline", files=file(f"{FILE}\n")),
    State("file with Windows newlines and tabs", files=file(f"\t{FILE}\r\n\r\n")),
    State("file of two lines", files=file(f"{FILE}\n{OTHER}\n")),
    State("file with vertical tab and separators", files=file(f"\x0b\x0c\x1c{FILE}\x1d\x1e\x1f")),
    State("file with byte order mark", files=file(b"\xef\xbb\xbf" + FILE.encode())),
    State("file with no-break spaces", files=file(f"\u00a0{FILE}\u00a0")),
    State("file in quotes", files=file(f"'{FILE}'")),
    State("file that is not UTF-8", files=file(b"\xff\xfe" + FILE.encode())),
    State("file with a NUL", files=file(FILE.encode() + b"\0")),
    State("empty file", files=file(b"")),
    State("blank file", files=file(b" \n\t\r\n")),
    State("carriage return inside", files=file(b"hf_test\rAAAA\rBBBB")),
    # What is not a file
    State("token path is a folder", files=file(DIRECTORY)),
    State("token path is a folder, HF_TOKEN set", {"HF_TOKEN": ENV}, file(DIRECTORY)),
    State("token path is a link", files={DEFAULT: Link("{home}/secret"), "{home}/secret": FILE.encode()}),
    State("token path is a dangling link", files={DEFAULT: Link("{home}/gone")}),
    State("a file where a folder should be", {"HF_HOME": "{home}/plain"}, {"{home}/plain": b"x"}),
    # Where the file is
    State("HF_TOKEN_PATH", {"HF_TOKEN_PATH": "{home}/mine"}, {**file(FILE), "{home}/mine": PATH.encode()}),
    State("HF_TOKEN_PATH leads nowhere", {"HF_TOKEN_PATH": "{home}/nowhere/token"}, file(FILE)),
    State("HF_TOKEN_PATH is a folder", {"HF_TOKEN_PATH": "{home}/mine"}, {**file(FILE), "{home}/mine": DIRECTORY}),
    State("HF_TOKEN_PATH empty", {"HF_TOKEN_PATH": ""}, file(FILE)),
    State("HF_TOKEN_PATH relative", {"HF_TOKEN_PATH": "sub/tok"}, {**file(FILE), "{cwd}/sub/tok": PATH.encode()}),
    State("HF_TOKEN_PATH with tilde", {"HF_TOKEN_PATH": "~/mine"}, {**file(FILE), "{home}/mine": PATH.encode()}),
    State("HF_TOKEN_PATH with a variable", {"HF_TOKEN_PATH": "${WHERE}/mine", "WHERE": "{home}"},
          {**file(FILE), "{home}/mine": PATH.encode()}),
    State("HF_TOKEN_PATH in quotes", {"HF_TOKEN_PATH": "'{home}/mine'"}, {**file(FILE), "{home}/mine": PATH.encode()}),
    State("HF_TOKEN beats HF_TOKEN_PATH", {"HF_TOKEN": ENV, "HF_TOKEN_PATH": "{home}/mine"}, {"{home}/mine": PATH.encode()}),
    State("HF_HOME", {"HF_HOME": "{home}/hf"}, {**file(FILE), "{home}/hf/token": OTHER.encode()}),
    State("HF_HOME with trailing slash", {"HF_HOME": "{home}/hf/"}, {**file(FILE), "{home}/hf/token": OTHER.encode()}),
    State("HF_HOME with tilde", {"HF_HOME": "~/hf"}, {**file(FILE), "{home}/hf/token": OTHER.encode()}),
    State("HF_HOME with a variable", {"HF_HOME": "$WHERE/hf", "WHERE": "{home}"}, {**file(FILE), "{home}/hf/token": OTHER.encode()}),
    State("HF_HOME with an unset variable", {"HF_HOME": "$NOSUCH/hf"},
          {**file(FILE), "{cwd}/$NOSUCH/hf/token": OTHER.encode()}),
    State("HF_HOME empty", {"HF_HOME": ""}, {**file(FILE), "{cwd}/token": OTHER.encode()}),
    State("HF_HOME relative", {"HF_HOME": "rel"}, {**file(FILE), "{cwd}/rel/token": OTHER.encode()}),
    State("XDG_CACHE_HOME", {"XDG_CACHE_HOME": "{home}/xdg"}, {**file(FILE), "{home}/xdg/huggingface/token": OTHER.encode()}),
    State("XDG_CACHE_HOME empty", {"XDG_CACHE_HOME": ""}, {**file(FILE), "{cwd}/huggingface/token": OTHER.encode()}),
    State("XDG_CACHE_HOME relative", {"XDG_CACHE_HOME": "c"}, {**file(FILE), "{cwd}/c/huggingface/token": OTHER.encode()}),
    State("HF_HOME beats XDG_CACHE_HOME", {"HF_HOME": "{home}/hf", "XDG_CACHE_HOME": "{home}/xdg"},
          {"{home}/hf/token": OTHER.encode(), "{home}/xdg/huggingface/token": FILE.encode()}),
    State("a home with a space", {"HF_HOME": "{home}/my files"}, {"{home}/my files/token": OTHER.encode()}),
    State("staging has a home of its own", {"HUGGINGFACE_CO_STAGING": "1"},
          {**file(FILE), "{home}/.cache/huggingface_staging/token": OTHER.encode()}),
    State("staging beats HF_TOKEN_PATH", {"HUGGINGFACE_CO_STAGING": "yes", "HF_TOKEN_PATH": "{home}/mine"},
          {"{home}/mine": PATH.encode(), "{home}/.cache/huggingface_staging/token": OTHER.encode()}),
    State("staging and the old place", {"HUGGINGFACE_CO_STAGING": "ON"}, file(FILE, OLD)),
    # The place of long ago
    State("old place alone", files=file(FILE, OLD)),
    State("old place and new place", files={**file(OTHER), **file(FILE, OLD)}),
    # Colab
    State("Colab secret alone", colab=vault("present", COLAB)),
    State("Colab secret against HF_TOKEN", {"HF_TOKEN": ENV}, colab=vault("present", COLAB)),
    State("Colab secret against the file", files=file(FILE), colab=vault("present", COLAB)),
    State("Colab secret missing", {"HF_TOKEN": ENV}, colab=vault("missing")),
    State("Colab access denied", files=file(FILE), colab=vault("no_access")),
    State("Colab timeout", colab=vault("timeout")),
    State("Colab secret blank", files=file(FILE), colab=vault("present", " \n")),
    State("Colab secret with a newline", colab=vault("present", f"{COLAB}\n")),
    State("Colab Enterprise has no vault", {"VERTEX_PRODUCT": "COLAB_ENTERPRISE"}, colab=vault("present", COLAB)),
    # OIDC, OAuth, switches
    State("OIDC without an id token", {"HF_OIDC_RESOURCE": "org/public", "HF_TOKEN": ENV}),
    State("OIDC empty", {"HF_OIDC_RESOURCE": "", "HF_TOKEN": ENV}),
    State("OAuth entry that is still fresh",
          files={**file(FILE), "{home}/.cache/huggingface/stored_tokens": OAUTH}),
    State("implicit token off", {"HF_TOKEN": ENV, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}),
    State("implicit token off, spelt yes", {"HF_TOKEN": ENV, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "yes"}),
    State("implicit token not off", {"HF_TOKEN": ENV, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0"}),
]

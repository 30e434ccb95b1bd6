#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# The house's own rules about sources, each a function from the tree to findings; CONTRIBUTING.md says why each exists.
# A line is excepted by `lint:allow(rule) reason` in a comment. Prints the findings, exit status 1 if there are any.

import pathlib
import posixpath
import re
import sys
from collections.abc import Callable, Iterator

from checkout import Finding, is_allowed, read_checkout, without_comment

Tree = dict[str, str]

# A layer may include itself and what stands here. tests/ may include anything; nothing may include daemon/ or cli/.
_BELOW_DIAGNOSE = {"core", "token", "store", "hub", "agent"}
LAYERS = {
    "core": set(),
    "token": {"core"},
    "store": {"core", "token"},
    "hub": {"core", "token"},
    "agent": {"core", "token"},
    "diagnose": _BELOW_DIAGNOSE,
    "tokenizer": set(),
    "daemon": _BELOW_DIAGNOSE,
    "cli": _BELOW_DIAGNOSE | {"diagnose", "tokenizer"},
}

# Third-party C interfaces: each is known to one .cpp, the rest of the code sees our own types.
SINGLE_FILE_HEADERS = ("sodium.h", "libsecret/secret.h", "curl/curl.h", "oniguruma.h", "systemd/sd-daemon.h",
                       "systemd/sd-bus.h")

# Heavy or dangerous C++ headers: header prefix, where it may be included, why.
CONFINED_HEADERS = (
    ("re2/", r"lib/diagnose/src/\w*signature\w*\.cpp", "RE2 belongs to the message signatures"),
    ("toml++/", r"daemon/config_toml\.cpp", "toml++ belongs to the reader of the configuration file"),
    ("boost/asio.hpp", r".*\.cpp", "the whole of Asio in a header: include the parts that it names"),
    ("boost/asio", r"daemon/(server|session|reply_batch|listener|refresh_child|main)\w*\.[ch]pp",
     "Asio belongs to the daemon's server, session, reply_batch, listener, refresh_child, main"),
    ("boost/program_options", r"(cli/|daemon/main).*", "option parsing belongs to the programs"),
    ("simdjson.h", r"tokenizer/src/.*|cli/json_lines\.cpp", "simdjson is for megabytes: the tokenizer's loader, --json-lines"),
    ("nlohmann/json.hpp", r".*\.cpp", "nlohmann/json.hpp takes seconds to compile: json_fwd.hpp in private headers"),
    ("nlohmann/", r"(?!lib/\w+/include/|tokenizer/include/).*", "JSON types stay out of public headers"),
)

MAX_LINES = 600
LICENCE = "SPDX-License-Identifier: Apache-2.0"
# systemd calls itself the service manager: there the word is the subject.
NAMES_THAT_MEAN_SOMETHING = {"service_manager"}
BANNED_NAMES = {"util", "utils", "utility", "utilities", "helper", "helpers", "common", "manager", "misc"}
_CODE = re.compile(r"\.(cpp|hpp|h|c|py|sh|bash|mjs|js)$")
_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def is_cpp(path: str) -> bool:
    return path.endswith((".cpp", ".hpp", ".h", ".c"))


def is_code(path: str, text: str) -> bool:
    return not path.startswith("tests/data/") and (bool(_CODE.search(path)) or text.startswith("#!"))


def module_of(path: str) -> str | None:
    """The layer that owns a path: "store" for lib/store/src/vault.cpp; None for tests, scripts and the like."""
    parts = path.split("/")
    if parts[0] == "lib" and len(parts) > 2:
        return parts[1]
    return parts[0] if parts[0] in ("tokenizer", "daemon", "cli") else None


def includes(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := _INCLUDE.match(line):
            yield number, match.group(1), match.group(2)


def included_module(path: str, quote: str, name: str) -> str | None:
    if match := re.match(r"hfauth/(\w+)/", name):
        return match.group(1) if match.group(1) in LAYERS else None
    if module := module_of(name):
        return module
    if quote == '"' and ".." in name:
        return module_of(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
    return None


def layers(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.items():
        owner = module_of(path)
        if not is_cpp(path) or owner is None:
            continue
        for number, quote, name in includes(text):
            target = included_module(path, quote, name)
            if target and target != owner and target not in LAYERS.get(owner, set()):
                yield Finding(path, number, "layers", f"{owner} must not include {target}: {name}")


_LAYER_CALL = re.compile(r"\b(hfauth_layer|target_link_libraries|add_library|add_executable)\s*\(([^)]*)\)", re.DOTALL)


def cmake_arrows(tree: Tree) -> Iterator[Finding]:
    """The same arrows in CMake: what a layer's CMakeLists.txt links must be below it."""
    for path, text in tree.items():
        owner = module_of(path)
        if owner is None or not path.endswith("CMakeLists.txt"):
            continue
        plain = re.sub(r"#[^\n]*", "", text)
        for call in _LAYER_CALL.finditer(plain):
            number = plain.count("\n", 0, call.start()) + 1
            for target in re.findall(r"\bhfauth(?:::|_)(\w+)", call.group(2)):
                if target in LAYERS and target != owner and target not in LAYERS.get(owner, set()):
                    yield Finding(path, number, "cmake-arrows", f"{owner} must not link hfauth::{target}")


def third_party(tree: Tree) -> Iterator[Finding]:
    users: dict[str, list[tuple[str, int]]] = {header: [] for header in SINGLE_FILE_HEADERS}
    for path, text in tree.items():
        if not is_cpp(path) or module_of(path) is None:
            continue
        for number, _, name in includes(text):
            if name in users:
                users[name].append((path, number))
            for prefix, where, why in CONFINED_HEADERS:
                if name.startswith(prefix) and not re.fullmatch(where, path):
                    yield Finding(path, number, "third-party", f"{name} here: {why}")
    for header, places in users.items():
        for path, number in places:
            if path.endswith((".hpp", ".h")):
                yield Finding(path, number, "third-party", f"{header} in a header: it belongs to one .cpp")
        sources = [place for place in places if place[0].endswith(".cpp")]
        for path, number in sources[1:]:
            yield Finding(path, number, "third-party", f"{header} is known to {sources[0][0]} already: one .cpp only")


_GENERATED = re.compile(r"@generated|GENERATED by \S+")


def file_length(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.items():
        if not is_code(path, text) and not path.endswith(("CMakeLists.txt", ".cmake")):
            continue
        lines = text.splitlines()
        if len(lines) > MAX_LINES and not any(_GENERATED.search(line) for line in lines[:5]):
            yield Finding(path, 0, "file-length", f"{len(lines)} lines, more than {MAX_LINES}: a second subject moved in")


def is_described_elsewhere(path: str, headers: set[str]) -> bool:
    """A source is described by the header of its name, a test by the subject in its name."""
    stem = pathlib.PurePosixPath(path).stem
    return path.endswith(".cpp") and (stem in headers or (path.startswith("tests/") and stem.endswith("_test")))


def licence(tree: Tree) -> Iterator[Finding]:
    headers = {pathlib.PurePosixPath(path).stem for path in tree if path.endswith(".hpp")}
    for path, text in tree.items():
        if not is_code(path, text):
            continue
        lines = text.splitlines() or [""]
        first = next((i for i, line in enumerate(lines) if not line.startswith(("#!", "# shellcheck"))), 0)
        if LICENCE not in lines[first]:
            yield Finding(path, 1, "licence", f"the first line must be: {LICENCE}")
        elif not is_described_elsewhere(path, headers) and not _has_description(lines[first + 1:first + 6]):
            yield Finding(path, first + 1, "description", "say in 2 to 6 lines below the licence what this file is")


def _has_description(lines: list[str]) -> bool:
    return any(len(re.findall(r"\w+", line)) >= 3 and line.lstrip().startswith(("//", "#", '"""', "/*", "*"))
               and "#include" not in line for line in lines)


def pragma_once(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.items():
        if path.endswith((".hpp", ".h")) and "#pragma once" not in text:
            yield Finding(path, 1, "pragma-once", "a header without #pragma once")


def file_names(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.items():
        if not is_code(path, text):
            continue
        for part in path.split("/"):
            if pathlib.PurePosixPath(part).stem in NAMES_THAT_MEAN_SOMETHING:
                continue
            bad = BANNED_NAMES & set(re.split(r"[_.\-]", part.lower()))
            if bad:
                yield Finding(path, 0, "file-name", f"'{bad.pop()}' names no subject: say what the file is about")


_DOOR = re.compile(r"\bthrow;|std::(terminate|abort|exit|_Exit|current_exception)\s*\(|//\s*door:\s*\w+")


def catch_all(tree: Tree) -> Iterator[Finding]:
    """catch (...) is for the three doors (main, a session's handler, a C callback): it ends or reports, never goes on."""
    for path, text in tree.items():
        if not is_cpp(path):
            continue
        for match in re.finditer(r"catch\s*\(\s*\.\.\.\s*\)", text):
            if not _DOOR.search(_block_after(text, match.end())):
                number = text.count("\n", 0, match.start()) + 1
                yield Finding(path, number, "catch-all", "catch (...) that neither rethrows nor ends: // door: <which> if it is one")


def _block_after(text: str, start: int) -> str:
    opening = text.find("{", start)
    depth = 0
    for position in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[opening:position + 1]
    return text[opening:]


_SLEEP = re.compile(r"\b(sleep_for|sleep_until)\b|\b(usleep|nanosleep|sleep|time\.sleep)\s*\(|^\s*sleep\s+[\d$\"]|[;&|]\s*sleep\s+[\d$\"]"
                    r"|\b(do|then)\s+sleep\s+[\d$\"]")


def no_sleep(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.items():
        if not path.startswith("tests/") or not is_code(path, text):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if _SLEEP.search(without_comment(line)) and not is_allowed(line, "no-sleep") and not line.lstrip().startswith("#"):
                yield Finding(path, number, "no-sleep", "a test that sleeps: wait for the event, with a deadline")


def live_secrets(tree: Tree) -> Iterator[Finding]:
    """A token of the Hub has 34 random letters; made-up ones repeat theirs, so that no scanner takes them for live."""
    for path, text in tree.items():
        for number, line in enumerate(text.splitlines(), 1):
            for match in re.finditer(r"hf_(?:oauth_|jwt_)?([A-Za-z0-9]{30,})", line):
                if len(set(match.group(1))) > 12 and not re.search(r"([A-Za-z0-9])\1{7,}", match.group(1)):
                    yield Finding(path, number, "live-secret", "looks like a live token: use repeated letters")
            if re.search(r"-----BEGIN [A-Z ]*PRIVATE KEY-----", line) and not is_allowed(line, "live-secret"):
                yield Finding(path, number, "live-secret", "a private key: make it when the test runs")


# Absolute paths of the machine somebody works on: they mean nothing to a reader. (The pattern does not match itself.)
_LOCAL_PATH = re.compile(r"(?<![\w.$}~*-])/(?:work|tmp/wt)/[\w.]")


def local_paths(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.items():
        for number, line in enumerate(text.splitlines(), 1):
            if _LOCAL_PATH.search(line) and not is_allowed(line, "local-path"):
                yield Finding(path, number, "local-path", "a path of one developer's machine")


_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_NAMED_DOCUMENT = re.compile(r"(?<![\w/.-])docs/[\w./-]+\.(?:md|scd)\b")


def documents(tree: Tree) -> Iterator[Finding]:
    """A link in a document, or a document that a source names, must be there."""
    folders = {str(parent) for path in tree for parent in pathlib.PurePosixPath(path).parents}
    for path, text in tree.items():
        for number, line in enumerate(text.splitlines(), 1):
            targets = _NAMED_DOCUMENT.findall(line) if path != "scripts/lint/test_house_rules.py" else []
            if path.endswith(".md"):
                targets += [posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
                            for link in _LINK.findall(line) if "://" not in link and not link.startswith("mailto:")]
            for target in sorted(set(targets)):
                if target not in tree and target not in folders:
                    yield Finding(path, number, "documents", f"there is no {target}")


RULES: tuple[Callable[[Tree], Iterator[Finding]], ...] = (
    layers, cmake_arrows, third_party, file_length, licence, pragma_once, file_names, catch_all, no_sleep,
    live_secrets, local_paths, documents)


def main() -> int:
    tree = read_checkout(pathlib.Path(__file__).resolve().parents[2])
    findings = [finding for rule in RULES for finding in rule(tree)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""States of a machine by the thousand: every part of a `State` drawn from what people really have, and from what they
mistype. The same seed gives the same states, so a difference can be looked at again by its number.
"""
import posixpath
import random

from resolver_states import COLAB, DEFAULT, DIRECTORY, ENV, FILE, LEGACY, OLD, OTHER, PATH, Link, State, vault

SEED = 20261125


def dirty(token):
    """A token as it comes out of copying, echo, .env readers and editors."""
    return (token, token, token, token + "\n", token + "\r\n", f"  {token}", f"{token}\t", f"\n{token}\n", f'"{token}"', f"'{token}'",
            f"Bearer {token}", f"{token} {token}", f"{token}\n{token}", f"\u00a0{token}\u00a0", f"\u200b{token}", f"\ufeff{token}",
            f"{token}\u2028", f"\x0b{token}\x0c", f"{token}\x1c", f"{token}\u0085", f"{token}\u3000", f"{token}\u2026",
            "hf_****", "$HF_TOKEN", "None", token[:20])


BLANKS = ("", "", " ", "\t", "\n", "\r\n", "  \n ", "\u00a0", "\u3000", "\x1f", "\u200b", "\ufeff")
TRUE_OR_NOT = ("1", "true", "TRUE", "True", "yes", "Yes", "ON", "on", "0", "", "no", "false", "y", "2", " 1", "1 ")
FOLDERS = ("", "{home}/hf", "{home}/hf/", "~/hf", "~", "rel", "./rel", "rel/../rel", "{home}/my files", "$WHERE/hf", "${WHERE}/hf",
           "$NOSUCH/hf", "'{home}/hf'", '"{home}/hf"', " {home}/hf", "{home}//hf", "{home}/hf\u00e9", "~nosuchuser/hf", "$WHERE", "~/$SUB")
TOKEN_PATHS = ("", "{home}/mine", "~/mine", "mine", "sub/mine", "$WHERE/mine", "${SUB}/mine", "'{home}/mine'", "{home}/mine/", "{home}",
               "$NOSUCH", "/nonexistent/mine", "{home}/hf/token", " mine", "~")
BYTES = (b"", b"\n", b" \r\n", b"\xff\xfe", b"hf_\xe9", b"\xef\xbb\xbf", b"\x00", b"hf_testNNNN\x00NNNN")


def variable(draw, token, chance):
    if draw.random() > chance:
        return None
    return draw.choice(BLANKS) if draw.random() < 0.25 else draw.choice(dirty(token))


def content(draw, token):
    chance = draw.random()
    if chance < 0.04:
        return DIRECTORY
    if chance < 0.15:
        return draw.choice(BYTES)
    if chance < 0.22:
        return draw.choice(BLANKS).encode()
    return draw.choice(dirty(token)).encode()


def joined(folder, name):
    """The path below `folder` as a client may have it, for laying a file there; None where no file can be."""
    folder = folder.replace("$WHERE", "{home}").replace("${WHERE}", "{home}").replace("${SUB}", "sub").replace("$SUB", "sub")
    if folder == "~" or folder.startswith("~/"):
        folder = "{home}" + folder[1:]
    if not folder.startswith("{home}") and not folder.startswith("/"):
        folder = "{cwd}/" + folder if folder else "{cwd}"
    path = posixpath.normpath(f"{folder}/{name}")
    return None if path.startswith("/") or path in ("{home}", "{cwd}") else path


def files_for(draw, environment):
    """Tokens at the places that some client would look at, or a person would think that it does."""
    places = [(DEFAULT, FILE), (OLD, OTHER)]
    for name, tail, token in (("HF_HOME", "token", OTHER), ("XDG_CACHE_HOME", "huggingface/token", PATH), ("HF_TOKEN_PATH", "", PATH)):
        if name in environment:
            places.append((joined(environment[name], tail), token))
            literal = posixpath.normpath(f"{{cwd}}/{environment[name]}/{tail}")
            places.append((None if "{home}" in literal or literal == "{cwd}" else literal, COLAB))
    if environment.get("HUGGINGFACE_CO_STAGING"):
        places.append(("{home}/.cache/huggingface_staging/token", OTHER))
    files = {}
    for path, token in places:
        taken = path is None or any(path == other or other.startswith(path + "/") or path.startswith(other + "/") for other in files)
        if not taken and draw.random() < 0.6:
            files[path] = content(draw, token)
    if files and draw.random() < 0.05:
        path = draw.choice(list(files))
        files[path] = Link(draw.choice(("{home}/nowhere", "{home}", "{cwd}/target")))
    return files


def generated(count, seed=SEED):
    draw = random.Random(seed)
    states = []
    for number in range(count):
        environment = {"WHERE": "{home}", "SUB": "sub"}
        for name, token, chance in (("HF_TOKEN", ENV, 0.5), ("HUGGING_FACE_HUB_TOKEN", LEGACY, 0.4), ("HUGGINGFACE_TOKEN", OTHER, 0.1)):
            value = variable(draw, token, chance)
            if value is not None and "\0" not in value:
                environment[name] = value
        for name, values, chance in (("HF_HOME", FOLDERS, 0.3), ("XDG_CACHE_HOME", FOLDERS, 0.2), ("HF_TOKEN_PATH", TOKEN_PATHS, 0.25),
                                     ("HUGGINGFACE_CO_STAGING", TRUE_OR_NOT, 0.06),
                                     ("HF_HUB_DISABLE_IMPLICIT_TOKEN", TRUE_OR_NOT, 0.15),
                                     ("HF_OIDC_RESOURCE", ("", "org/public", "alice", " "), 0.05),
                                     ("VERTEX_PRODUCT", ("COLAB_ENTERPRISE", "", "colab_enterprise"), 0.05)):
            if draw.random() < chance:
                environment[name] = draw.choice(values)
        colab = {"kind": "no_colab"}
        if draw.random() < 0.2:
            kind = draw.choice(("missing", "no_access", "timeout", "present", "present", "present"))
            colab = vault(kind, draw.choice(dirty(COLAB) + BLANKS) if kind == "present" else None)
        states.append(State(f"generated {number}", environment, files_for(draw, environment), colab))
    return states

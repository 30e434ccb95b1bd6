# SPDX-License-Identifier: Apache-2.0
"""The repositories that the Hub stand-in has at start: phi-4's tokenizer, and one small repository for each situation."""
from pathlib import Path

from files import File, PackedFile
from repos import Repo

ASSETS = Path(__file__).resolve().parent / "assets"


def _files(*entries):
    return {path: File(path, content if isinstance(content, bytes) else content.encode(), lfs)
            for path, content, lfs in ((*entry, False)[:3] for entry in entries)}


def _small(name):
    return _files(("README.md", f"---\nlicense: mit\n---\n# {name}\n"), (".gitattributes", "*.bin filter=lfs -text\n"),
                  ("config.json", '{"model_type": "test", "name": "%s"}\n' % name),
                  ("sub/folder/notes.txt", f"nested file of {name}\n"),
                  ("weights.bin", bytes(range(256)) * 64, True))


def _xet(name):
    files = _small(name)
    return files | {"model.bin": File("model.bin", b"xet " * 4096, lfs=True, xet=True)}


def _phi4(state):
    folder = ASSETS / "phi-4"
    files = {}
    for source in sorted(folder.iterdir()):
        if source.suffix == ".xz":
            files[source.stem] = PackedFile(source.stem, source, state)
        elif source.suffix == ".json":
            files[source.name] = File(source.name, source.read_bytes())
    files |= _files(("README.md", "---\nlicense: mit\nlibrary_name: transformers\n---\n# Phi-4 (tokenizer only)\n"),
                    (".gitattributes", "tokenizer.json filter=lfs diff=lfs merge=lfs -text\n"))
    return files


RENAMED = {("model", "org/old-name"): "org/new-name"}


def all_repos(state):
    """Every Repo. `state` is the folder for unpacked assets."""
    accepted = {"bob": "accepted", "carol": "accepted"}
    gated = {"gated": "manual", "access": accepted}
    old_version = {"v1": _files(("config.json", '{"model_type": "test", "name": "public", "version": 1}\n'))}
    return [
        Repo("microsoft/phi-4", files=_phi4(state)),
        Repo("org/public", files=_small("public"), tags=old_version),
        Repo("org/private", files=_small("private"), private=True),
        Repo("org/gated", files=_small("gated"), **gated),
        Repo("org/gated-pending", files=_small("gated-pending"), gated="manual", access={"alice": "pending"}),
        Repo("org/gated-rejected", files=_small("gated-rejected"), gated="manual", access={"alice": "rejected"}),
        Repo("org/gated-reset", files=_small("gated-reset"), gated="manual", access={"alice": "reset"}),
        Repo("org/disabled", files=_small("disabled"), disabled=True),
        Repo("org/new-name", files=_small("new-name")),
        Repo("org/gated-auto", files=_small("gated-auto"), gated="auto", access={"bob": "accepted"}),
        Repo("org/xet", files=_xet("xet")),
        Repo("org/data", "dataset", files=_small("data")),
        Repo("org/gated-data", "dataset", files=_small("gated-data"), gated="auto", access={"bob": "accepted"}),
        Repo("org/app", "space", files=_small("app")),
        Repo("org/gated-app", "space", files=_small("gated-app"), **gated),
    ]

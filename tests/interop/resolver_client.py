# SPDX-License-Identifier: Apache-2.0
"""Runs inside the virtual environment with one huggingface_hub first on PYTHONPATH: what does its get_token() return?

In: one JSON line a state, {"environment": {...}, "cwd": path, "colab": {"kind", "value"?}}. Out: one JSON line each,
{"token": hex or null, "raises": exception's name or null, "sent": hex or null}; hex because a token may be any bytes.
`sent` is what an ordinary request would carry; it is left out for versions before 0.20, whose rules were others.

huggingface_hub reads most variables when it is imported, so every state gets a process of its own, forked from one
that has imported only what huggingface_hub itself imports.
"""
import builtins
import importlib
import json
import os
import sys
import types

PRELOADED = ("requests", "httpx", "httpcore", "httpx2", "httpcore2", "yaml", "tqdm.auto", "filelock", "fsspec", "packaging.version", "typer", "rich")


class ColabError(Exception):
    pass


def pretend_colab(colab):
    """Makes huggingface_hub believe that it runs in a Colab notebook with this vault."""
    class SecretNotFoundError(ColabError):
        pass

    class NotebookAccessError(Exception):
        pass

    def get(name):
        kind = colab["kind"]
        if kind == "missing":
            raise SecretNotFoundError(name)
        if kind == "no_access":
            raise NotebookAccessError(name)
        if kind == "timeout":
            raise ColabError(f"Requesting secret {name} timed out.")
        return colab["value"]

    userdata = types.SimpleNamespace(get=get, SecretNotFoundError=SecretNotFoundError, NotebookAccessError=NotebookAccessError)
    package, errors = types.ModuleType("google.colab"), types.ModuleType("google.colab.errors")
    package.userdata, errors.Error = userdata, ColabError
    sys.modules |= {"google": types.ModuleType("google"), "google.colab": package, "google.colab.errors": errors}

    class Shell:
        def __str__(self):
            return "<google.colab._shell.Shell object>"
    builtins.get_ipython = Shell


def asked(state):
    os.chdir(state["cwd"])
    os.environ.clear()
    os.environ.update(state["environment"])
    if state["colab"]["kind"] != "no_colab":
        pretend_colab(state["colab"])
    result = {"token": None, "raises": None}
    try:
        hub = importlib.import_module("huggingface_hub")
        modern = hasattr(hub, "get_token")
        token = hub.get_token() if modern else hub.HfFolder.get_token()
        result["token"] = None if token is None else os.fsencode(token).hex()
        if modern:
            from huggingface_hub.utils import build_hf_headers
            header = build_hf_headers().get("authorization")
            result["sent"] = None if header is None else os.fsencode(header.removeprefix("Bearer ")).hex()
    except Exception as error:
        result["raises"] = type(error).__name__
    return result


def main():
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.write(writer, json.dumps(asked(json.loads(line))).encode())
            os._exit(0)
        os.close(writer)
        with open(reader) as told:
            print(told.read(), flush=True)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Runs inside the virtual environment with one huggingface_hub first on PYTHONPATH: what does its get_token() return?

In: one JSON line a state, {"environment": {...}, "cwd": path, "colab": {"kind", "value"?}}. Out: one JSON line each,
{"token": hex or null, "raises": exception's name or null, "sent": hex or null}; hex because a token may be any bytes.
`sent` is what an ordinary request would carry; it is left out for versions before 0.20, whose rules were others.

huggingface_hub reads most variables when it is imported, so every state gets a process of its own. To be quick these
are forked from one that has imported what a first, discarded child was seen to import, huggingface_hub itself excepted.
"""
import builtins
import gc
import importlib
import json
import os
import sys
import types


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


def in_child(function, *arguments):
    """What `function` returns, computed in a forked process that then ends at once."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with open(writer, "w") as told:
            json.dump(function(*arguments), told)
        os._exit(0)
    os.close(writer)
    with open(reader) as told:
        result = json.load(told)
    os.waitpid(child, 0)
    return result


def imports_of(state):
    """The modules that answering takes, in the order of their import."""
    asked(state)
    return [name for name in sys.modules if name.split(".")[0] not in ("huggingface_hub", "google")]


# In the order in which they use each other; each release has some of them.
READ_ANEW = ("constants", "utils._runtime", "utils._oidc", "_oidc", "utils._hf_folder", "utils._token", "utils._auth", "utils._headers")


def asked_here(state):
    """As asked(), in this process."""
    os.chdir(state["cwd"])
    os.environ.clear()
    os.environ.update(state["environment"])
    for name in ("google", "google.colab", "google.colab.errors"):
        sys.modules.pop(name, None)
    builtins.__dict__.pop("get_ipython", None)
    if state["colab"]["kind"] != "no_colab":
        pretend_colab(state["colab"])
    result = {"token": None, "raises": None}
    try:
        for name in READ_ANEW:
            module = sys.modules.get(f"huggingface_hub.{name}")
            if module is not None:
                importlib.reload(module)
        utils = {name: sys.modules.get(f"huggingface_hub.utils.{name}") for name in ("_auth", "_token", "_hf_folder", "_headers")}
        modern = utils["_auth"] or utils["_token"]
        token = modern.get_token() if modern else utils["_hf_folder"].HfFolder.get_token()
        result["token"] = None if token is None else os.fsencode(token).hex()
        if modern:
            header = utils["_headers"].build_hf_headers().get("authorization")
            result["sent"] = None if header is None else os.fsencode(header.removeprefix("Bearer ")).hex()
    except Exception as error:
        result["raises"] = type(error).__name__
    return result


def all_here():
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.environ.clear()
    hub = importlib.import_module("huggingface_hub")
    _ = hub.HfApi, getattr(hub, "get_token", None)  # some releases import their parts when they are first asked for
    for line in sys.stdin:
        print(json.dumps(asked_here(json.loads(line))))


def main():
    if sys.argv[1:] == ["many"]:
        return all_here()
    first = True
    for line in sys.stdin:
        state = json.loads(line)
        if first:
            for name in in_child(imports_of, state):
                try:
                    importlib.import_module(name)
                except ImportError:
                    pass  # a made-up name, such as six.moves
            gc.collect()
            gc.disable()
            gc.freeze()  # the collector would touch, and so copy, every page in every child
            first = False
        print(json.dumps(in_child(asked, state)), flush=True)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""What a Hub cache holds, as a value that two caches can be compared by, and what must not be left in one."""
import hashlib
import json
import os
import stat

LEFT_OVER = (".incomplete", ".tmp")


def tree_of(cache):
    """path -> ("link", target), ("file", mode, SHA-256) or ("json", value); without locks and folders."""
    tree = {}
    for folder, folders, files in os.walk(cache):
        if folder == str(cache):
            folders[:] = [name for name in folders if name != ".locks"]
        for name in files + [name for name in folders if os.path.islink(os.path.join(folder, name))]:
            path = os.path.join(folder, name)
            tree[os.path.relpath(path, cache)] = _entry(path)
    return tree


def _entry(path):
    if os.path.islink(path):
        return "link", os.readlink(path)
    with open(path, "rb") as file:
        content = file.read()
    if os.path.basename(os.path.dirname(path)) == "trees":
        return "json", json.loads(content)  # each client has its own order of keys and spaces
    if os.path.basename(path) == "CACHEDIR.TAG":
        content = content.splitlines()[0]  # what follows the signature is a comment, each client's own
    return "file", stat.S_IMODE(os.stat(path).st_mode), hashlib.sha256(content).hexdigest()


def left_over(cache):
    """Unfinished files: a download that ended, well or not, leaves none."""
    return sorted(path for path in tree_of(cache) if path.endswith(LEFT_OVER))


def torn(cache):
    """Blobs whose content is not what their name says."""
    return sorted(path for path, entry in tree_of(cache).items()
                  if "/blobs/" in path and entry[0] == "file" and not _is_named(os.path.join(cache, path)))


def _is_named(path):
    with open(path, "rb") as file:
        content = file.read()
    name = os.path.basename(path)
    digest = hashlib.sha256(content) if len(name) == 64 else hashlib.sha1(b"blob %d\0" % len(content) + content)
    return digest.hexdigest() == name

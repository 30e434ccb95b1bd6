# SPDX-License-Identifier: Apache-2.0
"""What the Hub's API tells about a repository: its description, its files page by page. Plain values."""
import base64
import hashlib
import json

from bulk import ManyFiles

PAGE = 1000  # entries of a tree a page; with expand=true 50
EXPANDED_PAGE = 50
MOST_SIBLINGS = 100_000
WHEN = "2026-01-02T03:04:05.000Z"


def repo_info(repo, commit, files, request):
    """GET /api/{kind}s/{id}. `expand` restricts the fields, `blobs` adds sizes and ids."""
    siblings = []
    for path in sorted(files)[:MOST_SIBLINGS]:
        sibling = {"rfilename": path}
        if request.flag("blobs"):
            file = files[path]
            sibling |= {"size": len(file.content), "blobId": file.blob_id}
            if file.lfs:
                sibling["lfs"] = {"sha256": file.told_id, "size": len(file.content), "pointerSize": len(file.pointer)}
        siblings.append(sibling)
    used = 0 if isinstance(files, ManyFiles) else sum(len(file.content) for file in files.values())
    info = {"_id": commit[:24], "id": repo.id, "author": repo.owner, "sha": commit, "private": repo.private,
            "gated": repo.gated, "disabled": repo.disabled, "downloads": 0, "likes": 0, "tags": ["license:mit"],
            "createdAt": WHEN, "lastModified": WHEN, "siblings": siblings, "usedStorage": used}
    if repo.kind == "model":
        info |= {"modelId": repo.id, "pipeline_tag": "text-generation", "library_name": "transformers"}
    if repo.kind == "space":
        info |= {"sdk": "static", "runtime": {"stage": "RUNNING"}}
    wanted = request.query.get("expand[]", []) + request.query.get("expand", [])
    return {key: value for key, value in info.items() if not wanted or key in ("_id", "id", *wanted)}


def entry(files, path, expanded=False):
    """One entry of a listing; a path that ends in "/" is a folder."""
    if path.endswith("/"):
        told = {"type": "directory", "oid": hashlib.sha1(path.encode("utf-8", "surrogatepass")).hexdigest(), "size": 0,
                "path": path[:-1]}
    else:
        file = files[path]
        told = {"type": "file", "oid": file.blob_id if file.lfs else file.told_id, "size": len(file.content), "path": path}
        if file.lfs:
            told["lfs"] = {"oid": file.told_id, "size": len(file.content), "pointerSize": len(file.pointer)}
        if file.xet:
            told["xetHash"] = file.xet_hash
    if expanded:
        told["lastCommit"] = {"id": "0" * 40, "title": "Upload", "date": WHEN}
    return told


def text(files, path, expanded=False):
    """The same as JSON text."""
    if isinstance(files, ManyFiles) and not files.lfs and not expanded and not path.endswith("/"):
        return files.listed(path)
    return json.dumps(entry(files, path, expanded), ensure_ascii=False, separators=(",", ":"))


def paths(files, folder, recursive):
    """What a listing has, folders as "name/" before what is in them; None if there is no such folder."""
    if isinstance(files, ManyFiles):
        return files.paths(folder, recursive)
    prefix = f"{folder}/" if folder else ""
    below = [path for path in sorted(files) if path.startswith(prefix)]
    if folder and not below:
        return None
    found, seen = [], set()
    for path in below:
        parts = path[len(prefix):].split("/")
        for depth in range(1, len(parts) if recursive else min(len(parts), 2)):
            name = prefix + "/".join(parts[:depth]) + "/"
            if name not in seen:
                seen.add(name)
                found.append(name)
        if recursive or len(parts) == 1:
            found.append(path)
    return found


def cursor_of(place):
    return base64.urlsafe_b64encode(json.dumps({"place": place}).encode()).decode()


def place_of(cursor):
    """Where a page begins; None for a cursor that was not ours."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor))["place"]
    except (ValueError, KeyError, TypeError):
        return None
    return place if isinstance(place, int) and place >= 0 else None

# SPDX-License-Identifier: Apache-2.0
"""The repository API of the Hub stand-in: /api/{models|datasets|spaces}/{id}/... No sockets; any thread.

    (nothing), revision/REV     description     tree/REV[/FOLDER]   entries, paged by Link: <...>; rel="next"
    auth-check[/write]          OK or why not   paths-info/REV      entries of the named paths (POST)
    refs                        branches        xet-read-token/REV  a token for Xet storage
"""
import itertools
import json
import time
from urllib.parse import parse_qs, quote, urlencode

import listing
from answers import Answer, as_json, as_text, error, refuse, unauthorized
from content import Stream, settled
from texts import recorded

STREAMED_FROM = 5000  # entries; a longer page is not built in memory
XET_LIFETIME_S = 900
XET_TOKEN = "xet-" + "X" * 40


class RepoApi:
    def __init__(self, hub):
        self._hub = hub
        self.reset()

    def reset(self):
        self.page_size = None  # of trees, whatever a client asks for; None: as the Hub does

    def answer(self, request, caller, repo, rest):
        """`rest`: the path after the repository's id."""
        if rest[:1] == ["auth-check"] and rest[1:] in ([], ["write"]):
            return self._auth_check(repo, caller, write=len(rest) > 1)
        if rest == ["refs"]:
            branches = [{"name": ref, "ref": f"refs/heads/{ref}", "targetCommit": sha} for ref, sha in repo.commits.items()]
            return as_json({"branches": branches, "converts": [], "tags": []})
        if rest and rest[0] not in ("revision", "tree", "paths-info", "xet-read-token"):
            return refuse(recorded("no-page"), api=True)
        revision = rest[1] if len(rest) > 1 else "main"
        found = repo.at(revision)
        if found is None:
            return refuse(recorded("no-revision", revision=revision), api=True)
        commit, files = found
        if rest[:1] == ["tree"]:
            return self._tree(request, files, revision, "/".join(rest[2:]))
        if rest[:1] == ["paths-info"]:
            return as_json(_paths_info(files, _wanted_paths(request), request.flag("expand")))
        if rest[:1] == ["xet-read-token"]:
            return self._xet_token(repo, caller)
        return as_json(listing.repo_info(repo, commit, files, request))

    def _auth_check(self, repo, caller, write):
        blocked = self._hub.blocked(repo, caller, write=write)
        if blocked:
            return refuse(blocked, api=True)
        if write and caller is None:
            return unauthorized(api=True)
        if write and not self._hub.accounts.may_write(caller, repo):
            return refuse(recorded("read-only"), api=True)
        return as_text("OK")

    def _tree(self, request, files, revision, folder):
        found = listing.paths(files, folder, request.flag("recursive"))
        if found is None:
            return error(404, f'{folder} does not exist on "{revision}"', "EntryNotFound", api=True)
        expanded = request.flag("expand")
        most = listing.EXPANDED_PAGE if expanded else listing.PAGE
        size = self.page_size or max(min(request.number("limit", most), most), 1)
        start = listing.place_of(request.query["cursor"][0]) if "cursor" in request.query else 0
        if start is None:
            return error(400, "Invalid cursor", api=True)
        headers = {}
        if start + size < len(found):
            query = {name: values[0] for name, values in request.query.items() if name != "cursor"}
            target = f"{self._hub.endpoint}{request.path}?{urlencode({**query, 'cursor': listing.cursor_of(start + size)})}"
            headers["Link"] = f'<{target}>; rel="next"'
        texts = (listing.text(files, path, expanded) for path in found[start:start + size])
        body = Stream(_json_array(texts))
        if min(size, len(found) - start) < STREAMED_FROM:
            body = settled(body)
        return Answer(200, {"Content-Type": "application/json; charset=utf-8", **headers}, body)

    def _xet_token(self, repo, caller):
        blocked = self._hub.blocked(repo, caller)
        if blocked:
            return refuse(blocked, api=True)
        ends = int(time.time()) + XET_LIFETIME_S
        cas = f"{self._hub.cdn_endpoint}/cas"
        return as_json({"casUrl": cas, "accessToken": XET_TOKEN, "exp": ends},
                       headers={"X-Xet-Cas-Url": cas, "X-Xet-Access-Token": XET_TOKEN, "X-Xet-Token-Expiration": str(ends)})


def _json_array(texts):
    """A JSON array in pieces of a thousand entries."""
    opening = "["
    while batch := list(itertools.islice(texts, 1000)):
        yield (opening + ",".join(batch)).encode("utf-8", "surrogatepass")
        opening = ","
    yield b"]" if opening == "," else b"[]"


def _paths_info(files, wanted, expanded):
    """Entries of the files and folders among the paths; what there is not is left out."""
    told = (path if path in files else f"{path}/" if path and listing.paths(files, path, False) else None
            for path in wanted)
    return [listing.entry(files, path, expanded) for path in told if path]


def _wanted_paths(request):
    try:
        wanted = json.loads(request.body or b"{}")
        return wanted.get("paths", [])
    except (ValueError, AttributeError):
        return [path for name in ("paths", "paths[]") for path in parse_qs(request.body.decode()).get(name, [])]


def xet_headers(hub, repo, commit, file):
    """What a file's answer says of its place in Xet storage."""
    route = f"{hub.endpoint}/api/{repo.kind}s/{repo.id}/xet-read-token/{quote(commit)}"
    return {"X-Xet-Hash": file.xet_hash, "X-Xet-Refresh-Route": route.removeprefix(hub.endpoint),
            "Link": f'<{route}>; rel="xet-auth", <{hub.cdn_endpoint}/cas/reconstruction/{file.xet_hash}>;'
                    ' rel="xet-reconstruction-info"'}

# SPDX-License-Identifier: Apache-2.0
"""What the Hub stand-in answers: plain values, no sockets.

`/api` errors are JSON `{"error": text}`, file errors are text/plain; both repeat the text in X-Error-Message and say the
kind in X-Error-Code, as huggingface.co did in October 2026. The texts are in texts.py.
"""
import json
from dataclasses import dataclass, field

from texts import of_repo, recorded

CHALLENGE = 'Bearer realm="Authentication required", charset="UTF-8"'


@dataclass
class Answer:
    """`body` is bytes, or something of content.py that is sent piece by piece."""
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: object = b""


def as_json(value, status=200, headers=None):
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return Answer(status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)


def as_text(text, status=200, headers=None):
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}, text.encode())


def error(status, text, code=None, *, api, headers=None):
    """An error of the Hub. `api` chooses between the JSON and the text form."""
    told = {"X-Error-Message": text, **(headers or {})}
    if code is not None:
        told["X-Error-Code"] = code
    if status == 401:
        told["WWW-Authenticate"] = CHALLENGE
    return as_json({"error": text}, status, told) if api else as_text(text, status, told)


def refuse(refusal, *, api, headers=None):
    """The answer of a texts.Refusal."""
    return error(refusal.status, refusal.text, refusal.code, api=api, headers=headers)


def unauthorized(*, api):
    return refuse(recorded("invalid"), api=api)


def gate(repo, caller, accounts):
    """The texts.Refusal that stands between `caller` and the files of a gated repository; None if nothing does."""
    if not repo.gated:
        return None
    if caller is None:
        return of_repo("gated-anonymous", repo)
    if not accounts.may_read_gated(caller, repo):
        return recorded("no-gated-scope")
    state = repo.access.get(caller.name, "none")
    return None if state == "accepted" else of_repo(f"gated-{state}", repo)


def ranged(answer, header):
    """`answer` cut to an HTTP Range header; the whole if there is none or it cannot be understood."""
    size = len(answer.body)
    answer.headers["Accept-Ranges"] = "bytes"
    unit, _, spec = (header or "").partition("=")
    first, dash, last = spec.strip().partition("-")
    if unit.strip().lower() != "bytes" or not dash or not (first + last).isdigit():
        return answer
    if first:
        start, stop = int(first), min(int(last) if last else size - 1, size - 1)
    else:
        start, stop = max(size - int(last), 0), size - 1
    if start > stop:
        return Answer(416, {"Content-Range": f"bytes */{size}", "Content-Type": "text/plain; charset=utf-8"},
                      b"Range Not Satisfiable")
    answer.headers["Content-Range"] = f"bytes {start}-{stop}/{size}"
    return Answer(206, answer.headers, answer.body[start:stop + 1])

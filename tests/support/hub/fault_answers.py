# SPDX-License-Identifier: Apache-2.0
"""The faults of faults.py that are another answer than the Hub's. Plain values, no sockets."""
import json
import re
import zlib

from answers import Answer, as_json, refuse
from content import Flipped, Stream, settled
from limits import LIMITED_PAGE, headers_of
from portal import portal_page
from texts import recorded

KINDS = ("status", "message", "limited", "html", "redirect", "headers", "corrupt", "mistype", "endless", "bomb")
OWN = ("X-Request-Id", "X-Powered-By", "RateLimit", "RateLimit-Policy")  # what the Hub's own refusals carry too
FRAMINGS = ("chunked", "close", "length")
FILLER = b"a" * (1 << 16)
ZEROS = bytes(1 << 20)


def check(fault, places):
    """Raises ValueError if the fault cannot be carried out."""
    kind = fault["fault"]
    if kind == "message":
        recorded(fault.get("name"), **fault.get("fields", {}))
    if kind == "redirect":
        missing = set(re.findall(r"{(\w+)}", fault["location"])) - {"target", *places}
        if missing:
            raise ValueError(f"redirect: there is no {', '.join(missing)} here; there are target, {', '.join(places)}")
    if kind == "endless" and fault.get("framing", "chunked") not in FRAMINGS:
        raise ValueError(f"endless: framing is one of {', '.join(FRAMINGS)}")


def replaced(fault, request, answer, places):
    """The answer that the fault gives instead of `answer`, or `answer` itself. `places`: name of an origin -> its URL."""
    make = {"status": _status, "message": _message, "limited": _limited, "html": _html, "redirect": _redirect,
            "headers": _headers, "corrupt": _corrupt, "mistype": _mistype, "endless": _endless, "bomb": _bomb}
    kind = fault["fault"]
    return make[kind](fault, request, answer, places) if kind in make else answer


def _own(answer):
    return {name: value for name, value in answer.headers.items() if name in OWN}


def _status(fault, _request, _answer, _places):
    body = fault.get("body", "")
    answer = Answer(body=body.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}) \
        if isinstance(body, str) else as_json(body)
    answer.status = fault.get("status", 500)
    answer.headers |= fault.get("headers", {})
    return answer


def _message(fault, request, answer, _places):
    given = refuse(recorded(fault["name"], **fault.get("fields", {})), api=request.segments[0] == "api")
    given.headers = {**_own(answer), **given.headers, **fault.get("headers", {})}
    return given


def _limited(fault, request, answer, _places):
    bucket, quota = fault.get("bucket", request.bucket), fault.get("quota", 1000)
    limited = refuse(recorded("limited-account", quota=quota, bucket=bucket), api=request.segments[0] == "api")
    if fault.get("html"):
        limited = Answer(429, {"Content-Type": "text/html; charset=utf-8"}, LIMITED_PAGE)
    limited.headers = {**_own(answer), **limited.headers}
    for name in ("RateLimit", "RateLimit-Policy"):
        limited.headers.pop(name, None)
    if "t" in fault:
        limited.headers |= headers_of(bucket, quota, fault.get("r", 0), fault["t"])
    if "retry_after" in fault:
        limited.headers["Retry-After"] = str(fault["retry_after"])
    return limited


def _html(fault, _request, _answer, _places):
    return portal_page(fault.get("status", 200))


def _redirect(fault, request, answer, places):
    location = fault["location"].replace("{target}", request.target)
    for name, url in places.items():
        location = location.replace(f"{{{name}}}", url)
    kept = {name: value for name, value in answer.headers.items() if not name.startswith("Content-")}
    headers = {**(kept if fault.get("keep") else {}), "Location": location}
    return Answer(fault.get("status", 302), headers, b"Redirecting")


def _headers(fault, _request, answer, _places):
    for name, value in fault.get("headers", {}).items():
        for present in [known for known in answer.headers if known.lower() == name.lower()]:
            del answer.headers[present]
        if value is not None:
            answer.headers[name] = str(value)
    answer.status = fault.get("status", answer.status)
    return answer


def _corrupt(fault, _request, answer, _places):
    answer.body = settled(answer.body)
    if len(answer.body) > 0:
        at = fault.get("at", len(answer.body) // 2)
        answer.body = Flipped(answer.body, min(max(at, 0), len(answer.body) - 1))
    return answer


def _mistype(fault, _request, answer, _places):
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return answer
    wrong = _mistyped(json.loads(settled(answer.body)),
                      fault.get("field"))
    return Answer(answer.status, answer.headers, as_json(wrong).body)


def _mistyped(value, field, hit=False):
    """`value` with every member named `field` (None: every leaf) of another JSON type than it should be."""
    if isinstance(value, dict) and not hit:
        return {name: _mistyped(member, field, name == field) for name, member in value.items()}
    if isinstance(value, list) and not hit:
        return [_mistyped(member, field) for member in value]
    if field is not None and not hit:
        return value
    if isinstance(value, str):
        return {"not": ["a text"]}
    if isinstance(value, (bool, int, float)):
        return "not a number"
    return 5


def _forever(piece):
    while True:
        yield piece


def _endless(fault, _request, answer, _places):
    framing = fault.get("framing", "chunked")
    headers = {name: value for name, value in answer.headers.items() if name not in ("Content-Encoding", "Content-Length")}
    if framing == "length":
        headers["Content-Length"] = str((1 << 63) - 1)
    return Answer(fault.get("status", answer.status), headers, Stream(_forever(FILLER), framing=framing))


def _bomb(fault, _request, answer, _places):
    def packed():
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        for _ in range(max(fault.get("bytes", 1 << 30) // len(ZEROS), 1)):
            yield packer.compress(ZEROS)
        yield packer.flush()
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    return Answer(answer.status, headers, Stream(piece for piece in packed() if piece))

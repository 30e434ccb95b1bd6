# SPDX-License-Identifier: Apache-2.0
"""The faults of faults.py that are another answer than the Hub's. Plain values, no sockets."""
from answers import Answer, as_json, refuse
from limits import LIMITED_PAGE, headers_of
from portal import portal_page
from texts import recorded

KINDS = ("status", "html", "message", "limited")
KEPT = ("X-Request-Id", "X-Powered-By", "RateLimit", "RateLimit-Policy")  # what the Hub's own refusals carry too


def check(fault):
    """Raises ValueError if the fault cannot be carried out."""
    if fault["fault"] == "message":
        recorded(fault.get("name"), **fault.get("fields", {}))


def replaced(fault, request, answer):
    """The answer that the fault gives instead of `answer`; `answer` itself for faults on the wire."""
    kind, api = fault["fault"], request.segments[0] == "api"
    own = {name: value for name, value in answer.headers.items() if name in KEPT}
    if kind == "html":
        return portal_page(fault.get("status", 200))
    if kind == "status":
        return _status(fault)
    if kind == "message":
        given = refuse(recorded(fault["name"], **fault.get("fields", {})), api=api)
        given.headers = {**own, **given.headers, **fault.get("headers", {})}
        return given
    if kind == "limited":
        return _limited(fault, request, own)
    return answer


def _status(fault):
    body = fault.get("body", "")
    answer = Answer(body=body.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}) \
        if isinstance(body, str) else as_json(body)
    answer.status = fault.get("status", 500)
    answer.headers |= fault.get("headers", {})
    return answer


def _limited(fault, request, own):
    bucket, quota = fault.get("bucket", request.bucket), fault.get("quota", 1000)
    answer = refuse(recorded("limited-account", quota=quota, bucket=bucket), api=request.segments[0] == "api")
    answer.headers = {**own, **answer.headers}
    if fault.get("html"):
        answer = Answer(429, {**own, "Content-Type": "text/html; charset=utf-8"}, LIMITED_PAGE)
    if "t" in fault:
        answer.headers |= headers_of(bucket, quota, fault.get("r", 0), fault["t"])
    else:
        for name in ("RateLimit", "RateLimit-Policy"):
            answer.headers.pop(name, None)
    if "retry_after" in fault:
        answer.headers["Retry-After"] = str(fault["retry_after"])
    return answer

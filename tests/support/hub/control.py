# SPDX-License-Identifier: Apache-2.0
"""The control endpoint of the Hub stand-in: what a test orders, and what it may read. No sockets; any thread.

    POST /__control   one order as a JSON object; {"ok": true, ...} or 400 {"error": why}
    GET  /__log       what this origin was asked, oldest first
    GET  /__oauth     codes, logins and refreshes so far

Orders:
    {"fault": KIND, ...}          see faults.py; {"fault": "clear"} puts everything back as at start: faults, logs,
                                  accounts, tokens, gates, quotas
    {"oauth": VERB, ...}          see oauth.py
    {"account": name, "patch": {...}, "refused": text}   changes whoami's answer; makes the fixed token a 401 (text "" undoes)
    {"quota": {bucket: n}}        api | resolvers | pages: so many requests in five minutes
    {"gate": {"repo": id, "account": name, "state": accepted|pending|rejected|reset|none, "kind"?: model}}
"""
import json

from answers import Answer, as_json


class Control:
    def __init__(self, hub, faults, logs):
        """`logs`: those of all origins, for "clear"."""
        self._hub, self._faults, self._logs = hub, faults, logs

    def answer(self, log, request):
        """The answer to a request below /__; `log` is the asked origin's."""
        if request.segments[0] == "__log":
            return as_json(log.entries())
        if request.segments[0] == "__oauth":
            return as_json(self._hub.oauth.report())
        if request.method != "POST":
            return Answer(405, {"Allow": "POST"})
        try:
            told = self._obey(json.loads(request.body))
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            return as_json({"error": f"__control: {wrong}"}, 400)
        return as_json({"ok": True, **(told or {})})

    def _obey(self, order):
        if order.get("fault") == "clear":
            self._faults.clear()
            self._hub.reset()
            for log in self._logs:
                log.clear()
        elif "fault" in order:
            self._faults.add(order)
        elif "oauth" in order:
            return self._hub.oauth.obey(order)
        elif "account" in order:
            self._hub.accounts.change(order["account"], patch=order.get("patch"), refused=order.get("refused"))
        elif "quota" in order:
            for bucket, quota in order["quota"].items():
                self._hub.limits.set_quota(bucket, int(quota))
        elif "gate" in order:
            gate = order["gate"]
            self._hub.repos[gate.get("kind", "model"), gate["repo"]].access[gate["account"]] = gate["state"]
        else:
            raise ValueError("expected one of fault, oauth, account, quota, gate")
        return None

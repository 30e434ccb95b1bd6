# SPDX-License-Identifier: Apache-2.0
"""The control endpoint of the Hub stand-in: what a test orders, and what it may read. No sockets; any thread.

    POST /__control   one order as a JSON object; {"ok": true, ...} or 400 {"error": why}
    GET  /__log       what this origin was asked, oldest first
    GET  /__oauth     codes, logins and refreshes so far
    GET  /__leaks     {"cdn": n, "plain": n}: requests with a credential where none belongs, since the start

Orders:
    {"fault": KIND, ...}   see faults.py; {"fault": "clear"} puts everything back as at start: faults, logs, accounts,
                           tokens, repositories, gates, quotas
    {"oauth": VERB, ...}   see oauth.py
    {"account": name, "patch": {...}, "refused": text}   changes whoami's answer; makes the fixed token a 401 (text "" undoes)
    {"issue": token, "account": name, "auth": {...}, "scopes"?: [...], "expired"?: true}   one more token of an account; `auth` as
                                                          whoami has it
    {"quota": {bucket: n}, "window"?: seconds}           api | resolvers | pages: so many requests in a window (300 s)
    {"gate": {"repo": id, "kind"?: model, "account": name, "state": none|pending|accepted|rejected|reset|asked}}
    {"policy": {"org": name, "account": name, "state": pending|denied|revoked|none}}   of an organization, on private and
                                                                                        gated repositories
    {"repo": {"id": ..., "files": {...}, ...}}           adds or replaces a repository: Repos.add in repos.py
    {"page_size": n}                                     entries of a tree a page, whatever is asked for; null: as the Hub
"""
import json

from answers import Answer, as_json


class Control:
    def __init__(self, hub, faults, logs):
        """`logs`: name of an origin -> its Log."""
        self._hub, self._faults, self._logs = hub, faults, logs

    def answer(self, log, request):
        """The answer to a request below /__; `log` is the asked origin's."""
        if request.segments[0] == "__log":
            return as_json(log.entries())
        if request.segments[0] == "__oauth":
            return as_json(self._hub.oauth.report())
        if request.segments[0] == "__leaks":
            return as_json({name: one.n_leaked for name, one in self._logs.items() if name != "hub"})
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
            for log in self._logs.values():
                log.clear()
        elif order.get("fault") == "release":
            self._faults.release()
        elif "fault" in order:
            self._faults.add(order)
        elif "oauth" in order:
            return self._hub.oauth.obey(order)
        elif "issue" in order:
            self._hub.accounts.order(order["issue"], self._hub.accounts.require(order["account"]), order["auth"],
                                     order.get("scopes"), expired=order.get("expired", False))
        elif "account" in order:
            self._hub.accounts.change(order["account"], patch=order.get("patch"), refused=order.get("refused"))
        elif "quota" in order:
            self._hub.limits.change(order["quota"], order.get("window"))
        elif "gate" in order:
            gate = order["gate"]
            repo = self._hub.repos.require(gate.get("kind", "model"), gate["repo"])
            repo.set_gate(self._hub.accounts.require(gate["account"]), gate["state"])
        elif "policy" in order:
            policy = order["policy"]
            self._hub.accounts.set_policy(policy["org"], policy["account"], policy["state"])
        elif "repo" in order:
            return {"commits": self._hub.repos.add(order["repo"])}
        elif "page_size" in order:
            size = order["page_size"]
            if size is not None and (not isinstance(size, int) or size < 1):
                raise ValueError("page_size is a positive number or null")
            self._hub.repo_api.page_size = size
        else:
            raise ValueError("expected one of fault, oauth, issue, account, quota, gate, policy, repo, page_size")
        return None

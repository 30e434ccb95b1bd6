# SPDX-License-Identifier: Apache-2.0
"""The words of a scenario's `hub`: who is accepted, what repositories answer to whom, and what stands between."""

from machine import Answer
from words import NotUnderstood, Patterns

_STATES = {"pending": "pending", "awaiting": "pending", "rejected": "rejected", "reset": "reset"}
_REPO = r"((?:(?:model|dataset|space)s? )?[\w.-]+/[\w.-]+)"
_WHO = r"(anon(?:ymous)?|[A-Z]\w{0,2})"
_REST = r"((?:\s*\+?\s*[\w'(\"/:-].*)?)"


def _repo(words):
    kind, _, name = words.rpartition(" ")
    return (kind.lower().rstrip("s") or "model"), name


def _who(word):
    return "anon" if word and word.lower().startswith("anon") else word or ""


class Words:
    """The hub's table; `letters` are those of the legend."""

    def __init__(self, letters):
        self.letters = letters
        self.table = Patterns("hub")
        self._identity()
        self._repositories()
        self._network()

    def read(self, text, machine):
        self.table.read(text, machine)

    def _letter(self, word):
        if word not in self.letters:
            raise NotUnderstood("hub", word)
        return word

    def _identity(self):
        on = self.table.on

        @on(r"(?:whoami )?([A-Z])\s*(?:=|->|\s)\s*(\d{3})(?: (\w+))?" + r"(?: with x-request-id)?")
        def status(machine, letter, code, user):
            if machine.repository:
                return False  # "org/gated anon 401, A 200"
            machine.whoami[self._letter(letter)] = (int(code), user or "")
            return True

        @on(r"(?:whoami )?([A-Z])\s*=\s*(fine-?grained )?([a-z]\w*)")
        def user(machine, letter, _, name):
            machine.whoami[self._letter(letter)] = (200, name)

        @on(r"whoami ([A-Z]) (\d{3})( .*)?")
        def whoami_of(machine, letter, code, _):
            machine.whoami[self._letter(letter)] = (int(code), "")

        @on(r"whoami (?:answers )?(\d{3})(?: .*)?")
        def whoami(machine, code):
            if code == "401":
                return  # whoever is told so: the stage has no such account
            if code == "200":
                return
            headers = {"RateLimit": '"api";r=0;t=55', "Retry-After": "55"} if code == "429" else {}
            machine.faults.append({"fault": "status", "path": "/api/whoami-v2", "status": int(code), "headers": headers})

        @on(r"anon(?:ymous)?(?: control| request)? (?:200|OK|works)|control (?:200|OK)|RateLimit ok|token (?:is )?valid")
        def fine(_):
            pass

        @on(r"Basic header -> 401|Bearer ([A-Z]) -> (\d{3})|(?:Basic|netrc).*")
        def header(machine, letter, code):
            if letter:
                machine.whoami[self._letter(letter)] = (int(code), "")

        @on(r"stored \w+ token \{\{(\w+)\}\} of \w+ (\d{3})")
        def stored(machine, letter, code):
            machine.stored.append(("other", self._letter(letter), {}))
            repo = machine.answers[-1] if machine.answers else None
            if repo is None:
                raise NotUnderstood("hub", "a stored token's answer, and no repository before it")
            machine.answers.append(Answer(repo.repo, repo.kind, letter, int(code)))

    def _repositories(self):
        on = self.table.on

        @on(r"(?:repo(?:sitory)? )?" + _REPO + r":? " + _WHO + r"\s*(?:=|->)?\s*(\d{3})" + _REST)
        def who(machine, repo, name, code, rest):
            kind, repo = _repo(repo)
            machine.repository = repo
            machine.answers.append(Answer(repo, kind, _who(name), int(code), rest))

        @on(r"(?:repo(?:sitory)? )?" + _REPO + r":? (\d{3})" + _REST)
        def anybody(machine, repo, code, rest):
            kind, repo = _repo(repo)
            machine.repository = repo
            machine.answers.append(Answer(repo, kind, "", int(code), rest))

        @on(r"(?:repo(?:sitory)? )?" + _REPO + r":? (?:is )?(private|gated|public|missing|disabled)")
        def quality(machine, repo, what):
            kind, repo = _repo(repo)
            machine.repository = repo
            code = {"private": 404, "gated": 401, "public": 200, "missing": 404, "disabled": 403}[what.lower()]
            machine.answers.append(Answer(repo, kind, "anon" if what in ("private", "gated") else "", code, what))

        @on(_WHO + r"\s*(?:=|->)?\s*(\d{3})" + _REST)
        def again(machine, name, code, rest):
            if not machine.answers:
                return False
            last = machine.answers[-1]
            machine.answers.append(Answer(last.repo, last.kind, _who(name), int(code), rest))
            return True

        @on(r"(?:repo \S+: )?\+? ?X-HF-Warning (?:unauthenticated|.*)")
        def warning(_):
            pass

        @on(r"POST (?:commit|upload)(?: (\w))? (\d{3}).*|commit (\d{3}).*|(?:POST )?(?:preupload|write) (\d{3}).*")
        def write(machine, _, one, two, three):
            if "403" not in (one, two, three):
                raise NotUnderstood("hub", f"a write that is answered {one or two or three}")
            machine.write = True

    def _network(self):
        on = self.table.on

        @on(r"not contacted|no requests?|is not asked")
        def untouched(machine):
            machine.reach = "no"

        @on(r"connect(?:ion)? times? ?out|time-?out|times out|unreachable|no route.*")
        def timeout(machine):
            machine.reach = "timeout"

        @on(r"connection refused|down|refuses connections")
        def refused(machine):
            machine.reach = "refused"

        @on(r"DNS (?:fails?|failure|error)(?: .*)?|name (?:look-?up|resolution) fails")
        def dns(machine):
            machine.reach = "dns"
            # A name that nobody knows is asked for; the official one may be known to this machine.
            machine.facts |= {"environment.HF_ENDPOINT": None, "hub.endpoint": "https://huggingface.co"}

        @on(r"(?:connection )?reset(?: by peer)?")
        def reset(machine):
            machine.faults.append({"fault": "reset"})

        @on(r"(?:an )?HTML(?: page| answer| response)?(?: .*)?|captive portal.*|text/html.*")
        def page(machine):
            machine.faults.append({"fault": "html"})

        @on(r"(?:all )?(5\d\d)(?: .*)?|(?:all |Hub answers )(429)(?: .*)?")
        def broken(machine, code, limited):
            if limited:
                machine.faults.append({"fault": "limited", "t": 55})
            else:
                machine.faults.append({"fault": "status", "status": int(code), "body": {"error": "Internal Error"}})

        @on(r"TLS verif(?:y|ication) fails without (?:.*)|TLS (?:is )?(?:by|with) (?:a )?(?:private|corporate) CA")
        def private_authority(machine):
            machine.https = machine.re_signed = True

        @on(r"(?:TLS )?cert(?:ificate)? (expired|wrong name|unknown ca).*")
        def certificate(machine, what):
            machine.https, machine.certificate = True, what.lower().replace(" ", "-")

        @on(r"proxy (?:answers |says )?(407|403|502|503)(?: .*)?|CONNECT (407|403|502)(?: .*)?")
        def proxy(machine, one, two):
            machine.proxy = ["--user", "somebody:" + "p" * 12] if "407" in (one, two) else ["--refuse", one or two]

        @on(r"(?:Date|clock)(?: header)? (?:is )?(?:off by |\+|-|differs by )?(\d+)\s*(s|m|min\w*|h|hours?|d|days?)(?: .*)?")
        def date(machine, number, unit):
            machine.faults.append({"date": int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit[0].lower()]})

        @on(r"(?:cdn|cas|xet|cas/cdn)(?: host)?s? (?:is |are )?(?:blocked|403|unreachable|times? ?out|refused)(?: .*)?")
        def cdn(machine):
            machine.faults.append({"fault": "reset", "origin": "cdn"})

# SPDX-License-Identifier: Apache-2.0
"""The words of a scenario file: what is understood, and that nothing else is."""
import unittest

import context
import expectation
import hub_words
import state
import tokens
from machine import Machine
from words import NotUnderstood, split, value_of

TOKENS = {"A": "hf_alice", "X": "hf_gone"}


def machine_of(text, hub="-", client="py"):
    machine = Machine()
    state.Words(TOKENS, lambda name: "file token={{A}}").read(text, machine)
    hub_words.Words({"A", "X"}).read(hub, machine)
    context.read(client, machine)
    return machine


def report(*findings, state="blocked"):
    return {"findings": [{"id": name, "severity": severity, "is_root": root} for name, severity, root in findings],
            "verdict": {"state": state, "roots": [name for name, _, root in findings if root]}, "incomplete": []}


def complaints(expect_root, must_not, findings, code, **options):
    told = expectation.read({"expect_root": expect_root, "must_not": must_not, "why": options.pop("why", "")})
    return expectation.complaints(told, report(*findings, **options), code, 5)


class Words(unittest.TestCase):
    def test_separators_inside_of_quotes_and_brackets_do_not_count(self):
        self.assertEqual(split('env A="x;y"; file (a; b); c', [";"]), ['env A="x;y"', "file (a; b)", "c"])

    def test_values_are_bytes(self):
        for text, value in (('"{{A}}\\n"', b"hf_alice\n"), ("EF BB BF {{A}}", b"\xef\xbb\xbfhf_alice"), ('" "', b" "),
                            ("\"'{{A}}'\"", b"'hf_alice'"), ("{{A}}\\n", b"hf_alice\n"), ('""', b"")):
            self.assertEqual(value_of(text, TOKENS), value)

    def test_a_letter_that_the_legend_lacks_is_named(self):
        with self.assertRaisesRegex(NotUnderstood, r"\{\{Q\}\}"):
            value_of("{{Q}}", TOKENS)

    def test_states(self):
        machine = machine_of('env HF_TOKEN={{X}}; file token={{A}} 0644; stored work={{A}}; ~/.netrc machine h password {{X}}')
        self.assertEqual(machine.environment, {"HF_TOKEN": b"hf_gone"})
        self.assertEqual(machine.files[0].mode, 0o644)
        self.assertEqual(machine.stored[0][0], "work")
        self.assertEqual(machine.netrc, [("h", "__token__", b"hf_gone")])
        self.assertEqual(machine_of("same files as S22").token_file, b"hf_alice")

    def test_a_repository_that_answers_two_callers(self):
        told = machine_of("none", "org/gated anon 401, A 200").answers
        self.assertEqual([(one.repo, one.who, one.status) for one in told], [("org/gated", "anon", 401), ("org/gated", "A", 200)])
        self.assertEqual(machine_of("none", "A 200; org/gated A 403 GatedRepo").whoami, {"A": (200, "")})

    def test_what_means_nothing_is_said_in_one_line(self):
        for text, hub, client in (("a unicorn", "-", "py"), ("none", "sings", "py"), ("none", "-", "a typewriter")):
            with self.assertRaises(NotUnderstood) as caught:
                machine_of(text, hub, client)
            self.assertNotIn("\n", str(caught.exception))

    def test_legends(self):
        told = tokens.read_legend({"A": "valid alice read", "F": "alice fine-grained without gated read", "X": "revoked"},
                                  ("alice", "bob"))
        self.assertEqual((told["A"].user, told["A"].role, told["F"].gated, told["X"].state), ("alice", "read", False, "revoked"))
        with self.assertRaises(NotUnderstood):
            tokens.read_legend({"Z": "a token of nobody's"}, ("alice",))


class Expectations(unittest.TestCase):
    def test_roots_and_their_severity(self):
        found = (("HFA101", "error", True), ("HFA301", "error", False))
        self.assertEqual(complaints("HFA101", "HFA301 as root", found, 1), [])
        self.assertEqual(len(complaints("HFA101(info)", "HFA301", found, 1)), 2)
        self.assertEqual(len(complaints("HFA301", "-", found, 1)), 1)

    def test_alternatives_and_order(self):
        found = (("HFA101", "error", True), ("HFA402", "error", True))
        self.assertEqual(complaints("HFA307 or HFA402", "-", found, 1), [])
        self.assertEqual(complaints("HFA101 then HFA402", "-", found, 1), [])
        self.assertEqual(len(complaints("HFA402 then HFA101", "-", found, 1)), 1)

    def test_verdicts_and_exit_codes(self):
        info = (("HFA808", "info", True),)
        self.assertEqual(complaints("healthy (HFA808 info)", "HFA808 above info,any error", info, 0, state="healthy"), [])
        self.assertEqual(len(complaints("healthy", "healthy, exit 1", info, 1, state="healthy")), 3)
        self.assertEqual(len(complaints("HFA808", "-", info, 0, why="it must exit 3")), 1)
        with self.assertRaises(NotUnderstood):
            complaints("trouble", "-", info, 0)


if __name__ == "__main__":
    unittest.main()

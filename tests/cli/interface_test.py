# SPDX-License-Identifier: Apache-2.0
"""Help, man page, bash completion: the three must name the same commands and options as the program's own table.

Environment: HFAUTH_BIN (folder of the programs), HFAUTH_SOURCE (the checkout). zsh's file is read by zsh if there is one.
"""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
HFAUTH = BIN / "hfauth"
HOME = tempfile.mkdtemp(prefix="hfauth-interface-")
ENVIRONMENT = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": HOME, "XDG_RUNTIME_DIR": HOME, "LC_ALL": "C.UTF-8"}

Option = collections.namedtuple("Option", "long short value text")


def output_of(*command, **keywords):
    return subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE, text=True, **keywords).stdout


def specification():
    """The table: {command: [Option]}, the global options under "*"."""
    table = {"*": []}
    for line in output_of(HFAUTH, "__complete-spec").splitlines():
        kind, name, *fields = line.split("\t")
        if kind == "command":
            table[name] = []
        else:
            table[name].append(Option(*fields))
    return table


def man_sections():
    """{command or "*": the options that hfauth.1.scd names below it}, from lines such as "\\t*--name* _NAME_"."""
    sections, current, heading = collections.defaultdict(set), None, ""
    for line in (SOURCE / "docs/man/hfauth.1.scd").read_text().splitlines():
        if match := re.match(r"# (.+)", line):
            heading, current = match[1], "*" if match[1] == "OPTIONS OF EVERY COMMAND" else None
        elif heading == "COMMANDS" and (match := re.match(r"\*([a-z-]+(?: [a-z-]+)?)\*", line)):
            current = match[1]
            sections[current]
        elif current and re.match(r"\t\*-" if current != "*" else r"\*-", line):
            sections[current].update(re.findall(r"\*(--?[a-z-]+)\*", line))
    return sections


def completed(*words):
    """What bash offers behind these words; the last one is being typed."""
    script = """
        source "$1"; shift
        COMP_WORDS=(hfauth "$@"); COMP_CWORD=$#; COMPREPLY=()
        _hfauth hfauth; printf '%s\\n' "${COMPREPLY[@]}"
    """
    return set(output_of("bash", "--norc", "-c", script, "bash", SOURCE / "cli/completions/hfauth.bash", *words).split())


class Interface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = specification()
        cls.man = man_sections()

    def names(self, command):
        return {name for option in self.table[command] for name in (option.long, option.short) if name != "-"}

    def test_the_table_is_not_empty(self):
        self.assertIn("login", self.table)
        self.assertIn("--token-stdin", self.names("login"))
        self.assertIn("-q", self.names("*"))

    def test_every_option_has_a_text(self):
        for command, options in self.table.items():
            for option in options:
                self.assertTrue(option.text, f"{command} {option.long}")

    def test_help_shows_exactly_the_options_of_the_table(self):
        for command in self.table.keys() - {"*"}:
            with self.subTest(command=command):
                shown = set()
                for line in output_of(HFAUTH, "help", *command.split()).splitlines():
                    if match := re.match(r"  (-\w, )?(--[\w-]+)", line):
                        shown |= {match[2]} | ({match[1][:2]} if match[1] else set())
                self.assertEqual(shown, self.names(command) | self.names("*"))

    def test_the_man_page_has_exactly_the_commands_and_options_of_the_table(self):
        self.assertEqual(set(self.man) | {"*"}, set(self.table))
        for command in self.table:
            with self.subTest(command=command):
                self.assertEqual(self.man[command], self.names(command))

    def test_bash_completes_exactly_the_commands(self):
        offered = {word for word in completed("") if not word.startswith("-")}
        self.assertEqual(offered, {command.split()[0] for command in self.table.keys() - {"*"}})

    def test_bash_completes_exactly_the_second_words_of_a_group(self):
        names = [command.split() for command in self.table if " " in command]
        for group in {first for first, _ in names}:
            with self.subTest(group=group):
                offered = {second for first, second in names if first == group}
                self.assertEqual({word for word in completed(group, "") if not word.startswith("-")}, offered)
                self.assertEqual({word for word in completed("help", group, "") if not word.startswith("-")}, offered)

    def test_bash_completes_exactly_the_options_of_each_command(self):
        for command in self.table.keys() - {"*"}:
            with self.subTest(command=command):
                self.assertEqual(completed(*command.split(), "-"), self.names(command) | self.names("*"))

    def test_bash_completes_known_values(self):
        self.assertEqual(completed("list", "--format", ""), {"auto", "human", "agent", "json", "quiet"})
        self.assertEqual(completed("exec", "--via", "f"), {"file"})
        self.assertEqual(completed("--lang", "k"), {"ko"})

    def test_man_pages_are_well_formed(self):
        for page in ("hfauth.1", "hfauthd.8"):
            with open(SOURCE / f"docs/man/{page}.scd", "rb") as source:
                self.assertIn(".TH", output_of("scdoc", stdin=source))

    def test_zsh_reads_its_completion(self):
        if not shutil.which("zsh") and os.environ.get("HFAUTH_REQUIRE_ALL") != "1":
            self.skipTest("no zsh on this machine")
        output_of("zsh", "-n", SOURCE / "cli/completions/_hfauth")


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=1)
    shutil.rmtree(HOME, ignore_errors=True)
    sys.exit(not program.result.wasSuccessful())

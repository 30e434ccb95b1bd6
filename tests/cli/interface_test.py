# SPDX-License-Identifier: Apache-2.0
"""Help, man page, bash completion: the three must name the same commands and options as the program's own table.

Environment: HFAUTH_BIN (folder of the programs), HFAUTH_SOURCE (the checkout). zsh's file is read by zsh if there is one.
"""
import collections
import os
import pathlib
import re
import shlex
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
    """The table: {command: [Option]}, the global options under "*"; and {(command, option): [words of its value]}."""
    table, words = {"*": []}, {}
    for line in output_of(HFAUTH, "__complete-spec").splitlines():
        kind, name, *fields = line.split("\t")
        if kind == "command":
            table[name] = []
        elif kind == "option":
            table[name].append(Option(*fields))
        else:
            words[name, fields[0]] = fields[1].split()
    return table, words


def options_below(lines, bullet):
    """The options that are explained in these lines, each at the beginning of one behind `bullet`."""
    return {name for line in lines if line.startswith(f"{bullet}*-") for name in re.findall(r"\*(--?[a-z-]+)\*", line)}


def man_sections():
    """{command or "*": the options that the manual explains}: in hfauth.1 below the command, or on its own page hfauth-COMMAND.1."""
    sections, current, heading = collections.defaultdict(set), None, ""
    for line in (SOURCE / "docs/man/hfauth.1.scd").read_text().splitlines():
        if match := re.match(r"# (.+)", line):
            heading, current = match[1], "*" if match[1] == "OPTIONS OF EVERY COMMAND" else None
        elif heading == "COMMANDS" and (match := re.match(r"\*([a-z-]+(?: [a-z-]+)?)\*", line)):
            current = match[1]
            sections[current]
        elif current:
            sections[current] |= options_below([line], "" if current == "*" else "\t")
    for page in (SOURCE / "docs/man").glob("hfauth-*.1.scd"):
        sections[page.name[len("hfauth-"):-len(".1.scd")]] |= options_below(page.read_text().splitlines(), "")
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
        cls.table, cls.words = specification()
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
        for (command, option), words in self.words.items():
            with self.subTest(command=command, option=option):
                given = [] if command == "*" else command.split()
                if (command, option) != ("doctor", "--format"):  # its own words stand behind those of every command
                    self.assertEqual(completed(*given, option, ""), set(words))
        self.assertEqual(completed("doctor", "--format", "s"), {"sarif"})
        self.assertEqual(completed("exec", "--via", "f"), {"file"})
        self.assertEqual(completed("import", "--from", "git,n"), {"git,netrc"})

    def test_the_known_values_are_those_that_the_program_names_when_it_gets_another(self):
        behind = {"download": ["org/name"], "exec": ["--", "true"], "cache why": ["name"], "cache verify": ["name"],
                  "cache offline": ["name"], "*": ["list"]}
        for (command, option), words in self.words.items():
            if option in ("--only", "--skip", "--ack", "--for", "--context") or (command, option) in (("doctor", "--format"),
                                                                                                      ("tokenize", "--fields")):
                continue  # ids and names of clients, which are one table; and the words of a list that other tests have
            with self.subTest(command=command, option=option):
                given = [] if command == "*" else command.split()
                run = subprocess.run([HFAUTH, *given, option, "nonsense", *behind.get(command, [])], env=ENVIRONMENT, text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual(run.returncode, 2)
                named = re.search(r"nonsense: (?:one of )?([\w, -]+)", run.stderr)[1].split(", perhaps ")[0]
                self.assertEqual(re.split(r", | or ", named), words)

    @unittest.skipUnless(shutil.which("fish") or os.environ.get("HFAUTH_REQUIRE_ALL") == "1", "no fish on this machine")
    def test_fish_completes_what_bash_completes(self):
        def by_fish(line):
            script = f"source {SOURCE}/cli/completions/hfauth.fish; complete -C {shlex.quote(line)}"
            return {offered.split("\t")[0] for offered in output_of("fish", "--no-config", "-c", script).splitlines()}

        self.assertEqual(by_fish("hfauth "), completed("") - {word for word in completed("") if word.startswith("-")})
        for words in (["login", "-"], ["cache", "ls", "-"], ["cache", ""], ["doctor", "--fail-on", ""], ["list", "--lang", ""],
                      ["import", "--from", "git,n"], ["help", "cache", ""], ["auth", "login", "--"]):
            with self.subTest(words=words):
                offered = {word for word in completed(*words) if words[-1] or not word.startswith("-")}
                self.assertEqual(by_fish("hfauth " + " ".join(words)), offered)
        self.assertEqual(by_fish("hfauth export --as=j"), {"--as=json"})

    def test_man_pages_are_well_formed(self):
        for page in (SOURCE / "docs/man").glob("*.scd"):
            with open(page, "rb") as source:
                self.assertIn(".TH", output_of("scdoc", stdin=source))

    def test_zsh_reads_its_completion(self):
        if not shutil.which("zsh") and os.environ.get("HFAUTH_REQUIRE_ALL") != "1":
            self.skipTest("no zsh on this machine")
        output_of("zsh", "-n", SOURCE / "cli/completions/_hfauth")


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=1)
    shutil.rmtree(HOME, ignore_errors=True)
    sys.exit(not program.result.wasSuccessful())

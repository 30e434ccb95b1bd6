#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# The real hfauthd with a configuration file, an audit and watchers (running_agent.py). Standard library only.
"""Run by ctest with HFAUTH_BIN set to the folder of the programs."""

import json
import os
import signal
import stat
import subprocess
import sys

from running_agent import AGENT, TOKEN, Case, main, wait_until

HFAUTH = os.path.join(os.environ["HFAUTH_BIN"], "hfauth")


class WithRules(Case):
    def setUp(self):
        super().setUp()
        self.folder = os.path.join(self.root, "home", ".config", "hfauth")
        os.makedirs(self.folder, 0o700)
        self.config = os.path.join(self.folder, "config.toml")

    def write(self, text):
        """As editors do: a new file that takes the old one's place."""
        with open(self.config + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.config + ".new", self.config)

    def environment(self):
        return {"HOME": os.path.join(self.root, "home"), "XDG_RUNTIME_DIR": os.path.join(self.root, "run"),
                "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HFAUTH_STORE": "memory"}

    def hfauth(self, *words, status=0, **more):
        done = subprocess.run([HFAUTH, *words], env=self.environment(), capture_output=True, text=True, check=False, **more)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertNotIn(TOKEN, done.stderr)
        return done.stdout

    def status_of(self, agent):
        return agent.connect().call("Status")["parameters"]

    def wait_for_config(self, agent, wanted):
        wait_until(lambda: self.status_of(agent)["config"].startswith(wanted), f"configuration: {wanted}")


class Configuration(WithRules):
    def test_a_change_is_taken_at_once_and_a_mistake_keeps_the_rules_before(self):
        agent = self.start()
        client = agent.connect()
        client.add("alice")
        client.add("work")
        client.call("SetDefault", profile="alice")
        self.assertEqual(self.status_of(agent)["config"], "none")
        self.write('[[route]]\nrepo = "org/*"\nprofile = "work"\n')
        self.wait_for_config(agent, "ok")
        token = client.call("GetToken", repo="org/x", endpoint="https://huggingface.co")
        self.assertEqual(token["parameters"]["record"]["profile"], "work")
        self.write('[[route]]\nrepo = "org/*"\nprofil = "alice"\n')
        self.wait_for_config(agent, "config.toml:1: [[route]] needs \"profile\" (and 1 more)")
        token = client.call("GetToken", repo="org/x")
        self.assertEqual(token["parameters"]["record"]["profile"], "work")
        self.assertIn("the rules before hold: config.toml:1", agent.log_text())
        os.unlink(self.config)
        self.wait_for_config(agent, "none")
        token = client.call("GetToken", repo="org/x")
        self.assertEqual(token["parameters"]["record"]["profile"], "alice")

    def test_a_file_that_is_written_in_place_or_behind_a_link_is_noticed(self):
        dotfiles = os.path.join(self.root, "home", "dotfiles")
        os.mkdir(dotfiles, 0o700)
        target = os.path.join(dotfiles, "hfauth.toml")
        with open(target, "w", encoding="utf-8") as file:
            file.write('[lock]\nidle = "1 h"\n')
        os.symlink(target, self.config)
        agent = self.start()
        self.assertEqual(self.status_of(agent)["config"], "ok")
        self.assertIsNotNone(self.status_of(agent)["locks_at"])
        with open(target, "w", encoding="utf-8") as file:
            file.write("[lock]\nidles = 3\n")
        self.wait_for_config(agent, 'config.toml:2: unknown key "idles" in [lock]; did you mean "idle"?')
        os.chmod(target, 0o666)
        self.wait_for_config(agent, self.config + " can be changed by others")

    def test_an_agent_that_begins_with_a_wrong_file_gives_nothing_until_it_is_mended(self):
        with open(os.path.join(self.folder, "default-lease"), "w", encoding="utf-8"):
            pass
        self.write('[[policy]]\naction = "dney"\n')
        agent = self.start()
        client = agent.connect()
        client.add("alice")
        for method in ("GetToken", "OpenLease"):
            denied = client.call(method)
            self.assertEqual(denied["error"], AGENT + "Denied")
            self.assertIn("config.toml:2: ", denied["parameters"]["reason"])
        self.assertEqual(client.call("Which")["parameters"]["decision"], "deny")
        self.assertFalse(os.path.exists(self.lease()))
        told = json.loads(self.hfauth("status", "--format", "json"))
        self.assertIn("closed: config.toml:2: ", told["config"])
        self.assertEqual((told["audit"], told["locks_at"]), ("ok", None))
        self.assertIn("no token is given until this is mended: config.toml:2: ", " ".join(self.hfauth("status").split()))
        self.write('[[policy]]\naction = "allow"\n')
        self.wait_for_config(agent, "ok")
        self.assertIn("token", client.call("GetToken")["parameters"])
        self.assertTrue(os.path.exists(self.lease()))
        self.write('[[policy]]\naction = "deny"\nprogram = "/bin/evil"\n')
        wait_until(lambda: not os.path.exists(self.lease()), "the end of a lease that every program could read")
        told = "config.toml:1 does not let every program have the token of profile alice"
        wait_until(lambda: told in agent.log_text(), "the reason in the log")

    def test_a_folder_that_others_can_write_is_not_used(self):
        self.write('[[policy]]\naction = "deny"\n')
        os.chmod(self.folder, 0o777)
        agent = self.start()
        self.assertIn("can be changed by others", self.status_of(agent)["config"])
        os.chmod(self.folder, 0o700)
        self.wait_for_config(agent, "ok")

    def test_it_locks_by_itself(self):
        self.write('[lock]\nidle = "1 s"\n')
        agent = self.start()
        client = agent.connect()
        client.add()
        client.call("OpenLease")
        wait_until(lambda: not os.path.exists(self.lease()), "the end of the lease")
        self.assertEqual(client.call("GetToken")["error"], AGENT + "Locked")
        self.assertTrue(self.status_of(agent)["locked"])
        entries = client.call("Audit")["parameters"]["entries"]
        self.assertEqual([entry["rule"] for entry in entries if entry["event"] == "Lock"], ["idle"])
        client.call("Unlock")
        self.assertFalse(self.status_of(agent)["locked"])


class Logind(WithRules):
    """Sleep and lock of the session, by a private bus with a stand-in for systemd-logind."""

    def start_logind(self):
        bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(bus.wait)
        self.addCleanup(bus.terminate)
        self.addCleanup(bus.stdout.close)
        self.bus = {"DBUS_SYSTEM_BUS_ADDRESS": bus.stdout.readline().strip()}
        logind = subprocess.Popen([os.path.join(os.environ["HFAUTH_BUILD"], "tests", "fake_logind")], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True, env={**os.environ, **self.bus})
        self.addCleanup(logind.wait)
        self.addCleanup(logind.terminate)
        self.addCleanup(logind.stdout.close)
        self.addCleanup(logind.stdin.close)
        self.assertEqual(logind.stdout.readline(), "ready\n")
        return logind

    def order(self, logind, word):
        logind.stdin.write(word + "\n")
        logind.stdin.flush()

    def test_the_machine_sleeps_when_the_tokens_are_wiped(self):
        logind = self.start_logind()
        self.write("[lock]\non_sleep = true\n")
        agent = self.start(environment=self.bus)
        client = agent.connect()
        client.add()
        client.call("OpenLease")
        self.assertEqual(logind.stdout.readline(), "inhibited\n")
        self.order(logind, "lock")  # not asked for
        self.order(logind, "sleep")
        self.assertEqual(logind.stdout.readline(), "released\n")
        self.assertFalse(os.path.exists(self.lease()))
        self.assertEqual(client.call("GetToken")["error"], AGENT + "Locked")
        self.order(logind, "wake")
        self.assertEqual(logind.stdout.readline(), "inhibited\n")
        entries = client.call("Audit")["parameters"]["entries"]
        self.assertEqual([entry["rule"] for entry in entries if entry["event"] == "Lock"], ["sleep"])

    def test_it_locks_with_the_session(self):
        logind = self.start_logind()
        self.write("[lock]\non_screen_lock = true\n")
        agent = self.start(environment=self.bus)
        client = agent.connect()
        client.add()
        self.assertEqual(logind.stdout.readline(), "inhibited\n")
        self.order(logind, "lock")
        wait_until(lambda: self.status_of(agent)["locked"], "the lock")

    def test_without_a_bus_nothing_is_heard_and_nothing_is_said(self):
        self.write("[lock]\non_sleep = true\non_screen_lock = true\n")
        agent = self.start(environment={"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/bus"})
        client = agent.connect()
        self.assertNotIn("error", client.add())
        self.assertNotIn("bus", agent.log_text())


class Policy(WithRules):
    def test_a_denial_names_its_rule_and_is_written_down(self):
        python = os.path.realpath(sys.executable)
        self.write(f'[[policy]]\naction = "allow"\nprogram = "{python}"\nprofile = "alice"\n'
                   '[[policy]]\naction = "deny"\nprofile = "w*"\n')
        agent = self.start()
        client = agent.connect()
        client.add("alice")
        client.add("work")
        self.assertEqual(client.call("GetToken", profile="alice")["parameters"]["token"], TOKEN)
        denied = client.call("GetToken", profile="work")
        self.assertEqual(denied["error"], AGENT + "Denied")
        self.assertEqual(denied["parameters"]["rule"], "config.toml:5")
        self.assertIn(python, denied["parameters"]["reason"])
        self.assertEqual(client.call("OpenLease", profile="work")["error"], AGENT + "Denied")
        last = client.call("Audit")["parameters"]["entries"][-1]
        self.assertEqual((last["event"], last["outcome"], last["rule"], last["program"], last["pid"]),
                         ("OpenLease", "Denied", "config.toml:5", python, os.getpid()))

    def ask_with(self, answer, timeout):
        """A program that writes down what it is asked and then does what the script `answer` says."""
        script = os.path.join(self.root, "ask")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\necho "$1" >> {self.root}/asked\nexec sh {self.root}/answer\n')
        os.chmod(script, 0o700)
        self.answer_with(answer)
        self.write(f'[confirm]\nprogram = ["{script}"]\ntimeout = "{timeout}"\n[[policy]]\naction = "confirm"\n')

    def answer_with(self, text):
        with open(os.path.join(self.root, "answer"), "w", encoding="utf-8") as file:
            file.write(text)

    def test_a_person_confirms_or_does_not(self):
        self.ask_with("exit 0", "60 s")
        client = self.start().connect()
        client.add()
        self.assertEqual(client.call("GetToken", repo="org/x", write=True)["parameters"]["token"], TOKEN)
        with open(os.path.join(self.root, "asked"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r'^Give the Hugging Face token "alice" to /.* to change org/x\?\n$')
        self.answer_with("exit 1")
        denied = client.call("GetToken")
        self.assertEqual((denied["error"], denied["parameters"]["rule"]), (AGENT + "Denied", "config.toml:4"))

    def test_who_takes_too_long_has_denied_it_and_does_not_keep_the_agent(self):
        self.ask_with("exec sleep 600", "1 s")
        agent = self.start()
        client = agent.connect()
        client.add()
        self.assertEqual(client.call("GetToken")["error"], AGENT + "Denied")
        self.assertIn("nobody confirmed in time", agent.log_text())
        client.send_call("GetToken")
        self.assertIn("parameters", agent.connect().call("Status"))
        self.assertEqual(agent.kill(signal.SIGTERM), 0)
        self.assertEqual(client.reply()["error"], AGENT + "Denied")

    def test_without_anybody_to_ask_it_is_denied(self):
        self.write('[[policy]]\naction = "confirm"\n')
        agent = self.start()
        client = agent.connect()
        client.add()
        self.assertEqual(client.call("GetToken")["error"], AGENT + "Denied")


class AuditAndWatch(WithRules):
    def audit_file(self):
        return os.path.join(self.root, "home", ".local", "state", "hfauth", "audit", "audit.jsonl")

    def test_the_audit_outlives_the_agent_and_shows_who_changed_it(self):
        agent = self.start()
        client = agent.connect()
        client.add()
        client.call("GetToken")
        self.assertEqual(agent.kill(signal.SIGTERM), 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.audit_file()).st_mode), 0o600)
        with open(self.audit_file(), encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertEqual([json.loads(line)["event"] for line in lines], ["Add", "GetToken"])
        self.assertNotIn(TOKEN, "".join(lines))
        self.assertIn("2 entries, 1 to 2: the chain is whole.", self.hfauth("audit", "--verify"))
        with open(self.audit_file(), "w", encoding="utf-8") as file:
            file.write(lines[0].replace("alice", "mallory") + "\n" + lines[1] + "\n")
        self.assertIn("audit.jsonl:1: changed", self.hfauth("audit", "--verify", status=1))
        with open(self.audit_file(), "w", encoding="utf-8") as file:
            file.write(lines[0] + "\n")
        found = json.loads(self.hfauth("audit", "--verify", "--format", "json", status=1))
        self.assertEqual((found["whole"], found["broken"]), (False, ["audit.jsonl: cut off: entries 2 to 2 are missing"]))

    def test_the_command_line_shows_it_and_follows(self):
        agent = self.start()
        client = agent.connect()
        client.add()
        client.call("GetToken")
        shown = self.hfauth("audit", "--since", "1h")
        self.assertRegex(shown, r"(?m)^\S+Z  GetToken  alice \[[0-9a-f]{8}\]  \d+ /")
        self.assertEqual(self.hfauth("audit", "--since", "2099-01-01"), "")
        self.hfauth("audit", "--since", "yesterday", status=2)
        with subprocess.Popen([HFAUTH, "audit", "--follow", "--format", "json"], env=self.environment(),
                              stdout=subprocess.PIPE, text=True) as follower:
            self.assertEqual(json.loads(follower.stdout.readline())["event"], "Add")
            self.assertEqual(json.loads(follower.stdout.readline())["event"], "GetToken")
            client.call("Lock")
            self.assertEqual(json.loads(follower.stdout.readline())["event"], "Lock")
            follower.terminate()

    def test_a_watcher_is_told_and_its_end_is_noticed(self):
        agent = self.start()
        client = agent.connect()
        with subprocess.Popen([HFAUTH, "status", "--watch", "--format", "json"], env=self.environment(),
                              stdout=subprocess.PIPE, text=True) as watcher:
            self.assertEqual(json.loads(watcher.stdout.readline())["event"], "watching")
            client.add()
            self.assertEqual(json.loads(watcher.stdout.readline())["event"], "added")
            self.assertEqual(json.loads(watcher.stdout.readline())["event"], "default")
            watcher.terminate()
        wait_until(lambda: self.status_of(agent)["connections"] <= 2, "the watcher's end")

    def test_a_thousand_events_for_watchers_that_do_not_read_stop_nobody(self):
        agent = self.start()
        client = agent.connect()
        client.add()
        deaf = [agent.connect() for _ in range(8)]
        for connection in deaf:
            connection.send(b'{"method":"org.hfauth.Agent.Watch","more":true}\0')
        for _ in range(1000):
            self.assertNotIn("error", client.call("OpenLease"))
            self.assertNotIn("error", client.call("CloseLease"))
        first = deaf[0].reply()
        self.assertTrue(first["continues"])
        self.assertEqual(first["parameters"]["change"]["event"], "watching")
        self.assertEqual(client.call("GetToken")["parameters"]["token"], TOKEN)

    def test_a_watch_ends_with_the_agent(self):
        agent = self.start()
        watcher = agent.connect()
        watcher.send(b'{"method":"org.hfauth.Agent.Watch","more":true}\0')
        self.assertEqual(watcher.reply()["parameters"]["change"]["event"], "watching")
        self.assertEqual(agent.kill(signal.SIGTERM), 0)
        self.assertIsNone(watcher.reply())


class Routes(WithRules):
    def test_the_command_line_sets_shows_explains_and_forgets(self):
        agent = self.start()
        client = agent.connect()
        client.add("alice")
        client.add("work")
        client.call("SetDefault", profile="alice")
        self.hfauth("route", "add", "org/*", "work")
        self.hfauth("route", "add", "org/data", "alice", "--type", "dataset", "--access", "read")
        self.assertIn("org/*", self.hfauth("route", "list"))
        listed = json.loads(self.hfauth("route", "list", "--format", "json"))
        self.assertEqual([(route["repo"], route["name"]) for route in listed], [("org/*", "work"), ("org/data", "alice")])
        shown = self.hfauth("which", "org/x")
        self.assertTrue(shown.startswith("work, hf_"), shown)
        self.assertIn("route org/* -> work: taken", shown)
        self.assertEqual(self.hfauth("which", "https://huggingface.co/datasets/org/data", "--quiet"), "alice\n")
        self.assertEqual(self.hfauth("which", "datasets/org/data", "--write", "--quiet"), "work\n")
        self.assertEqual(self.hfauth("which", "--quiet"), "alice\n")
        self.hfauth("which", "--name", "nobody", status=4)
        self.hfauth("route", "remove", "org/*")
        self.hfauth("route", "remove", "org/*", status=1)
        self.hfauth("route", "add", "org/*", "nobody", status=1)
        self.hfauth("route", "add", "a/b/c", "work", status=2)
        self.assertNotIn(TOKEN, shown)


class Git(WithRules):
    def fill(self, question, *options):
        environment = dict(self.environment(), PATH=os.environ["HFAUTH_BIN"] + ":" + os.environ["PATH"],
                           GIT_TERMINAL_PROMPT="0", GIT_CONFIG_NOSYSTEM="1")
        done = subprocess.run(["git", "-c", "credential.helper=hfauth", *options, "credential", "fill"], env=environment,
                              input=question, capture_output=True, text=True, check=False)
        return dict(line.split("=", 1) for line in done.stdout.splitlines())

    def test_git_gets_the_token_of_the_address_and_of_the_repository(self):
        agent = self.start()
        client = agent.connect()
        other = TOKEN.replace("Qx", "Zw")
        client.add("alice", expires="2036-01-02T03:04:05Z")
        client.add("work", token=other)
        client.call("SetDefault", profile="alice")
        client.call("SetRoute", repo="org/*", profile="work")
        question = "protocol=https\nhost=huggingface.co\npath=org/name.git\n\n"
        given = self.fill(question)
        self.assertEqual((given["username"], given["password"]), ("hf_user", TOKEN))
        with_path = ("-c", "credential.useHttpPath=true")
        self.assertEqual(self.fill(question, *with_path)["password"], other)
        self.assertEqual(self.fill(question.replace("org/name.git", "datasets/org/x"), *with_path)["password"], other)
        self.assertEqual(self.fill(question.replace("org/name.git", "else/x"), *with_path)["password"], TOKEN)
        self.assertNotIn("password", self.fill(question.replace("huggingface.co", "git.example.org")))
        asked = [entry for entry in client.call("Audit")["parameters"]["entries"] if entry["repo"] == "org/name"]
        self.assertEqual([(entry["profile"], entry["access"]) for entry in asked], [("work", "write")])

    def test_what_git_did_with_it_changes_nothing(self):
        for action in ("store", "erase", "later"):
            self.assertEqual(self.hfauth("git-credential", action, input="protocol=https\n\n"), "")
        self.hfauth("git-credential", "get", input="nonsense\n", status=1)
        self.hfauth("git-credential", status=2)


class Stores(WithRules):
    def environment(self):
        variables = super().environment()
        del variables["HFAUTH_STORE"]
        return variables

    def start_chosen(self):
        return self.start(store="", environment={"DBUS_SESSION_BUS_ADDRESS": "disabled:"})

    def test_a_passphrase_locks_the_vault_of_the_next_agent(self):
        agent = self.start_chosen()
        client = agent.connect()
        client.add()
        self.hfauth("store", "passphrase", "set", "--stdin", input="\nopen sesame\n")
        self.assertEqual(client.call("GetToken")["parameters"]["token"], TOKEN)
        self.assertIn("Encrypted under your passphrase", self.hfauth("store", "status"))
        self.assertEqual(agent.kill(), -9)
        agent = self.start_chosen()
        client = agent.connect()
        self.assertEqual(client.call("GetToken")["error"], AGENT + "Locked")
        self.assertEqual(client.call("Unlock", passphrase="open barley")["error"], AGENT + "Denied")
        self.hfauth("unlock", "--passphrase-stdin", input="open sesame\n")
        self.assertEqual(client.call("GetToken")["parameters"]["token"], TOKEN)
        self.hfauth("store", "passphrase", "remove", "--stdin", input="wrong\n", status=1)
        self.hfauth("store", "passphrase", "remove", "--stdin", input="open sesame\n")
        self.assertEqual(agent.kill(), -9)
        self.assertEqual(self.start_chosen().connect().call("GetToken")["parameters"]["token"], TOKEN)

    def test_what_cannot_be_migrated_leaves_everything_as_it_was(self):
        agent = self.start_chosen()
        client = agent.connect()
        client.add()
        self.hfauth("store", "migrate", "--to", "keyring", status=3)
        self.hfauth("store", "migrate", "--to", "vault", status=2)
        self.hfauth("store", "migrate", "--to", "paper", status=2)
        self.assertEqual(client.call("GetToken")["parameters"]["token"], TOKEN)
        self.assertEqual(self.status_of(agent)["store"], "vault")


if __name__ == "__main__":
    main()

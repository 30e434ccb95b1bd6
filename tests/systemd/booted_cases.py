#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` put into place, under a real service manager: the socket, the agent and its sandbox, a reboot, the
# journal. First process of the namespaces that booted.py made; its argument is an empty folder.

import glob
import json
import os
import re
import subprocess
import sys
import threading
import unittest

from container import CannotBoot, Container, User, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX = "/usr/local"
TOKEN = "hf_" + "SystemdToken" + "Qx" * 11
STRAY = "hf_" + "StrayToken" + "Zw" * 12

# `systemd-analyze security`; the agent's is a promise.
MOST_EXPOSED = {"hfauthd.service": 1.5, "hfauth-net.service": 2.0}
MOST_EXPOSED_PORTABLE = 6.5

FORBIDDEN = {
    "internet socket": "EAFNOSUPPORT", "internet socket, version 6": "EAFNOSUPPORT", "netlink socket": "EAFNOSUPPORT",
    "write in the home": "EROFS", "write in the home's .ssh": "EROFS", "write units": "EROFS",
    "write in the cache": "EROFS", "executable memory": "EPERM", "set-user-id bit": "EPERM", "new namespace": "EPERM",
}
ALLOWED = ("unix socket", "write in the runtime folder", "write in the configuration", "write in the data",
           "write in the state")

machine = None  # a Container, booted
ada = None  # its User
closed_by_default = True


def setUpModule():
    global ada, closed_by_default
    ada = User(machine, "hfauth-ada")
    # systemd passes over a mount namespace that it is refused, so what it does is looked at.
    closed_by_default = ada.run("systemd-run", "--user", "--wait", "--quiet", "--property=PrivateUsers=yes",
                                "--property=ProtectHome=read-only", "sh", "-c", "! touch ~/probe",
                                check=False).returncode == 0
    if not closed_by_default:
        install_drop_in()
    ada.systemctl("enable", "--now", "hfauthd.socket")
    if ada.systemctl("is-active", "hfauthd.service", check=False).stdout.strip() != "inactive":
        raise AssertionError("the agent runs before anybody asked")
    # The home of a new account: neither ~/.config nor ~/.local is there. The Hub cannot be asked, hence --force.
    ada.run("hfauth", "login", "--token-stdin", "--force", give=TOKEN + "\n")


def install_drop_in():
    with open(machine.path(f"{PREFIX}/share/hfauth/systemd/hardening-portable.conf"), encoding="utf-8") as drop_in:
        ada.write(".config/systemd/user/hfauthd.service.d/hardening-portable.conf", drop_in.read())
    ada.systemctl("daemon-reload")


def agent_property(name):
    return ada.systemctl("show", "--value", "--property", name, "hfauthd.service").stdout.strip()


def stop_agent():
    """Also forgets how often it was started, of which systemd allows 5 in 10 s."""
    ada.systemctl("stop", "hfauthd.service")
    ada.systemctl("reset-failed", "hfauthd.service", check=False)


def agent_status():
    return json.loads(ada.run("hfauth", "status", "--json").stdout)


def agent_process_status():
    told = machine.run("cat", f"/proc/{agent_property('MainPID')}/status").stdout
    return dict(line.split(":\t", 1) for line in told.splitlines() if ":\t" in line)


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        stop_agent()

    def assert_token_is_served(self):
        self.assertEqual(ada.run("hfauth", "token").stdout.strip(), TOKEN)


class Activation(Case):
    def test_the_first_connection_starts_the_agent(self):
        self.assertEqual(agent_property("ActiveState"), "inactive")
        self.assert_token_is_served()
        self.assertEqual(agent_property("ActiveState"), "active")
        status = agent_status()
        self.assertEqual((status["activation"], str(status["pid"])), ("socket", agent_property("MainPID")))
        self.assertIn("Listening on", agent_property("StatusText"))

    def test_the_next_connection_starts_it_again_after_kill_9(self):
        self.assert_token_is_served()
        for _ in range(3):
            before = agent_property("MainPID")
            machine.run("kill", "-9", before)
            self.assert_token_is_served()
            self.assertNotIn(agent_property("MainPID"), (before, "0"))

    def test_shutdown_leaves_the_socket_to_systemd(self):
        self.assert_token_is_served()
        ada.run("hfauth", "shutdown")
        wait_until(lambda: agent_property("ActiveState") == "inactive", "the agent's end")
        self.assertEqual(ada.systemctl("is-active", "hfauthd.socket").stdout.strip(), "active")
        self.assert_token_is_served()
        self.assertEqual(agent_status()["activation"], "socket")

    def test_nobody_else_can_reach_the_socket(self):
        told = machine.run("setpriv", "--reuid=65534", "--clear-groups", "cat", f"{ada.runtime}/hfauth/agent.sock",
                           check=False)
        self.assertIn("Permission denied", told.stderr)


class Failing(Case):
    """systemd gives the service up after 20 starts in 10 s, and the socket with it: then the command line starts an agent."""

    def tearDown(self):
        ada.run("rm", "-rf", f"{ada.home}/.config/systemd/user/hfauthd.service.d/failing.conf")
        ada.run("hfauth", "shutdown")
        ada.systemctl("daemon-reload")
        ada.systemctl("reset-failed", "hfauthd.service", "hfauthd.socket")
        ada.systemctl("start", "hfauthd.socket")
        self.assert_token_is_served()
        self.assertEqual(agent_status()["activation"], "socket")

    def test_no_command_fails_however_often_the_agent_is_killed(self):
        # Whatever the machine's speed, all of this counts as one interval.
        ada.write(".config/systemd/user/hfauthd.service.d/failing.conf", "[Unit]\nStartLimitIntervalSec=600\n")
        ada.systemctl("daemon-reload")
        ada.systemctl("reset-failed", "hfauthd.service")  # the starts of other tests do not count
        activations = []
        for _ in range(8):
            self.assert_token_is_served()
            status = agent_status()
            activations.append(status["activation"])
            machine.run("kill", "-9", str(status["pid"]))
        self.assertEqual(set(activations), {"socket"})
        self.assert_token_is_served()

    def test_a_command_is_answered_where_the_service_cannot_start(self):
        ada.write(".config/systemd/user/hfauthd.service.d/failing.conf", "[Service]\nExecStart=\nExecStart=/nowhere/hfauthd\n")
        ada.systemctl("daemon-reload")
        self.assert_token_is_served()
        self.assertEqual(agent_status()["activation"], "autospawn")


class Sandbox(Case):
    def setUp(self):
        if not closed_by_default:
            self.skipTest("user or mount namespaces are refused to users here")
        super().setUp()

    def test_what_the_unit_forbids_fails_in_it_and_works_outside(self):
        for folder in (".ssh", ".cache", ".config/systemd/user"):
            ada.run("mkdir", "-p", f"{ada.home}/{folder}")
        with open(machine.path(f"{PREFIX}/lib/systemd/user/hfauthd.service"), encoding="utf-8") as unit:
            text = unit.read()
        probe = f"/usr/bin/python3 {PREFIX}/share/sandbox_probe.py"
        text = re.sub(r"(?m)^(Requires|After|Restart|WatchdogSec)=.*\n", "", text)
        text = re.sub(r"(?m)^ExecStart=.*$", f"ExecStart={probe} %t/hfauth/inside.json", text)
        ada.write(".config/systemd/user/hfauth-probe.service", text.replace("Type=notify", "Type=oneshot"))
        ada.systemctl("daemon-reload")
        ada.systemctl("start", "hfauth-probe.service")
        ada.run("systemd-run", "--user", "--wait", "--quiet", *probe.split(), f"{ada.runtime}/hfauth/outside.json")
        inside, outside = (json.loads(ada.run("cat", f"{ada.runtime}/hfauth/{name}.json").stdout)
                           for name in ("inside", "outside"))
        self.assertEqual({name: inside[name] for name in FORBIDDEN}, FORBIDDEN)
        self.assertEqual({name: inside[name] for name in ALLOWED}, dict.fromkeys(ALLOWED, "done"))
        self.assertEqual({name: outside[name] for name in (*FORBIDDEN, *ALLOWED)},
                         dict.fromkeys((*FORBIDDEN, *ALLOWED), "done"), "the attempt itself is broken")
        self.assertEqual((inside["core limit"], inside["umask"]), ([0, 0], "0o77"))
        self.assertEqual(inside["status"], {"Seccomp": "2", "NoNewPrivs": "1", "CapEff": "0" * 16, "CapBnd": "0" * 16})

    def test_the_agent_itself_is_in_it(self):
        self.assert_token_is_served()
        status = agent_process_status()
        self.assertEqual([status[name] for name in ("Seccomp", "NoNewPrivs", "CapEff", "CapBnd")],
                         ["2", "1", "0" * 16, "0" * 16])

    def test_the_exposure_that_systemd_finds_is_as_promised(self):
        for unit, most in MOST_EXPOSED.items():
            self.assertLessEqual(exposure(unit), most, unit)

    def test_a_refresh_with_nothing_due_works_in_its_own(self):
        ada.systemctl("start", "hfauth-net.service")


def exposure(unit):
    told = ada.run("systemd-analyze", "security", "--user", "--no-pager", unit)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+ \S+)", told.stdout)
    print(f"{unit}: exposure {found.group(1)}", flush=True)
    return float(found.group(1).split()[0])


class PortableDropIn(Case):
    def tearDown(self):
        if closed_by_default:
            stop_agent()
            ada.run("rm", "-r", f"{ada.home}/.config/systemd/user/hfauthd.service.d")
            ada.systemctl("daemon-reload")

    def test_the_agent_works_with_it_and_keeps_what_needs_no_namespace(self):
        install_drop_in()
        self.assert_token_is_served()
        status = agent_process_status()
        self.assertEqual((status["Seccomp"], status["NoNewPrivs"]), ("2", "1"))
        process = agent_property("MainPID")
        self.assertEqual(machine.run("readlink", f"/proc/{process}/ns/user").stdout,
                         machine.run("readlink", "/proc/1/ns/user").stdout)
        self.assertLessEqual(exposure("hfauthd.service"), MOST_EXPOSED_PORTABLE)


class Doctor(Case):
    """What a unit sees is read from systemd, and a unit is neither started nor changed."""

    def findings(self, *words):
        told = ada.run("hfauth", "doctor", "--offline", "--json", *words, check=False)
        self.assertNotIn(STRAY, told.stdout + told.stderr)
        report = json.loads(told.stdout)
        return report, {finding["id"]: finding for finding in report["findings"]}

    def test_a_unit_is_judged_by_its_own_variables(self):
        ada.write(".config/systemd/user/train.service", "[Service]\nExecStart=/bin/sh -c 'sleep 600'\n"
                  f"Environment=HF_TOKEN='{STRAY}' HF_HOME=%h/elsewhere\n")
        ada.write(".config/systemd/user/bare.service", "[Service]\nExecStart=/bin/sh -c 'sleep 600'\n")
        ada.systemctl("daemon-reload")
        report, _ = self.findings("--context", "systemd:train.service")
        self.assertEqual(report["run"]["context"], "systemd:train.service")
        self.assertIn("HF_TOKEN", [source["where"] for token in report["tokens"] for source in token["sources"]])
        report, _ = self.findings("--context", "systemd:bare.service")
        self.assertNotIn("HF_TOKEN", [source["where"] for token in report["tokens"] for source in token["sources"]])
        self.assertEqual(ada.systemctl("is-active", "train.service", check=False).stdout.strip(), "inactive")
        told = ada.run("hfauth", "doctor", "--offline", "--context", "systemd:none.service", check=False)
        self.assertEqual(told.returncode, 1, told.stderr)


class Reboot(Case):
    def test_the_agent_and_the_default_lease_are_back_without_a_login(self):
        ada.write(".config/hfauth/default-lease", "")
        ada.systemctl("enable", "hfauthd.service")
        machine.reboot()
        ada.wait_for_manager()
        lease = f"{ada.runtime}/hfauth/default/token"
        self.assertIn(f"HF_TOKEN_PATH={lease}\n", ada.systemctl("show-environment").stdout)
        wait_until(lambda: ada.run("test", "-s", lease, check=False).returncode == 0, "the default lease")
        told = ada.run("systemd-run", "--user", "--wait", "--quiet", "--pipe", "sh", "-c", 'cat "$HF_TOKEN_PATH"')
        self.assertEqual(told.stdout, TOKEN)
        self.assert_token_is_served()
        self.assertEqual(agent_status()["activation"], "socket")
        self.assertEqual(agent_property("NRestarts"), "0")


class Journal(Case):
    def test_it_has_the_lines_of_the_agent_with_their_priority_and_no_token(self):
        self.assert_token_is_served()
        for request in (STRAY, json.dumps({"method": "org.hfauth.Agent.Add", "parameters": {"token": STRAY}}),
                        json.dumps({"method": STRAY}), "x" * 70000 + STRAY):
            ada.run("/usr/bin/python3", "-c", "import socket, sys\ns = socket.socket(socket.AF_UNIX)\n"
                    "s.connect(sys.argv[1])\ns.sendall(sys.stdin.buffer.read() + b'\\0')\ns.recv(65536)\n",
                    f"{ada.runtime}/hfauth/agent.sock", give=request)
        stop_agent()
        machine.run("logger", "the journal search finds this")
        machine.run("journalctl", "--sync")

        lines = [json.loads(line) for line in
                 machine.run("journalctl", "--output=json", "_SYSTEMD_USER_UNIT=hfauthd.service").stdout.splitlines()]
        told = {(line["MESSAGE"], line["PRIORITY"]) for line in lines if line["_COMM"] == "hfauthd"}
        self.assertIn((f"listening on {ada.runtime}/hfauth/agent.sock", "6"), told)
        self.assertIn(("ending on signal 15", "6"), told)

        whole = machine.run("journalctl", "--output=export", "--all").stdout.encode()
        files = glob.glob(machine.path("/var/log/journal/*/*.journal"))
        self.assertTrue(files)
        for name in files:
            with open(name, "rb") as file:
                whole += file.read()
        self.assertGreater(whole.count(b"the journal search finds this"), 1, "in one of the two forms it is not found")
        for token in (TOKEN, STRAY):
            self.assertNotIn(token.encode(), whole)
            self.assertNotIn(token[:20].encode(), whole)


def load_tests(loader, _tests, _pattern):
    """In this order: the journal is searched when everything else is in it."""
    return unittest.TestSuite(loader.loadTestsFromTestCase(case)
                              for case in (Activation, Failing, Sandbox, PortableDropIn, Doctor, Reboot, Journal))


def end_with_parent():
    """Standard input is a pipe that nobody writes to; its end is that of booted.py. The namespaces end with us."""
    os.read(0, 1)
    os._exit(1)


def main():
    global machine
    threading.Thread(target=end_with_parent, daemon=True).start()
    scratch = sys.argv.pop()
    try:
        machine = Container(scratch)
        subprocess.run(["cmake", "--install", os.environ["HFAUTH_BUILD"], "--prefix", PREFIX],
                       env=dict(os.environ, DESTDIR=machine.root), stdout=subprocess.DEVNULL, check=True)
        with open(os.path.join(HERE, "sandbox_probe.py"), encoding="utf-8") as probe:
            machine.write(f"{PREFIX}/share/sandbox_probe.py", probe.read())
        machine.boot()
    except CannotBoot as refused:
        print(f"skipped: {refused}")
        return 77
    result = unittest.main(exit=False, verbosity=2).result
    machine.power_off()
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())

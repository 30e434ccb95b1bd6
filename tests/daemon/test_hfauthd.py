#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# The real hfauthd from outside (running_agent.py). Standard library only.
"""Run by ctest with HFAUTH_BIN set to the folder of the programs."""

import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import unittest

from running_agent import AGENT, DEADLINE, HFAUTHD, TOKEN, Case, Connection, main, wait_until


class Living(Case):
    def test_listens_where_the_rule_says_with_the_right_modes(self):
        agent = self.start()
        self.assertEqual(agent.ready, "READY")
        self.assertEqual(stat.S_IMODE(os.stat(agent.path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(agent.path)).st_mode), 0o700)

    def test_ends_on_sigterm_without_socket_and_leases(self):
        agent = self.start()
        client = agent.connect()
        client.add()
        client.call("OpenLease")
        with open(self.lease(), encoding="utf-8") as lease:
            self.assertEqual(lease.read(), TOKEN)
        self.assertEqual(agent.kill(signal.SIGTERM), 0)
        self.assertFalse(os.path.exists(agent.path))
        self.assertFalse(os.path.exists(self.lease()))

    def test_no_lease_is_left_when_the_next_agent_can_have_the_lock(self):
        agent = self.start()
        client = agent.connect()
        client.add()
        client.call("OpenLease")
        self.assertTrue(os.path.exists(self.lease()))
        with open(os.path.join(self.root, "run", "hfauth", "hfauthd.lock"), "rb") as lock:
            agent.process.send_signal(signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertFalse(os.path.exists(self.lease()))
        self.assertEqual(agent.wait(), 0)

    def test_shutdown_is_answered_and_ends_it(self):
        agent = self.start()
        self.assertEqual(agent.connect().call("Shutdown"), {"parameters": {}})
        self.assertEqual(agent.wait(), 0)

    def test_a_new_agent_can_start_as_soon_as_shutdown_is_answered(self):
        for _ in range(30):
            agent = self.start()
            waiting = agent.connect()
            self.assertIn("parameters", waiting.call("Status"))
            self.assertEqual(agent.connect().call("Shutdown"), {"parameters": {}})
            self.assertFalse(os.path.exists(agent.path))
            self.assertNotIn("another hfauthd", agent.log_text())

    def test_a_second_agent_leaves_with_status_0_and_one_line(self):
        first = self.start()
        second = self.start()
        self.assertEqual(second.wait(), 0)
        self.assertEqual(second.ready, "READY")
        self.assertIn("another hfauthd serves this user already", second.log_text())
        self.assertIn("parameters", first.connect().call("Status"))

    def test_after_kill_9_the_next_one_takes_over_and_sweeps(self):
        agent = self.start()
        client = agent.connect()
        client.add()
        client.call("OpenLease")
        client.call("OpenLease", profile="alice")
        agent.kill()
        self.assertTrue(os.path.exists(agent.path))
        self.assertTrue(os.path.exists(self.lease()))
        second = self.start()
        self.assertEqual(second.ready, "READY")
        self.assertFalse(os.path.exists(self.lease()))
        self.assertEqual(os.listdir(os.path.join(self.root, "run", "hfauth", "lease")), [])
        self.assertEqual(second.connect().call("List"), {"parameters": {"records": [], "routes": []}})

    def test_an_acknowledged_token_outlives_kill_9_in_the_vault(self):
        agent = self.start(store="vault")
        self.assertIn("parameters", agent.connect().add())
        agent.kill()
        self.assertEqual(self.start(store="vault").connect().call("GetToken")["parameters"]["token"], TOKEN)

    def test_a_stopped_process_with_the_vaults_lock_does_not_keep_it_from_ending(self):
        agent = self.start(store="vault")
        client = agent.connect()
        self.assertNotIn("error", client.add())
        with open(os.path.join(self.root, "home", ".local", "share", "hfauth", "vault.lock"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            client.send_add("bob")
            other = agent.connect()
            for _ in range(2):  # the second round of the loop comes after the one that took the Add
                self.assertNotIn("error", other.call("Status"))
            self.assertEqual(agent.kill(signal.SIGTERM), 0)
        self.assertEqual(client.reply()["error"], AGENT + "StoreTimeout")

    def test_a_deleted_socket_is_made_again(self):
        agent = self.start()
        for _ in range(3):
            os.unlink(agent.path)
            wait_until(lambda: os.path.exists(agent.path), "a new socket")
            self.assertIn("parameters", agent.connect().call("Status"))

    def test_a_deleted_folder_is_made_again(self):
        agent = self.start()
        folder = os.path.dirname(agent.path)
        os.rename(folder, folder + ".gone")  # deleting it name by name would race with the agent's cure
        shutil.rmtree(folder + ".gone")
        wait_until(lambda: os.path.exists(agent.path), "a new socket")
        self.assertIn("parameters", agent.connect().call("Status"))

    def test_without_an_inotify_instance_it_runs_and_still_makes_the_socket_again(self):
        # A user namespace has a limit of its own, so nobody else's instances are taken.
        prefix = ("unshare", "--user", "--map-root-user", "sh", "-c",
                  'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"', "sh")
        if subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("no user namespace here")
        agent = self.start(prefix=prefix)
        self.assertEqual(agent.ready, "READY", agent.log_text())
        os.unlink(agent.path)
        wait_until(lambda: os.path.exists(agent.path), "a new socket")
        self.assertIn("parameters", agent.connect().call("Status"))
        self.assertEqual(agent.log_text().count("inotify"), 1)

    def test_it_steps_down_when_another_program_takes_the_sockets_place(self):
        agent = self.start()
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(agent.path + ".other")
            other.listen()
            os.rename(agent.path + ".other", agent.path)
            self.assertEqual(agent.wait(), 0)
        self.assertTrue(os.path.exists(agent.path))

    def test_a_link_in_the_sockets_place_is_refused_in_one_line(self):
        os.mkdir(os.path.join(self.root, "run", "hfauth"), 0o700)
        os.symlink("/nowhere", os.path.join(self.root, "run", "hfauth", "agent.sock"))
        agent = self.start()
        self.assertTrue(agent.ready.startswith("ERROR "), agent.ready)
        self.assertIn("is not a socket", agent.ready)
        self.assertNotEqual(agent.wait(), 0)

    def test_a_linked_runtime_folder_is_refused(self):
        os.mkdir(os.path.join(self.root, "elsewhere"), 0o700)
        os.symlink(os.path.join(self.root, "elsewhere"), os.path.join(self.root, "run", "hfauth"))
        agent = self.start()
        self.assertTrue(agent.ready.startswith("ERROR "), agent.ready)
        self.assertEqual(os.listdir(os.path.join(self.root, "elsewhere")), [])

    def test_an_idle_agent_ends_when_it_was_asked_to(self):
        self.assertEqual(self.start("--idle-exit", "1", store="vault").wait(), 0)

    def test_without_a_usable_store_it_runs_and_says_why(self):
        agent = self.start(store="secret-service")
        status = agent.connect().call("Status")["parameters"]
        self.assertEqual(status["store"], "none")
        refusal = agent.connect().call("GetToken")
        self.assertEqual(refusal["error"], AGENT + "StoreUnavailable")
        self.assertTrue(refusal["parameters"]["reason"])


class Clients(Case):
    def test_pipelined_requests_are_answered_in_order(self):
        client = self.start().connect()
        client.add()
        client.send(b"".join(json.dumps({"method": AGENT + m}).encode() + b"\0"
                             for m in ["Status", "Fly", "GetToken"] * 100))
        for _ in range(100):
            self.assertIn("pid", client.reply()["parameters"])
            self.assertEqual(client.reply()["error"], "org.varlink.service.MethodNotFound")
            self.assertEqual(client.reply()["parameters"]["token"], TOKEN)

    def test_the_record_beside_a_token_follows_every_change(self):
        client = self.start().connect()
        client.add("alice")
        client.add("bob")

        def told(profile):
            return client.call("GetToken", profile=profile)["parameters"]

        self.assertEqual([told(name)["record"]["is_default"] for name in ("alice", "bob")], [True, False])
        client.call("SetDefault", profile="bob")
        self.assertEqual([told(name)["record"]["is_default"] for name in ("alice", "bob")], [False, True])
        other = TOKEN + "Rx"
        client.add("alice", token=other, replace=True)
        self.assertEqual((told("alice")["token"], told("alice")["record"]["generation"]), (other, 2))

    def test_nonsense_is_answered_and_the_connection_closed(self):
        agent = self.start()
        for data in (b"\0", b"{}\0", b"GET / HTTP/1.1\0", b"\xff\0", b"[" * 9 + b"]" * 9 + b"\0"):
            client = agent.connect()
            client.send(data)
            self.assertEqual(client.reply()["error"], AGENT + "Malformed", data)
            self.assertIsNone(client.reply())

    def test_too_large_a_request_is_answered_and_the_connection_closed(self):
        client = self.start().connect()
        client.send(b"x" * 65537)
        self.assertEqual(client.reply(), {"error": AGENT + "TooLarge", "parameters": {"limit": 65536}})
        self.assertIsNone(client.reply())

    def test_a_request_that_never_ends_does_not_disturb_others(self):
        agent = self.start()
        slow = agent.connect()
        slow.send(b"{")
        for _ in range(100):
            self.assertIn("parameters", agent.connect().call("Status"))
        self.assertEqual(slow.reply()["error"], AGENT + "Timeout")
        self.assertIsNone(slow.reply())

    def test_a_process_has_64_connections_and_frees_them(self):
        agent = self.start()
        held = [agent.connect() for _ in range(64)]
        for client in held:
            self.assertIn("parameters", client.call("Status"))
        self.assertEqual(agent.connect().call("Status")["error"], AGENT + "Busy")
        held.pop().socket.close()
        wait_until(lambda: "parameters" in agent.connect().call("Status"), "a free place")

    def test_another_user_is_refused(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")
        agent = self.start()
        for folder in (self.root, os.path.join(self.root, "run"), os.path.dirname(agent.path)):
            os.chmod(folder, 0o755)
        os.chmod(agent.path, 0o666)
        script = ("import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
                  "s.settimeout(20); print(s.recv(65536)); print(s.recv(1))")
        told = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "/usr/bin/python3", "-c", script,
                               agent.path], capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertIn(AGENT + "Denied", told.stdout, told.stderr)
        self.assertNotIn(TOKEN, told.stdout)

    def test_a_call_without_reply_leaves_the_connection_in_step(self):
        client = self.start().connect()
        client.send(json.dumps({"method": AGENT + "Lock", "oneway": True}).encode() + b"\0")
        self.assertTrue(client.call("Status")["parameters"]["locked"])


# The shadow of a sanitizer is as large as the address space, and what was freed is kept for a while.
is_sanitized = os.environ.get("HFAUTH_SANITIZED") == "ON"


class Secrecy(Case):
    def test_the_process_protects_itself(self):
        agent = self.start()
        with open(f"/proc/{agent.process.pid}/limits", encoding="utf-8") as limits:
            core = [line.split()[4:6] for line in limits if line.startswith("Max core file size")]
        self.assertEqual(core, [["0", "0"]])
        with open(f"/proc/{agent.process.pid}/status", encoding="utf-8") as status:
            self.assertIn("NoNewPrivs:\t1\n", status.readlines())

    def test_the_same_user_cannot_read_its_memory_or_environment(self):
        user = {}
        if os.geteuid() == 0:
            user = {"prefix": ("setpriv", "--reuid", "65534", "--clear-groups")}
            for folder in ("", "home", "run"):
                os.chown(os.path.join(self.root, folder), 65534, -1)
        agent = self.start(**user)
        self.assertEqual(agent.ready, "READY")
        script = ("import sys\nfor name in ('mem', 'environ', 'maps'):\n"
                  "    try:\n        open(f'/proc/{sys.argv[1]}/{name}', 'rb').read(1)\n        print(name)\n"
                  "    except PermissionError:\n        pass\n")
        seen = subprocess.run([*user.get("prefix", ()), "/usr/bin/python3", "-c", script, str(agent.process.pid)],
                              capture_output=True, text=True, timeout=DEADLINE, check=True)
        self.assertEqual(seen.stdout, "")

    def mappings_with(self, pid, token, piece=None):
        """The names of the mappings that hold `token`, or with `piece` any piece of it of that many bytes. Guard pages and the
        like cannot be read and are passed over."""
        size = piece or len(token)
        needles = {token[at:at + size] for at in range(len(token) - size + 1)}
        found = []
        with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                fields = line.split()
                low, high = (int(part, 16) for part in fields[0].split("-"))
                if "r" not in fields[1] or high > 1 << 47:
                    continue
                try:
                    memory.seek(low)
                    content = memory.read(high - low)
                    if any(needle in content for needle in needles):
                        found.append(fields[5] if len(fields) > 5 else "anonymous")
                except OSError as failure:
                    if failure.errno not in (errno.EIO, errno.EFAULT):
                        raise
        return found

    def busy_agent(self):
        agent = self.start(store="vault")
        client = agent.connect()
        client.add()
        client.add(profile="bob", refresh=TOKEN)
        client.call("OpenLease")
        for _ in range(50):
            client.call("GetToken")
            agent.connect().call("GetToken")
        return agent, client

    @unittest.skipIf(is_sanitized, "memory cannot be searched under a sanitizer")
    def test_a_token_is_in_guarded_memory_and_nowhere_else(self):
        if os.geteuid() != 0:
            self.skipTest("only root can look into its memory")
        agent, _ = self.busy_agent()
        found = self.mappings_with(agent.process.pid, TOKEN.encode())
        self.assertTrue(found, "the search does not find what is there")
        self.assertEqual([name for name in found if name != "anonymous"], [])

    @unittest.skipIf(is_sanitized, "memory cannot be searched under a sanitizer")
    def test_after_lock_no_token_is_left_in_the_process(self):
        if os.geteuid() != 0:
            self.skipTest("only root can look into its memory")
        agent, client = self.busy_agent()
        self.assertEqual(client.call("Lock"), {"parameters": {}})
        self.assertEqual(self.mappings_with(agent.process.pid, TOKEN.encode(), piece=16), [])
        self.assertEqual(client.call("Unlock"), {"parameters": {}})
        self.assertEqual(client.call("GetToken")["parameters"]["token"], TOKEN)


class Systemd(Case):
    def test_is_started_by_the_first_connection_to_a_socket_of_systemd(self):
        if shutil.which("systemd-socket-activate") is None:
            self.skipTest("systemd-socket-activate is not installed")
        folder = os.path.join(self.root, "run", "hfauth")
        os.mkdir(folder, 0o700)
        path = os.path.join(folder, "agent.sock")
        log = os.path.join(self.root, "log")
        variables = [f"-EHOME={self.root}/home", f"-EXDG_RUNTIME_DIR={self.root}/run", "-EHFAUTH_STORE=memory"]
        with open(log, "wb") as output:
            process = subprocess.Popen(["systemd-socket-activate", "-l", path, *variables, HFAUTHD], stderr=output)
        try:
            wait_until(lambda: os.path.exists(path), "the socket of systemd-socket-activate")
            client = Connection(path)
            self.assertEqual(client.call("Status")["parameters"]["activation"], "socket")
            self.assertEqual(client.call("Shutdown"), {"parameters": {}})
            self.assertEqual(process.wait(DEADLINE), 0)
            self.assertTrue(os.path.exists(path), "the socket is systemd's and must stay")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def test_tells_systemd_when_it_is_ready_alive_and_stopping(self):
        address = os.path.join(self.root, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(address)
            manager.settimeout(DEADLINE)
            agent = self.start(environment={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "200000"})
            self.assertIn("READY=1", manager.recv(4096).decode())
            self.assertEqual(manager.recv(4096).decode(), "WATCHDOG=1")
            self.assertEqual(manager.recv(4096).decode(), "WATCHDOG=1")
            agent.process.send_signal(signal.SIGTERM)
            told = ""
            while told != "STOPPING=1":
                told = manager.recv(4096).decode()
            self.assertEqual(agent.wait(), 0)


if __name__ == "__main__":
    main()

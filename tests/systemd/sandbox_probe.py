# SPDX-License-Identifier: Apache-2.0
#
# Run inside a unit: tries what an agent never has to do, and writes what came of each as JSON to the file named.

import errno
import json
import mmap
import os
import resource
import socket
import subprocess
import sys

HOME = os.environ["HOME"]


def made_socket(family):
    return lambda: socket.socket(family, socket.SOCK_RAW if family == socket.AF_NETLINK else socket.SOCK_STREAM).close()


def write(path):
    def attempt():
        with open(path, "w", encoding="utf-8"):
            pass
        os.unlink(path)
    return attempt


def executable_memory():
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def set_user_id_bit():
    path = os.path.join(os.environ["XDG_RUNTIME_DIR"], "hfauth", "probe")
    with open(path, "w", encoding="utf-8"):
        pass
    try:
        os.chmod(path, 0o4700)
    finally:
        os.unlink(path)


def new_namespace():
    told = subprocess.run(["unshare", "--user", "true"], capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise PermissionError(errno.EPERM, told.stderr)


ATTEMPTS = {
    "unix socket": made_socket(socket.AF_UNIX),
    "write in the runtime folder": write(os.path.join(os.environ["XDG_RUNTIME_DIR"], "hfauth", "probe")),
    "write in the configuration": write(os.path.join(HOME, ".config", "hfauth", "probe")),
    "write in the data": write(os.path.join(HOME, ".local", "share", "hfauth", "probe")),
    "write in the state": write(os.path.join(HOME, ".local", "state", "hfauth", "probe")),
    "internet socket": made_socket(socket.AF_INET),
    "internet socket, version 6": made_socket(socket.AF_INET6),
    "netlink socket": made_socket(socket.AF_NETLINK),
    "write in the home": write(os.path.join(HOME, "probe")),
    "write in the home's .ssh": write(os.path.join(HOME, ".ssh", "probe")),
    "write units": write(os.path.join(HOME, ".config", "systemd", "user", "probe")),
    "write in the cache": write(os.path.join(HOME, ".cache", "probe")),
    "executable memory": executable_memory,
    "set-user-id bit": set_user_id_bit,
    "new namespace": new_namespace,
}


def outcome(attempt):
    try:
        attempt()
    except OSError as failure:
        return errno.errorcode[failure.errno]
    return "done"


def main():
    results = {name: outcome(attempt) for name, attempt in ATTEMPTS.items()}
    with open("/proc/self/status", encoding="utf-8") as status:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
    results["status"] = {name: fields[name] for name in ("Seccomp", "NoNewPrivs", "CapEff", "CapBnd")}
    results["core limit"] = list(resource.getrlimit(resource.RLIMIT_CORE))
    results["umask"] = oct(os.umask(0))
    with open(sys.argv[1], "w", encoding="utf-8") as output:
        json.dump(results, output)


main()

#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The network module as a file: one exported symbol, libcurl behind it, and nothing of that in the programs.

Run by ctest with HFAUTH_BUILD. Needs readelf (binutils).
"""
import os
import subprocess
import sys
from pathlib import Path

BUILD = Path(os.environ["HFAUTH_BUILD"])
MODULE = BUILD / "lib/hfauth/libhfauth_http.so"


def readelf(*arguments):
    return subprocess.run(["readelf", "--wide", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def needed(file):
    return [line.split("[")[1].rstrip("]") for line in readelf("--dynamic", str(file)).splitlines() if "(NEEDED)" in line]


def exported(file):
    """Names of defined global symbols that are ours: weak ones are the C++ library's templates."""
    rows = (line.split() for line in readelf("--dyn-syms", str(file)).splitlines())
    return {row[7].split("@")[0] for row in rows if len(row) == 8 and row[4] == "GLOBAL" and row[6] != "UND"}


def main():
    libraries = needed(MODULE)
    assert any(name.startswith("libcurl.so") for name in libraries), libraries
    assert any(name.startswith("libcrypto.so") for name in libraries), libraries
    assert exported(MODULE) == {"hfauth_network_module"}, exported(MODULE)
    programs = [BUILD / "tests/hub_client", *(BUILD / "bin").glob("*")]
    heavy = ("libcurl", "libssl", "libcrypto", "libhfauth_http")
    for program in programs:
        with open(program, "rb") as file:
            if file.read(4) != b"\x7fELF":
                continue
        linked = [name for name in needed(program) if name.startswith(heavy)]
        assert not linked, f"{program} links {linked}: the module is to be loaded on first use"
    print(f"{MODULE.name}: one symbol; {len(programs)} programs without libcurl")
    return 0


if __name__ == "__main__":
    sys.exit(main())

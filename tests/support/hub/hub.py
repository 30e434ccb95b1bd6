#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for huggingface.co, for tests and the demo: offline, on loopback, answering as the Hub does.

    hub.py [--port N] [--ipv6] [--https] [--certificate good|expired|wrong-name|unknown-ca] [--state DIR] [--ready-file FILE]
           [--until-stdin-closes] [--resolve-cache] [--unlimited]

When it listens it prints one line of JSON, and writes the same to the ready file (atomically, mode 0600):
    {"endpoint": "http://127.0.0.1:PORT", "cdn": "http://localhost:PORT2", "plain": http beside an https hub or null,
     "ca": path or null, "accounts": {name: token, ...}, "pid": n}
Point HF_ENDPOINT at `endpoint`. On a terminal it also says how to go on. It ends on SIGTERM, SIGINT, or with
--until-stdin-closes when its standard input does. README.md says which file has what; `hub.py --help` tells every option,
account, made-up repository and order. Python 3.11, standard library only; --https needs the openssl command.
Exit status: 0, or 2 on wrong use.
"""
import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import accounts
import bulk
import control
import faults
import oauth
import tls
from ending import ending
from server import StandIn

MANUAL = "\n".join(f"{title}\n{'-' * len(title)}\n{module.__doc__}" for title, module in (
    ("Accounts", accounts), ("Repositories made by their names", bulk), ("The control endpoint", control),
    ("Faults", faults), ("OAuth", oauth)))
GUIDE = """
The Hub stand-in listens; Ctrl-C ends it. In another terminal:

  export HF_ENDPOINT={endpoint}{trust}
  hfauth login                      then approve the code at {endpoint}/oauth/device
  printf %s "$TOKEN" | hfauth login --token-stdin     with a token of an account: {names}
  hfauth download org/public        or bulk/many-2000-20K, bulk/big-2G, microsoft/phi-4 (its tokenizer)
  curl -d '{{"fault": "status", "path": "/api/whoami-v2", "status": 503, "times": 2}}' $HF_ENDPOINT/__control
  curl -d '{{"fault": "clear"}}' $HF_ENDPOINT/__control        all as at start
  curl $HF_ENDPOINT/__log                                    what it was asked

Every order, fault, account and option: hub.py --help
"""


def write_atomically(path, text):
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    temporary.replace(path)


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="hub.py", description=__doc__.splitlines()[0], epilog=MANUAL,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="port of the hub; 0 takes a free one")
    parser.add_argument("--ipv6", action="store_true", help="the hub on [::1] instead of 127.0.0.1")
    parser.add_argument("--https", action="store_true", help="serve both origins over TLS with an own CA")
    parser.add_argument("--certificate", choices=tls.KINDS, default="good", help="what certificate to show")
    parser.add_argument("--state", type=Path, help="folder for unpacked assets and certificates; default: a temporary one")
    parser.add_argument("--ready-file", type=Path, help="also write the readiness line here")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    parser.add_argument("--resolve-cache", action="store_true",
                        help="answer small files by a relative redirect to /api/resolve-cache first")
    parser.add_argument("--unlimited", action="store_true", help="quotas that nobody uses up, for measurements")
    return parser.parse_args(arguments)


def guide(ready):
    """What a person at a terminal may do next; `ready` is the readiness line."""
    trust = f"\n  export SSL_CERT_FILE={ready['ca']}" if ready["ca"] else ""
    return GUIDE.format(endpoint=ready["endpoint"], trust=trust, names=", ".join(ready["accounts"]))


def run(options, state):
    context, authority = tls.server_context(state, options.certificate) if options.https else (None, None)
    stand_in = StandIn(state, port=options.port, tls=context, resolve_cache=options.resolve_cache,
                       unlimited=options.unlimited, ipv6=options.ipv6)
    ended = ending(until_stdin_closes=options.until_stdin_closes)
    stand_in.start()
    ready = {"endpoint": stand_in.hub_origin.endpoint, "cdn": stand_in.cdn_origin.endpoint,
             "plain": stand_in.places.get("plain"), "ca": str(authority) if authority else None,
             "accounts": {name: accounts.token_of(name) for name in accounts.NAMES}, "pid": os.getpid()}
    line = json.dumps(ready)
    if options.ready_file:
        write_atomically(options.ready_file, line + "\n")
    print(line, flush=True)
    if sys.stdout.isatty():
        print(guide(ready), file=sys.stderr, flush=True)
    ended.wait()
    stand_in.stop()


def main(arguments=None):
    options = parsed(arguments)
    if options.state:
        options.state.mkdir(parents=True, exist_ok=True)
        run(options, options.state.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="hub-stand-in-") as state:
            run(options, Path(state))
    return 0


if __name__ == "__main__":
    sys.exit(main())

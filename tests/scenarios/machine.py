# SPDX-License-Identifier: Apache-2.0
"""A machine as a scenario describes it: a plain value between the words (state.py, context.py, hub_words.py) and the stage."""
from dataclasses import dataclass, field


@dataclass
class File:
    path: str  # "~/..." or absolute; absolute ones are built below the stage's own root
    content: bytes = b""
    mode: int = 0o600
    late: bool = True  # written after the sessions have started
    kind: str = "file"  # file, directory, fifo, link


@dataclass
class Session:
    """A process that runs beside the doctor."""
    kind: str = "kernel"
    environment: dict = field(default_factory=dict)
    inherits: bool = False  # has the shell's Hub variables too
    arguments: list = field(default_factory=list)  # of its command line, bytes


@dataclass
class Answer:
    """One answer of the Hub on a repository."""
    repo: str
    kind: str  # model, dataset, space
    who: str  # "anon", a letter of the legend, or "" for whoever asks
    status: int
    words: str = ""


@dataclass
class Machine:
    # The state.
    environment: dict = field(default_factory=dict)  # name -> bytes
    token_file: bytes = None  # to be put where the client looks when all variables are known
    files: list = field(default_factory=list)
    stored: list = field(default_factory=list)  # (name, bytes, {"expires": unix, "refresh": text})
    stored_text: str = ""  # instead of what `stored` would make
    netrc: list = field(default_factory=list)  # (host, login, bytes)
    git_helper: bytes = None
    home: str = ""  # "/root": HOME is there
    cwd: str = ""
    sudo: bool = False
    runtime: set = field(default_factory=set)  # Colab, Kaggle, ...
    facts: dict = field(default_factory=dict)  # dotted path -> value: replayed, for what cannot be staged
    sessions: list = field(default_factory=list)
    units: dict = field(default_factory=dict)  # name of a systemd unit -> its variables
    commits: list = field(default_factory=list)  # (path, bytes) committed in the current folder; None: a repository alone
    pasted: list = field(default_factory=list)  # texts that a program printed
    explained: bytes = None  # input of explain instead of the doctor
    re_signed: bool = False  # TLS by an authority that is not the system's
    agent_profiles: list = field(default_factory=list)  # (name, bytes)
    # The Hub.
    answers: list = field(default_factory=list)
    faults: list = field(default_factory=list)  # orders of the control endpoint
    reach: str = "yes"  # yes, timeout, refused, dns, no (must not be asked)
    https: bool = False
    certificate: str = "good"
    proxy: list = None  # options of the proxy; None: there is none
    whoami: dict = field(default_factory=dict)  # letter or "" -> (status, user)
    # The context.
    python: str = ""  # version of huggingface_hub; "" for none that is found
    hfrs: bool = False
    hf: str = ""  # version of huggingface_hub of a command hf in an environment of its own
    clients: list = field(default_factory=list)  # --for
    targets: list = field(default_factory=list)
    write: bool = False
    offline: bool = False
    expected_user: str = ""
    options: list = field(default_factory=list)  # further words of the doctor's command line
    context: str = ""  # --context
    # While it is read.
    repository: str = ""

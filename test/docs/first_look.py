#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The first look of docs/multihoming.md, typed: each command prints what the page says that it prints.

    first_look.py KEDGED KEDGECTL

What stands below "..." is left out there; commands below which nothing stands may print anything, and have to do it.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
HANGS_S = 60


def commands():
    """What is typed behind `k`, and the lines below it."""
    with open(os.path.join(TOP, "docs/multihoming.md"), encoding="utf-8") as page:
        look = page.read().split("\n## A first look\n")[1].split("\n## ")[0]
    for block in re.findall(r"```\n(.*?)```", look, re.DOTALL):
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            typed, _, printed = command.partition("\n")
            if typed.startswith("k "):
                yield typed, printed


def agrees(done, printed):
    said = done.stdout + done.stderr
    if printed.endswith("...\n"):
        return said.startswith(printed[:-len("...\n")])
    return said == printed if printed else done.returncode == 0


def until(what, daemon):
    """Its first result that is none of these: None, False."""
    end = time.monotonic() + HANGS_S
    while time.monotonic() < end and daemon.poll() is None:
        result = what()
        if result:
            return result
        time.sleep(0.05)
    return None


def main(kedged, kedgectl):
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kedge-look-") as folder:
        socket, file = os.path.join(folder, "kedge.sock"), os.path.join(folder, "kedge.yaml")

        def ask(words):
            return subprocess.run([kedgectl, "-s", socket, *words], capture_output=True, text=True, timeout=HANGS_S)

        with open(os.path.join(TOP, "yaml/multihoming.yaml"), encoding="utf-8") as as_it_stands:
            text = as_it_stands.read().replace("/tmp/kedge.sock", socket)
        with open(file, "w", encoding="utf-8") as copy:
            copy.write(text)
        with open(os.path.join(folder, "log"), "w+", encoding="utf-8") as log:
            daemon = subprocess.Popen([kedged, "-c", file], stdout=log, stderr=log)
            try:
                ready = until(lambda: '"ready": true' in ask(["-j", "server", "hello"]).stdout, daemon)
                typed = list(commands())
                for command, printed in typed if ready else []:
                    words = shlex.split(command)[1:]
                    # What a command brings about takes a moment.
                    if printed.startswith("SESSION"):
                        until(lambda words=words, printed=printed: agrees(ask(words), printed), daemon)
                    done = ask(words)
                    if not agrees(done, printed):
                        failed += 1
                        print(f"$ {command}\n{done.stdout}{done.stderr}instead of\n{printed}")
            finally:
                daemon.terminate()
                daemon.wait(HANGS_S)
            log.seek(0)
            if not ready or not typed or daemon.returncode != 0:
                sys.exit(f"first look: kedged ended with {daemon.returncode}\n{log.read()}")
    print(f"first look: {len(typed) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Make the golden cases: for each a folder with case.txt and the capture files of what comes in and what goes out.

The frames that have to go out are built here, by scapy and from the RFCs, and not by asking the node.

    test/pcap/make-cases.py             writes cases/ and wrong/ beside itself
    test/pcap/make-cases.py --check     writes nothing; fails where they differ
"""
import filecmp
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
from edges import EDGES  # noqa: E402 (no bytecode in the source tree)
from flows import FLOWS  # noqa: E402
from forward import FORWARD  # noqa: E402
from fragments import FRAGMENTS  # noqa: E402
from gre import GRE  # noqa: E402
from hostile import HOSTILE  # noqa: E402
from refuse import REFUSE  # noqa: E402
from talk import TALK  # noqa: E402
from wrong import WRONG  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = {"cases": EDGES + FLOWS + FORWARD + FRAGMENTS + GRE + HOSTILE + REFUSE + TALK, "wrong": WRONG}


def files(top):
    return {os.path.relpath(os.path.join(at, f), top) for at, _, names in os.walk(top) for f in names}


def write(top):
    for name, cases in SETS.items():
        shutil.rmtree(os.path.join(top, name), ignore_errors=True)
        for case in cases:
            case.write(os.path.join(top, name))


def same(one, two):
    return os.path.exists(one) and os.path.exists(two) and filecmp.cmp(one, two, shallow=False)


def check():
    """The names of all files, made or there, and of those that are not what they would be made as."""
    with tempfile.TemporaryDirectory() as made:
        write(made)
        every = {os.path.join(name, f) for name in SETS for top in (HERE, made) for f in files(os.path.join(top, name))}
        return every, sorted(f for f in every if not same(os.path.join(HERE, f), os.path.join(made, f)))


def main():
    if sys.argv[1:] != ["--check"]:
        write(HERE)
        return 0
    made, stale = check()
    for name in stale:
        print(f"{name}: not as make-cases.py makes it")
    print(f"pcap-fresh: {len(made) - len(stale)} passed, {len(stale)} failed")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())

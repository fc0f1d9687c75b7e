#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kedge-bench around a node that is a device of DPDK's own: net_ring brings back what it is given, and net_null nothing
of it, but frames of its own without end. What it tells is JSON whatever became of the packets.

    wire.py KEDGE-BENCH
"""
import json
import os
import re
import signal
import subprocess
import sys

failed = 0


def expect(what, right):
    global failed
    if not right:
        failed += 1
        print(f"FAIL {what}")


def command(device, *options):
    cpu = min(os.sched_getaffinity(0))
    return [sys.argv[1], "--no-huge", "--no-shconf", "--no-telemetry", "--no-pci", "-m", "512", "--file-prefix",
            f"wire-{os.getpid()}", "--lcores", f"0@{cpu}", "--log-level", "error", "--vdev", device, "--", "--case", "transit",
            "--flows", "100", "--plain", device, "--plain-next", "02:00:00:00:00:01", "--json", *options]


def numbers(text):
    """Objects, a line each, of JSON as RFC 8259 has it: no number that is none."""
    def refuse(word):
        raise ValueError(word)
    return [json.loads(line, parse_constant=refuse) for line in text.splitlines()]


def periods(p):
    """Packets a second sent and received, of each line that says so."""
    for line in p.stderr:
        match = re.search(r"(\d+) packets a second sent, (\d+) received", line)
        if match:
            yield int(match[1]), int(match[2])


def run(device, wait, *options):
    """Interrupted when it has said what is waited for: what it told, and its exit status."""
    with subprocess.Popen(command(device, "--rate", "2000", "--seconds", "86400", "--stats-period", "0.01", *options),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
        wait(p)
        p.send_signal(signal.SIGINT)
        out, said = p.communicate()
    return numbers(out), said, p.returncode


def came_back(p):
    """More than the one frame in front of all trials does."""
    several = (None for _, received in periods(p) if received > 0)
    for _ in range(5):
        next(several, None)


def went_out(p):
    for line in p.stderr:
        if "nothing came back" in line:
            break
    next((None for sent, _ in periods(p) if sent > 0), None)


def back():
    """All that is sent comes back."""
    told, said, status = run("net_ring0", came_back)
    expect(f"loop: {status} {told} {said}", status == 0 and len(told) == 1)
    one = told[0]
    expect(f"loop: {one}", one["sent"] > 0 and one["received"] == one["sent"] and one["lost"] == one["reordered"] ==
           one["stray"] == 0 and 0 < one["latency_us"]["least"] <= one["latency_us"]["p50"] <= one["latency_us"]["greatest"])


def lost():
    """Nothing comes back, and the link is never silent: a trial ends all the same."""
    told, said, status = run("net_null0", went_out)
    expect(f"null: {status} {told} {said}", status == 0 and len(told) == 1)
    expect(f"null: {told}", told[0]["sent"] > 0 == told[0]["received"] and told[0]["lost"] == told[0]["sent"] and
           set(told[0]["latency_us"].values()) == {0})


def searches():
    """Two trials in which packets went and none was lost are enough; a search that is interrupted found nothing."""
    done = subprocess.run(command("net_ring0", "--rfc2544", "loss", "--rate", "5000", "--seconds", "0.02"),
                          capture_output=True, text=True, check=False)
    trials = numbers(done.stdout)
    expect(f"loss: {done.returncode} {trials} {done.stderr}", done.returncode == 0 and done.stderr == "" and 2 <= len(trials) and
           (len(trials) == 10 or all(t["lost"] == 0 < t["sent"] for t in trials[-2:])))
    told, said, status = run("net_ring0", lambda p: next(periods(p), None), "--rfc2544", "throughput", "--trial", "86400")
    expect(f"interrupted: {status} {told} {said}", status == 1 and told == [] and "interrupted" in said)


back()
lost()
searches()
sys.exit(failed > 0)

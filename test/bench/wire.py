#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kedge-bench around a node that is a device of DPDK's own: net_ring brings back what it is given, and net_null nothing
of it, but frames of its own without end. What it tells is JSON whatever became of the packets.

    wire.py KEDGE-BENCH
"""
import json
import os
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


def bench(device, *options):
    done = subprocess.run(command(device, *options), capture_output=True, text=True, check=False)
    expect(f"{device} {options}: {done.returncode} {done.stderr}", done.returncode == 0)
    return numbers(done.stdout), done.stderr


def back():
    """All that is sent comes back."""
    (one,), said = bench("net_ring0", "--rate", "20000", "--seconds", "0.2", "--stats-period", "0.02")
    expect(f"loop: {one}", one["sent"] > 0 and one["received"] == one["sent"] and one["lost"] == one["reordered"] ==
           one["stray"] == 0 and 0 < one["latency_us"]["least"] <= one["latency_us"]["p50"] <= one["latency_us"]["greatest"])
    expect(f"periods: {said}", " packets a second sent, " in said)
    trials, said = bench("net_ring0", "--rfc2544", "loss", "--rate", "5000", "--seconds", "0.02")
    expect(f"two clean trials are enough: {trials}", len(trials) == 2 and all(t["lost"] == 0 < t["sent"] for t in trials))
    expect(f"no periods: {said}", said == "")


def lost():
    """Nothing comes back, and the link is never silent: a trial ends all the same."""
    (one,), said = bench("net_null0", "--rate", "1000", "--seconds", "0.05")
    expect(f"null: {one} {said}", one["sent"] > 0 == one["received"] and one["lost"] == one["sent"] and
           "nothing came back" in said)
    expect(f"no latency: {one}", set(one["latency_us"].values()) == {0})


def interrupted():
    """A signal in a trial ends it with what is known by then; in a search there is nothing yet."""
    for more, status in (((), 0), (("--rfc2544", "throughput", "--trial", "86400"), 1)):
        with subprocess.Popen(command("net_ring0", "--rate", "1000", "--seconds", "86400", "--stats-period", "0.01", *more),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
            p.stderr.readline()  # it measures
            p.send_signal(signal.SIGINT)
            out, said = p.communicate()
        told = numbers(out)
        expect(f"interrupted: {p.returncode} {out} {said}", p.returncode == status and
               (len(told) == 1 and told[0]["sent"] > 0 if status == 0 else told == [] and "interrupted" in said))


back()
lost()
interrupted()
sys.exit(failed > 0)

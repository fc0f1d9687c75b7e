#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Histories of the simulator as inputs of the fuzzer engine.c: engine_seeds.py KEDGE-SIM OUT SEED ...

A record of two bytes changed in the last message is put behind every fourth op, since histories hold none.
"""
import re
import subprocess
import sys

ROW = re.compile(r'^SIM_OP\(\w+, "([^"]+)", "([^"]*)", "([^"]*)", "([^"]*)"', re.M)
OPS = {name: (kind, keys) for kind, (name, *keys) in
       enumerate(ROW.findall(open(__file__.rsplit("/", 1)[0] + "/../../app/kedge-sim/op.def").read()))}
SCALE = {"ms": 100, "offset": 20, "ppm": 10}


def record(kind, wait_ms, *operands):
    wait = min(wait_ms // 10, 5999)
    return bytes([kind, wait >> 8, wait & 255] + [o & 255 for o in operands] + [0] * (5 - len(operands)))


def plan(text):
    p = {k: int(v) for k, v in re.findall(r"^plan (\w+)=(\d+)", text, re.M)}
    few = min(p.get("mns", 1), 4)
    return bytes([
        p.get("lmas", 1) - 1 | p.get("mags", 2) - 1 << 1 | few - 1 << 3,
        min(p.get("two_interfaces", 0), few, 3) | min(p.get("fixed", 0), few, 3) << 2,
        p.get("wanted", 1) - 1 | min(p.get("asking", 0), 1) << 3 | 7 << 4 | min(p.get("temporal", 0), 1) << 7,
        p.get("lma_sequences", 0) << 2 | p.get("no_timestamps", 0) << 4,
        4 | 5 << 3 | p.get("flow_mobility", 0) << 6 | (p.get("partial", 0) | p.get("hi5", 0)) << 7, 14 | 4 << 4,
        p.get("revocation", 0) | p.get("revoke_left", 0) << 1 | p.get("revokes_all", 0) << 2 | p.get("bulk", 0) << 3
        | p.get("lma_gre", 0) << 4 | p.get("mag_gre", 0) << 6,
        min(p.get("heartbeat_ms", 0) // 1000, 3) | min(p.get("grace_ms", 0) // 500, 3) << 2
        | p.get("keep_dead", 0) << 4])


def encode(text):
    out, last = plan(text), 0
    for n, line in enumerate(re.findall(r"^at (.*)$", text, re.M)[:40]):
        at, name, *pairs = line.split()
        values = dict(pair.split("=") for pair in pairs)
        kind, keys = OPS[name]
        operands = [int(values.get(key, 0)) // SCALE.get(key, 1) for key in keys]
        out += record(kind, int(at) - last, *operands)
        last = int(at)
        if n % 4 == 3:
            out += record(len(OPS), 10, n // 4 % 3, n % 40, 1, n % 24, 2)
    return out


def main():
    program, folder, *seeds = sys.argv[1:]
    for seed in seeds:
        text = subprocess.run([program, "--replay", "--seed", seed], capture_output=True, text=True).stdout
        with open(f"{folder}/history-{seed}", "wb") as f:
            f.write(encode(text))


if __name__ == "__main__":
    main()

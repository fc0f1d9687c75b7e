#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kedge-bench writes the frames of a case to a file, of the sizes that it was asked for, and takes them back from it; a
file that is none is refused with what is wrong with it.

    pcap.py KEDGE-BENCH
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

FLOWS = 120
MIX = {64: 7, 594: 4, 1400: 1}  # in 12
BUSY = 3  # no window was the bench's own
failed = 0


def expect(what, right):
    global failed
    if not right:
        failed += 1
        print(f"FAIL {what}")


def bench(*options):
    cpu = min(os.sched_getaffinity(0))
    return subprocess.run([sys.argv[1], "--no-huge", "--no-shconf", "--no-telemetry", "--no-pci", "-m", "512", "--file-prefix",
                           f"bench-{os.getpid()}", "--lcores", f"0@{cpu}", "--log-level", "error", "--", "--sessions", "1000",
                           "--flows", str(FLOWS), "--seconds", "0.05", "--json", *options],
                          capture_output=True, text=True, timeout=120)


def frames(path):
    with open(path, "rb") as f:
        data = f.read()
    at, out = 24, []
    while at < len(data):
        length, = struct.unpack_from("I", data, at + 8)
        out.append(data[at + 16:at + 16 + length])
        at += 16 + length
    return out


def refused(path, why, data):
    with open(path, "wb") as f:
        f.write(data)
    done = bench("--case", "lma-down", "--from-pcap", path)
    expect(f"{why}: {done.returncode} {done.stderr}", done.returncode == 1 and why in done.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "frames.pcap")
        for case, more in (("lma-down", 0), ("lma-up", 40)):
            expect("written", bench("--case", case, "--size", "imix", "--to-pcap", path).returncode == 0)
            sizes = [len(f) - more for f in frames(path)]
            expect(f"sizes of {case}", len(sizes) == FLOWS and {n: sizes.count(n) for n in set(sizes)} ==
                   {n: share * FLOWS // 12 for n, share in MIX.items()})
            done = bench("--case", case, "--from-pcap", path)
            expect(f"{case} from a file: {done.returncode} {done.stderr}", done.returncode in (0, BUSY))
            expect("as many flows", done.returncode == BUSY or json.loads(done.stdout)["flows"] == FLOWS)
        with open(path, "rb") as f:
            good = f.read()
        # What follows a frame that is cut off is not there.
        with open(path, "wb") as f:
            f.write(good[:-1])
        done = bench("--case", "lma-up", "--from-pcap", path)
        expect("one frame less", done.returncode == BUSY or json.loads(done.stdout)["flows"] == FLOWS - 1)
        # The anchor drops what is none of its own, and says so.
        expect("written", bench("--case", "mag-up", "--to-pcap", path).returncode == 0)
        done = bench("--case", "lma-down", "--from-pcap", path)
        expect(f"dropped by name: {done.returncode} {done.stderr}", "packets dropped: " in done.stderr)
        refused(path, "no pcap file", b"")
        refused(path, "no pcap file", good[:23])
        refused(path, "no pcap file", good[3::-1] + good[4:])
        refused(path, "no Ethernet frames", good[:20] + struct.pack("I", 101) + good[24:])
        refused(path, "no frame that fits", good[:24])
        refused(path, "no frame that fits", good[:24] + struct.pack("IIII", 0, 0, 4000, 4000) + bytes(4000))
        refused(path, "no frame that fits", good[:24] + struct.pack("IIII", 0, 0, 0, 64))
        refused(path, "no frame that fits", good[:24] + struct.pack("IIII", 0, 0, 0xffffffff, 64) + bytes(64))
        done = bench("--case", "lma-down", "--from-pcap", os.path.join(folder, "none"))
        expect("a file that is not there", done.returncode == 1 and "No such file" in done.stderr)
        done = bench("--case", "lma-down", "--to-pcap", folder)
        expect("a folder", done.returncode == 1 and "Is a directory" in done.stderr)
    sys.exit(failed > 0)


main()

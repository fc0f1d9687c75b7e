# SPDX-License-Identifier: BSD-3-Clause
"""What a case is, and how it becomes a folder."""
import os
import struct
import textwrap

ANCHOR_ONE = "anchor", ["register mn1@example.com 2001:db8:0:a::1"]
ANCHOR_TWO = "anchor", ["register mn1@example.com 2001:db8:0:a::1", "register mn2@example.com 2001:db8:0:a::2"]
GATEWAY_ONE = "gateway", ["attach 02:00:00:00:aa:01 2001:db8:5:1::/64"]
GATEWAY_TWO = "gateway", GATEWAY_ONE[1] + ["attach 02:00:00:00:aa:02 2001:db8:5:2::/64"]
BOTH_ONE = "both", ["attach 02:00:00:00:aa:01"]
BOTH_TWO = "both", BOTH_ONE[1] + ["attach 02:00:00:00:aa:02"]
BOTH_FAR = "both", BOTH_ONE[1] + ["register mn2@example.com 2001:db8:0:a::1"]


class Case:
    """steps: ("core" or "access", [frames], *sizes of bursts) or ("wait", milliseconds), in their order.

    Frames and bytes of ports are counted from the frames themselves; all else that counts is named. ids: the sentences
    of test/conformance/ that the case shows.
    """

    def __init__(self, name, shows, node, steps, core=(), access=(), count=None, drop=None, settings=None, free=(),
                 ids=()):
        self.name, self.shows, (self.node, self.setup), self.steps = name, shows, node, steps
        self.out = {"core": list(core), "access": list(access)}
        self.count, self.drop = dict(count or {}), dict(drop or {})
        self.settings, self.free, self.ids = settings or {}, free, ids

    def frames(self):
        """NAME.pcap -> frames"""
        files = {f"in-{i + 1}-{step[0]}": step[1] for i, step in enumerate(self.steps) if step[0] != "wait"}
        return files | {f"out-{port}": frames for port, frames in self.out.items() if frames}

    def totals(self):
        came = [f for step in self.steps if step[0] != "wait" for f in step[1]]
        went = self.out["core"] + self.out["access"]
        rows = {"rx.packets": len(came), "rx.bytes": sum(map(len, came)), "tx.packets": len(went),
                "tx.bytes": sum(map(len, went))}
        return {name: n for name, n in (rows | self.count).items() if n}

    def text(self):
        lines = ["# Made by test/pcap/make-cases.py"]
        lines += textwrap.wrap(" ".join(self.ids), 110, initial_indent="# shows: ", subsequent_indent="# shows: ",
                               break_on_hyphens=False)
        lines += textwrap.wrap(self.shows, 110, initial_indent="shows ", subsequent_indent="shows ",
                               break_on_hyphens=False)
        lines += [f"node {self.node}"] + [f"set {k} {v}" for k, v in self.settings.items()] + self.setup
        for i, (port, what, *bursts) in enumerate(self.steps):
            if port == "wait":
                lines.append(f"wait {what}")
            else:
                sizes = "".join(f" {n}" for n in bursts)
                lines.append(f"in {port} in-{i + 1}-{port}.pcap" + (f" burst{sizes}" if bursts else ""))
        lines += [f"out {port} out-{port}.pcap" for port, frames in self.out.items() if frames]
        lines += [f"free {port} {offset} {n}" for port, offset, n in self.free]
        lines += [f"counter {name} {n}" for name, n in self.totals().items()]
        lines += [f"drop {name} {n}" for name, n in self.drop.items()]
        return "\n".join(lines) + "\n"

    def write(self, folder):
        folder = os.path.join(folder, self.name)
        os.makedirs(folder)
        with open(os.path.join(folder, "case.txt"), "w", encoding="utf-8") as out:
            out.write(self.text())
        for name, frames in self.frames().items():
            with open(os.path.join(folder, name + ".pcap"), "wb") as out:
                out.write(capture(frames))


def capture(frames):
    """A capture file of the classic format, its times all 0: the same frames are the same file."""
    head = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    return head + b"".join(struct.pack("<IIII", 0, 0, len(f), len(f)) + f for f in frames)

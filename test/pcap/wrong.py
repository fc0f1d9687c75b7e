# SPDX-License-Identifier: BSD-3-Clause
"""Cases that say something wrong: one good case, each time spoilt in one place."""
from cases import ANCHOR_ONE, Case
from frames import A1, CN, MAG1, NODE, core_in, core_out, on, tunnel, udp

PACKETS = [udp(CN, A1), udp(CN, A1, 200)]
RIGHT = [core_out(tunnel(NODE, MAG1, on(p))) for p in PACKETS]
ONE, TWO = RIGHT
COUNT = {"path.encapsulated": 2}


def spoilt(name, shows, core=RIGHT, access=(), count=COUNT, came=PACKETS, **more):
    frames = [core_in(p) for p in came]
    rows = {"rx.packets": 2, "rx.bytes": sum(map(len, frames)), "tx.packets": 2, "tx.bytes": len(ONE) + len(TWO)}
    return Case(name, shows, ANCHOR_ONE, [("core", frames)], core, access, rows | count, **more)


WRONG = [
    spoilt("frame-octet", "One octet of a frame differs", [ONE, TWO[:-1] + bytes([TWO[-1] ^ 1])]),
    spoilt("frame-first-octet", "The first octet of a frame differs", [bytes([ONE[0] ^ 1]) + ONE[1:], TWO]),
    spoilt("frame-longer", "A frame has an octet more", [ONE, TWO + b"\0"]),
    spoilt("frame-shorter", "A frame has an octet less", [ONE, TWO[:-1]]),
    spoilt("frame-missing", "A frame is sent that the case has not", [ONE]),
    spoilt("frame-more", "A frame is not sent that the case has", [ONE, TWO, TWO]),
    spoilt("frame-order", "The frames go out in another order", [TWO, ONE]),
    spoilt("frame-port", "The frames go out on another port", [], RIGHT),
    spoilt("frame-unsaid", "The case says nothing of what goes out", []),
    spoilt("free-elsewhere", "A free octet is not the one that differs", [ONE, TWO[:-1] + bytes([TWO[-1] ^ 1])],
           free=[("core", len(TWO) - 2, 1), ("access", 0, 2048)]),
    spoilt("counter-unsaid", "A counter changes that the case has not", count={}),
    spoilt("counter-value", "A counter changes by another number", count={"path.encapsulated": 1}),
    spoilt("counter-more", "A counter does not change that the case has", count=COUNT | {"path.routed": 1}),
    spoilt("bytes", "A counter of bytes is off by one", count=COUNT | {"tx.bytes": len(ONE) + len(TWO) + 1}),
    spoilt("drop-more", "A drop is not counted that the case has", drop={"route.no-route": 1}),
    spoilt("drop-unsaid", "A drop is counted that the case has not", came=PACKETS + [udp("::1", A1)],
           count=COUNT | {"rx.packets": 3, "rx.bytes": sum(len(core_in(p)) for p in PACKETS) + len(core_in(udp(CN, A1)))}),
    spoilt("drop-other", "A drop is counted for another reason", came=PACKETS + [udp("::1", A1)],
           count=COUNT | {"rx.packets": 3, "rx.bytes": sum(len(core_in(p)) for p in PACKETS) + len(core_in(udp(CN, A1)))},
           drop={"classify.ip-destination": 1}),
]

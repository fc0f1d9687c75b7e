#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A gateway that is nobody's friend: sends one Mobility Header message from a kernel socket and prints the answer.

    peer.py DESTINATION update [--mn ID] [--hnp PREFIX] [--handoff N] [--tech N] [--no-timestamp] [--lifetime UNITS]
    peer.py DESTINATION raw HEX		bytes behind the checksum, padded and checksummed here

Prints {"type": N, "status": N} of the answer, or {"type": null} where none comes. The checksum of the
answer is verified by scapy.
"""
import argparse
import json
import logging
import socket
import struct
import sys
import time

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import IPv6, in6_chksum  # noqa: E402

MOBILITY = 135
PBU, PBA, BE = 5, 6, 7
FLAGS_AP = 0x8200


def option(kind, data):
    return bytes([kind, len(data)]) + data


def prefix_option(text):
    address, length = text.split("/")
    return option(22, struct.pack("!BB", 0, int(length)) + socket.inet_pton(socket.AF_INET6, address))


def pad(options):
    """The options start at offset 12; the whole is a multiple of 8."""
    over = (12 + len(options)) % 8
    if over == 0:
        return options
    fill = 8 - over
    return options + (b"\0" if fill == 1 else option(1, b"\0" * (fill - 2)))


def update(args):
    options = b""
    if args.hnp:
        options += prefix_option(args.hnp)
    if args.handoff is not None:
        options += option(23, bytes([0, args.handoff]))
    if args.tech is not None:
        options += option(24, bytes([0, args.tech]))
    if args.mn:
        options += option(8, b"\1" + args.mn.encode())
    if not args.no_timestamp:
        now = time.time() + args.clock
        while (12 + len(options)) % 8 != 2:
            options += b"\0"
        options += option(27, struct.pack("!Q", int(now * 65536)))
    return struct.pack("!HHH", args.sequence, FLAGS_AP, args.lifetime) + pad(options)


def message(kind, body, src, dst):
    header = bytes([59, (6 + len(body)) // 8 - 1, kind, 0])
    blank = header + b"\0\0" + body
    return header + struct.pack("!H", in6_chksum(MOBILITY, IPv6(src=src, dst=dst, nh=MOBILITY), blank)) + body


def answer(sock, src, dst):
    """That of dst; another message of its own, such as a heartbeat, is none."""
    try:
        raw, sender = sock.recvfrom(4096)
        while sender[0] != dst or raw[2] not in (PBA, BE):
            raw, sender = sock.recvfrom(4096)
    except socket.timeout:
        return {"type": None}
    out = {"type": raw[2], "status": raw[6]}
    blank = raw[:4] + b"\0\0" + raw[6:]
    if in6_chksum(MOBILITY, IPv6(src=dst, dst=src, nh=MOBILITY), blank) != int.from_bytes(raw[4:6], "big"):
        out["checksum"] = "wrong"
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("destination")
    commands = parser.add_subparsers(dest="command", required=True)
    u = commands.add_parser("update")
    u.add_argument("--mn")
    u.add_argument("--hnp")
    u.add_argument("--handoff", type=int)
    u.add_argument("--tech", type=int)
    u.add_argument("--no-timestamp", action="store_true")
    u.add_argument("--clock", type=float, default=0, help="seconds that this peer's clock is ahead")
    u.add_argument("--lifetime", type=int, default=10)
    u.add_argument("--sequence", type=int, default=1)
    r = commands.add_parser("raw")
    r.add_argument("kind", type=int)
    r.add_argument("hex")
    args = parser.parse_args()

    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, MOBILITY)
    sock.settimeout(20)
    sock.connect((args.destination, 0))
    src = sock.getsockname()[0]
    kind, body = (PBU, update(args)) if args.command == "update" else (args.kind, bytes.fromhex(args.hex))
    sock.send(message(kind, body, src, args.destination))
    print(json.dumps(answer(sock, src, args.destination)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

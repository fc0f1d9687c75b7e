#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Someone else's eyes on a capture: tshark finds nothing malformed, scapy recomputes every checksum.

    judge.py FILE [--messages N]	at least N Mobility Header packets
"""
import argparse
import logging
import subprocess
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import IPv6, PcapReader, in6_chksum  # noqa: E402

MOBILITY, ICMP6, TCP, UDP = 135, 58, 6, 17
CHECKSUM_AT = {MOBILITY: 4, ICMP6: 2, TCP: 16, UDP: 6}


def tshark(path, condition):
    out = subprocess.run(["tshark", "-n", "-r", path, "-Y", condition, "-T", "fields", "-e", "frame.number"],
                         capture_output=True, text=True, check=True).stdout
    return out.split()


def checksum_wrong(packet):
    """The checksum of the upper layer, of an IPv6 packet without extension headers; None where it does not apply."""
    at = CHECKSUM_AT.get(packet.nh)
    raw = bytes(packet)[40:40 + packet.plen]
    if at is None or len(raw) < at + 2:
        return None
    blank = raw[:at] + b"\0\0" + raw[at + 2:]
    right = in6_chksum(packet.nh, IPv6(src=packet.src, dst=packet.dst, nh=packet.nh), blank)
    return right != int.from_bytes(raw[at:at + 2], "big")


def layers(frame):
    packet = frame.getlayer(IPv6)
    while packet is not None:
        yield packet
        packet = packet.payload.getlayer(IPv6) if packet.nh == 41 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--messages", type=int, default=0)
    args = parser.parse_args()

    malformed = tshark(args.file, "_ws.malformed")
    messages = checked = 0
    wrong = []
    with PcapReader(args.file) as reader:
        for number, frame in enumerate(reader, 1):
            for packet in layers(frame):
                result = checksum_wrong(packet)
                messages += packet.nh == MOBILITY
                checked += result is not None
                if result:
                    wrong.append(number)
    print(f"judge: {messages} Mobility Header packets, {checked} checksums recomputed, {len(wrong)} wrong, "
          f"{len(malformed)} malformed")
    for number in wrong[:10]:
        print(f"frame {number}: wrong checksum")
    for number in malformed[:10]:
        print(f"frame {number}: malformed")
    if messages < args.messages:
        print(f"fewer than {args.messages} Mobility Header packets")
    return 1 if malformed or wrong or messages < args.messages else 0


if __name__ == "__main__":
    sys.exit(main())

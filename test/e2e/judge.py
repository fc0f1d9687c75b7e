#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Someone else's eyes on a capture: tshark finds nothing malformed, scapy recomputes every checksum.

    judge.py FILE [--messages N]	at least N Mobility Header packets
    judge.py FILE --readable OUT	write a copy in which notifications and their answers (RFC 7077), whose types tshark
					passes over, have the type of a binding update: their options stand where its do
"""
import argparse
import logging
import subprocess
import sys
import tempfile

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import Ether, IPv6, PcapReader, in6_chksum, wrpcap  # noqa: E402

MOBILITY, ICMP6, TCP, UDP = 135, 58, 6, 17
TYPE_AT, UPDATE, NOTIFICATIONS = 14 + 40 + 2, 5, (19, 20)
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


def readable(path, out):
    frames = []
    with PcapReader(path) as reader:
        for frame in reader:
            raw = bytearray(bytes(frame))
            if frame.haslayer(IPv6) and frame[IPv6].nh == MOBILITY and raw[TYPE_AT] in NOTIFICATIONS:
                raw[TYPE_AT] = UPDATE
            frames.append(Ether(bytes(raw)))
            frames[-1].time = frame.time
    wrpcap(out, frames, linktype=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--messages", type=int, default=0)
    parser.add_argument("--readable")
    args = parser.parse_args()

    if args.readable:
        readable(args.file, args.readable)
        return 0
    with tempfile.NamedTemporaryFile(suffix=".pcap") as copy:
        readable(args.file, copy.name)
        malformed = tshark(copy.name, "_ws.malformed || mip6.opt.len.invalid")
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

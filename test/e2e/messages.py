#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The Mobility Headers of a capture, one JSON object a line, decoded by nothing of Kedge's.

    messages.py FILE [--key SPI,ALGORITHM,HEX ...]

`at` is when it was captured, `options` the data of each by its number, `stamp` the sender's time (option 27). With
keys, `authentic` says whether the authentication option is the last and of one of them (RFC 4285 section 5), `spi` of
which. `whole` is the message, in hexadecimal. `prefixes` are those of home network prefix options, `off_link` those of
them whose L flag is set (RFC 7864 section 4.1); `flows` what flow identification options say (RFC 6089 section 4.2).
"""
import argparse
import hmac
import json
import socket
import struct
import sys
from collections import defaultdict

ETHERNET, IP6, MOBILITY = 14, 40, 135
ETHERTYPE_IP6 = b"\x86\xdd"
NAMES = {5: "pbu", 6: "pba", 7: "be", 13: "heartbeat", 16: "revocation", 19: "upn", 20: "upa"}
OPTIONS_AT = defaultdict(lambda: 12, {7: 24})
PAD1, AUTHENTICATION, MN_ID, HOME_PREFIX, HANDOFF, TIMESTAMP, FLOW = 0, 9, 8, 22, 23, 27, 45
FLOW_BIDS, FLOW_SELECTOR = 2, 3
DIGEST = {"hmac-sha1": ("sha1", 12), "hmac-sha256": ("sha256", 16)}


def fields(kind, m):
    """What stands in front of the options, by the RFCs' figures."""
    if kind == 5:
        sequence, flags, lifetime = struct.unpack_from("!HHH", m, 6)
        return {"sequence": sequence, "flags": flags, "lifetime_s": 4 * lifetime}
    if kind == 6:
        status, flags, sequence, lifetime = struct.unpack_from("!BBHH", m, 6)
        return {"status": status, "flags": flags, "sequence": sequence, "lifetime_s": 4 * lifetime}
    if kind == 7:
        return {"status": m[6]}
    if kind == 13:
        flags, sequence = struct.unpack_from("!HL", m, 6)
        return {"flags": flags, "sequence": sequence}
    if kind == 16:
        what, value, sequence, flags = struct.unpack_from("!BBHH", m, 6)
        return {"name": {1: "bri", 2: "bra"}.get(what), {1: "trigger", 2: "status"}.get(what, "value"): value,
                "sequence": sequence, "flags": flags}
    if kind == 19:
        sequence, reason, flags = struct.unpack_from("!HHH", m, 6)
        return {"sequence": sequence, "reason": reason, "flags": flags}
    if kind == 20:
        sequence, status = struct.unpack_from("!HB", m, 6)
        return {"sequence": sequence, "status": status}
    return {}


def options(m):
    """(number, offset of its data, data)"""
    at = OPTIONS_AT[m[2]]
    while at < len(m):
        if m[at] == PAD1:
            at += 1
            continue
        length = m[at + 1]
        yield m[at], at + 2, m[at + 2:at + 2 + length]
        at += 2 + length


def code(key, algorithm, care_of, m, covers):
    """RFC 4285 section 5.1: the care-of address, the home address, which is zero, the message without its checksum."""
    digest, length = DIGEST[algorithm]
    return hmac.digest(key, care_of + bytes(16) + m[:4] + bytes(2) + m[6:covers], digest)[:length]


def authentic(m, src, dst, keys):
    """The number of the key that it is authentic by, or None."""
    found = list(options(m))
    if not found or found[-1][0] != AUTHENTICATION or sum(number == AUTHENTICATION for number, _, _ in found) != 1:
        return None
    _, at, data = found[-1]
    spi, = struct.unpack_from("!L", data, 1)
    if data[0] != 1 or spi not in keys:
        return None
    return spi if code(keys[spi][1], keys[spi][0], dst if m[2] == 6 else src, m, at + 5) == data[5:] else None


def packets(path):
    """(time, frame) of a capture in the classic format."""
    with open(path, "rb") as f:
        order = {0xA1B2C3D4: "<", 0xD4C3B2A1: ">"}[struct.unpack("<L", f.read(24)[:4])[0]]
        while len(head := f.read(16)) == 16:
            seconds, micros, length, _ = struct.unpack(order + "4L", head)
            yield seconds + micros / 1e6, f.read(length)


def messages(path):
    """(time, source, destination, message), the addresses in 16 bytes."""
    for at, frame in packets(path):
        if frame[12:14] == ETHERTYPE_IP6 and frame[ETHERNET + 6] == MOBILITY:
            length, = struct.unpack_from("!H", frame, ETHERNET + 4)
            packet = frame[ETHERNET:]
            yield at, packet[8:24], packet[24:40], packet[IP6:IP6 + length]


def prefix(data):
    return f"{socket.inet_ntop(socket.AF_INET6, data[2:18])}/{data[1]}"


def flow(data):
    """RFC 6089 section 4.2: the numbers, then suboptions, of which a selector stays as it is (RFC 6088)."""
    number, priority, _, status = struct.unpack_from("!HHBB", data)
    out = {"id": number, "priority": priority, "status": status, "bids": [], "selector": None}
    at = 6
    while at < len(data):
        if data[at] == PAD1:
            at += 1
            continue
        value = data[at + 2:at + 2 + data[at + 1]]
        if data[at] == FLOW_BIDS:
            out["bids"] = [bid for bid, in struct.iter_unpack("!H", value)]
        elif data[at] == FLOW_SELECTOR:
            out["selector"] = {"format": value[0], "fields": value[2:].hex()}
        at += 2 + data[at + 1]
    return out


def parse_key(text):
    spi, algorithm, key = text.split(",")
    return int(spi), (algorithm, bytes.fromhex(key))


def describe(at, src, dst, m, keys):
    out = {"at": at, "type": m[2], "name": NAMES.get(m[2]), "src": socket.inet_ntop(socket.AF_INET6, src),
           "dst": socket.inet_ntop(socket.AF_INET6, dst), **fields(m[2], m), "options": {}, "prefixes": [],
           "off_link": [], "flows": [], "whole": m.hex()}
    for number, _, data in options(m):
        out["options"].setdefault(str(number), data.hex())
        if number == MN_ID:
            out["mn"] = data[1:].decode(errors="replace")
        elif number == HOME_PREFIX:
            out["prefixes"].append(prefix(data))
            if data[0] & 0x80:
                out["off_link"].append(prefix(data))
        elif number == HANDOFF:
            out["handoff"] = data[1]
        elif number == FLOW:
            out["flows"].append(flow(data))
        elif number == TIMESTAMP:
            out["stamp"] = struct.unpack("!Q", data)[0] / 65536
    if keys:
        out["spi"] = authentic(m, src, dst, keys)
        out["authentic"] = out["spi"] is not None
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--key", type=parse_key, action="append", default=[])
    args = parser.parse_args()
    for message in messages(args.file):
        print(json.dumps(describe(*message, dict(args.key))))
    return 0


if __name__ == "__main__":
    sys.exit(main())

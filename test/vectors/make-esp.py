#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Make esp.txt with scapy and python3-cryptography, which share no code with what they test.

A line is NAME VERDICT HEX: the name is SUITE/CASE, the verdict "ok" or the name of the drop reason, the bytes are an
ESP packet from its SPI on. Encryption keys are the bytes 00 01 02 ..., the salt of AES-GCM included, integrity keys
those from 40 on; cases that begin with "esn" have extended sequence numbers. All carry the line "message".

    test/vectors/make-esp.py            writes beside itself
"""
import hashlib
import hmac
import logging
import os
import struct

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import ESP, IPv6, Raw, raw  # noqa: E402 (its warnings are off first)
from scapy.layers.ipsec import SecurityAssociation  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SRC, DST, SPI, MOBILITY = "2001:db8:101::1", "2001:db8:100::1", 0x1234, 135
# A Proxy Binding Update of 40 bytes; its checksum is not looked at.
MESSAGE = bytes.fromhex("3b040500beef0007c20000960807016d6e31403a1b0a00000001020304050607080917020004") + bytes(2)
INTEGRITY = bytes(range(0x40, 0x60))
SUITES = {
    "aes-gcm-128": ("AES-GCM", 20, "NULL"),
    "aes-gcm-256": ("AES-GCM", 36, "NULL"),
    "aes-cbc-128-hmac-sha256": ("AES-CBC", 16, "SHA2-256-128"),
    "aes-cbc-256-hmac-sha256": ("AES-CBC", 32, "SHA2-256-128"),
    "null-hmac-sha256": ("NULL", 0, "SHA2-256-128"),
}


def esp(suite, number, extended=None, next_header=MOBILITY, message=MESSAGE):
    crypt, key_len, auth = SUITES[suite]
    sa = SecurityAssociation(ESP, spi=SPI, crypt_algo=crypt, crypt_key=bytes(range(key_len)), auth_algo=auth,
                             auth_key=INTEGRITY if auth != "NULL" else None, esn_en=extended is not None)
    size = sa.crypt_algo.iv_size
    packet = IPv6(src=SRC, dst=DST, nh=next_header) / Raw(message)
    sealed = sa.encrypt(packet, seq_num=number, iv=bytes((0xa0 + number + i) & 0xff for i in range(size)),
                        esn_en=extended is not None, esn=extended or 0)
    out = raw(sealed)[40:]
    if auth != "NULL" and extended is not None:  # which scapy 2.5 leaves out
        out = out[:-16] + icv(out[:-16] + struct.pack("!I", extended))
    return out


def icv(signed):
    return hmac.new(INTEGRITY, signed, hashlib.sha256).digest()[:16]


def sealed_by_hand(trailer, number=1, message=MESSAGE):
    """Without encryption, with a trailer that scapy would not write"""
    body = struct.pack("!II", SPI, number) + message + trailer
    return body + icv(body)


def rows():
    yield "message", "-", MESSAGE
    for suite in SUITES:
        yield f"{suite}/1", "ok", esp(suite, 1)
        yield f"{suite}/2", "ok", esp(suite, 2)
        yield f"{suite}/70", "ok", esp(suite, 70)
        yield f"{suite}/udp", "ok", esp(suite, 1, next_header=17)
        yield f"{suite}/esn-1", "ok", esp(suite, 1, 0)
        yield f"{suite}/esn-before", "ok", esp(suite, 0xffffffff, 0)
        yield f"{suite}/esn-wrapped", "ok", esp(suite, 3, 1)
    null = "null-hmac-sha256"
    yield f"{null}/by-hand", "ok", sealed_by_hand(bytes([1, 2, 2, MOBILITY]))
    yield f"{null}/padding", "malformed", sealed_by_hand(bytes([1, 3, 2, MOBILITY]))
    yield f"{null}/padding-past-packet", "malformed", sealed_by_hand(bytes([1, 2, 200, MOBILITY]))
    yield f"{null}/no-trailer", "malformed", sealed_by_hand(b"", message=b"")
    yield f"{null}/odd", "malformed", sealed_by_hand(bytes([0, MOBILITY]), message=MESSAGE[:7])


with open(os.path.join(HERE, "esp.txt"), "w", encoding="ascii") as out:
    out.write("# Made by make-esp.py: NAME VERDICT HEX\n")
    for label, verdict, packet in rows():
        out.write(f"{label} {verdict} {packet.hex()}\n")

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Messages in another's name, for nodes that want them authenticated.

    forger.py bare IF MAC,MAC FROM TO	messages of the kinds that gateways take, without authentication
    forger.py gre IF MAC,MAC FROM TO KEY HOST TO	tunnel packets without GRE, without a key and with others than KEY
    forger.py bad IF MAC,MAC FILE KEY	de-registrations that are none, made of the first update of a capture
    forger.py good IF MAC,MAC FILE KEY MN	a right one that registers another mobile node, and one that ends it

KEY is SPI,ALGORITHM,HEX. Prints as JSON the counters that must have risen, and by how much at least.
"""
import logging
import struct
import sys
import time

logging.getLogger("scapy").setLevel(logging.ERROR)

from crowd import ip6  # noqa: E402
from messages import AUTHENTICATION, DIGEST, MN_ID, TIMESTAMP, code, messages, options, parse_key  # noqa: E402
from mischief import MOBILITY, TUNNEL, UDP, Vandal, address, macs, mobility, option, patched  # noqa: E402

PBU, PBA, HEARTBEAT, REVOCATION, UPN = 5, 6, 13, 16, 19
LIFETIME_AT = 10
GRE = 47
REPLAY, NTP_1970 = 10, 2208988800
EACH = 3


def aligned(body, to, rest):
    """Padded with a PadN so that what follows stands at a multiple of `to`, and `rest`, counted from the message on."""
    while (6 + len(body)) % to != rest:
        body += b"\0"
    return body


class Forger:
    def __init__(self, interface, mac_pair, path, key):
        self.vandal = Vandal(interface)
        self.macs = macs(mac_pair)
        self.spi, self.key = parse_key(key)
        _, self.src, self.dst, self.update = next(m for m in messages(path) if m[3][2] == PBU)
        self.sequence = 30000

    def send(self, message, *names):
        self.vandal.send(ip6(*self.macs, self.src, self.dst, MOBILITY, message), *names)

    def stamp(self, ahead_s=0.0):
        now = time.time() + ahead_s
        return struct.pack("!LL", int(now) + NTP_1970, int(now % 1 * (1 << 32)))

    def plain(self, lifetime=0, mn=None, stamp=True, ahead_s=0.0):
        """The captured update's options of another time, up to where the authentication option is to stand."""
        self.sequence += 1
        body = struct.pack("!HHH", self.sequence, 0xC200, lifetime // 4)
        for number, _, data in options(self.update):
            if number in (1, REPLAY, AUTHENTICATION):
                continue
            if number == TIMESTAMP:
                body = aligned(body, 8, 2)
                data = struct.pack("!Q", int(time.time() * 65536))
            elif number == MN_ID and mn is not None:
                data = b"\1" + mn.encode()
            elif number == 22:
                body, data = aligned(body, 8, 4), data if mn is None else bytes(18)
            body += option(number, data)
        return aligned(body, 8, 2) + option(REPLAY, self.stamp(ahead_s)) if stamp else body

    def signed(self, body, spi=None, key=None):
        """Whole, with the authentication option as its last."""
        algorithm, right = self.key
        length = DIGEST[algorithm][1]
        head = bytes([AUTHENTICATION, 5 + length, 1]) + struct.pack("!L", spi or self.spi)
        while (6 + len(body) + len(head) + length) % 8 != 0:
            body += b"\0"
        message = mobility(PBU, body + head + bytes(length), self.src, self.dst)
        mac = code(key or right, algorithm, self.src, message, len(message) - length)
        return mobility(PBU, body + head + mac, self.src, self.dst)

    def altered(self):
        """The captured one, as a de-registration: its checksum is right again."""
        return mobility(PBU, patched(self.update, LIFETIME_AT, b"\0\0")[6:], self.src, self.dst)


def bare(interface, mac_pair, src, dst):
    vandal = Vandal(interface)
    src, dst = address(src), address(dst)
    mn = option(MN_ID, b"\1mn1@example.com")
    for kind, body in ((PBA, b"\0\x20" + bytes(4)), (HEARTBEAT, b"\0\1" + bytes(4)), (REVOCATION, b"\1\1\0\1\x80\0"),
                       (UPN, b"\0\1\0\1\x80\0")):
        message = mobility(kind, body + mn, src, dst)
        vandal.send(ip6(*macs(mac_pair), src, dst, MOBILITY, message), "auth.missing")
    vandal.report()


def gre(interface, mac_pair, src, dst, key, inner_src, inner_dst):
    vandal = Vandal(interface)
    ends, key = [address(src), address(dst)], int(key)
    inner = ip6(b"", b"", address(inner_src), address(inner_dst), UDP, struct.pack("!HHHH", 9, 9, 16, 0) + bytes(8))[2:]
    headers = [struct.pack("!HHL", 0x2000, 0x86DD, key ^ bit) for bit in (1, 1 << 31)] + [struct.pack("!HH", 0, 0x86DD)]
    for _ in range(EACH):
        vandal.send(ip6(*macs(mac_pair), *ends, TUNNEL, inner), "tunnel.gre-absent")
        for header in headers:
            vandal.send(ip6(*macs(mac_pair), *ends, GRE, header + inner), "tunnel.gre-key")
    vandal.report()


def bad(*args):
    f = Forger(*args)
    wrong = bytes(len(f.key[1]))
    for _ in range(EACH):
        f.send(mobility(PBU, f.plain(), f.src, f.dst), "auth.missing")
        f.send(f.signed(f.plain(), key=wrong), "auth.wrong")
        f.send(f.signed(f.plain(), spi=f.spi + 7), "auth.spi")
        f.send(f.signed(f.plain(stamp=False)), "auth.no-stamp")
        f.send(f.signed(f.plain(ahead_s=-120)), "auth.stale")
        f.send(f.update, "auth.replayed")
        f.send(f.altered(), "auth.wrong")
        f.send(mobility(PBU, f.signed(f.plain())[6:] + option(24, b"\0\4"), f.src, f.dst), "auth.form")
    f.vandal.report()


def good(*args):
    *args, mn = args
    f = Forger(*args)
    f.send(f.signed(f.plain(lifetime=600, mn=mn)), "session.opened")
    time.sleep(0.2)  # one is later than the other by the second's fraction, whatever it is rounded to
    f.send(f.signed(f.plain(mn=mn)), "pbu.rx")
    f.vandal.report()


if __name__ == "__main__":
    {"bare": bare, "gre": gre, "bad": bad, "good": good}[sys.argv[1]](*sys.argv[2:])

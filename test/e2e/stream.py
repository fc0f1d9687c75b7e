#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Traffic that is watched while the host moves.

    stream.py udp-send ADDRESS PORT LOG		a numbered datagram every 10 ms until SIGTERM; LOG: "number time"
    stream.py udp-receive PORT LOG		LOG: "number time"
    stream.py video-send ADDRESS PORT LOG	25 pictures a second of 8 numbered datagrams of 1,000 octets; LOG as above
    stream.py tcp-send ADDRESS PORT [BYTES]	so many, or as much as the connection takes until SIGTERM; prints how many
    stream.py tcp-receive PORT LOG		LOG: "bytes time", a line a read; fails where they are not those that were sent
    stream.py report SENT RECEIVED TCP MOVE...	MOVE is NAME=LOST_AT,ACKNOWLEDGED_AT (seconds since 1970)

A sender has sent all that its LOG says when it ends.

The report is JSON: datagrams sent and lost; for each move the lost ones between the last that had arrived when the link
was lost and the first that was sent or, if that is later, arrived behind the acknowledgement, and the longest gap; how many
were lost otherwise; bytes and the longest stall of TCP.
"""
import json
import math
import random
import signal
import socket
import struct
import sys
import time

INTERVAL_S = 0.01
PICTURE_S, PICTURE_DATAGRAMS, DATAGRAM_BYTES = 0.04, 8, 1000
BLOCK_BYTES = 16384
PATTERN = random.Random(1).randbytes(65521)  # again and again: a byte that is not in its place is seen
SO_RCVBUFFORCE = 33  # not in the socket module
QUEUE_BYTES = 4 << 20  # what waits for a receiver that gets no time is not lost
UNDER_WAY_BYTES = 64 << 10  # of a transfer, of which a gateway that gets no time loses nothing, nor of what else it carries
LATE_S = 0.2  # what could not be sent for longer than this is not made up for: no queue is for that many at once
NEAR_S = 0.5  # what is further from a move than this has nothing to do with it


def stop(signum, frame):
    raise SystemExit(0)


def until_stopped():
    """A list that is empty until SIGTERM."""
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    return ended


def send_surely(sock, data):
    for _ in range(2):  # an ICMPv6 error about an earlier one is told instead of sending this one
        try:
            return sock.send(data)
        except OSError:
            pass
    return 0


def send_numbered(address, port, log, interval_s, burst, size):
    ended = until_stopped()
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.connect((address, int(port)))
    due, number = time.monotonic(), 0
    with open(log, "w", buffering=1) as out:
        while not ended:
            for _ in range(burst):
                out.write(f"{number} {time.time():.6f}\n")
                send_surely(sock, struct.pack("!Q", number).ljust(size, b"\0"))
                number += 1
            due = max(due + interval_s, time.monotonic() - LATE_S)
            time.sleep(max(0, due - time.monotonic()))


def udp_send(address, port, log):
    send_numbered(address, port, log, INTERVAL_S, 1, 8)


def video_send(address, port, log):
    send_numbered(address, port, log, PICTURE_S, PICTURE_DATAGRAMS, DATAGRAM_BYTES)


def udp_receive(port, log):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, QUEUE_BYTES)
    sock.bind(("::", int(port)))
    with open(log, "w", buffering=1) as out:
        while True:
            number, = struct.unpack("!Q", sock.recv(8))
            out.write(f"{number} {time.time():.6f}\n")


def pattern(at, size):
    at %= len(PATTERN)
    return (PATTERN * (1 + (at + size) // len(PATTERN)))[at:at + size]


def tcp_send(address, port, size=math.inf):
    ended = until_stopped()
    sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNDER_WAY_BYTES)
    sock.connect((address, int(port)))
    sent, size = 0, float(size)
    while sent < size and not ended:
        block = pattern(sent, int(min(size - sent, BLOCK_BYTES)))
        sock.sendall(block)
        sent += len(block)
        time.sleep(0.005)  # leave the machine to the others
    sock.close()
    print(sent)


def tcp_receive(port, log):
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("::", int(port)))
    server.listen(1)
    connection, _ = server.accept()
    received = 0
    with open(log, "w", buffering=1) as out:
        while data := connection.recv(1 << 20):
            if data != pattern(received, len(data)):
                raise SystemExit(f"other bytes than were sent behind {received}")
            received += len(data)
            out.write(f"{len(data)} {time.time():.6f}\n")


def rows(path):
    """Pairs of numbers, without a last line that was cut off."""
    with open(path) as f:
        fields = (line.split() for line in f if line.endswith("\n"))
        return [(int(a), float(b)) for a, b in fields]


def longest(times):
    return max((b - a for a, b in zip(times, times[1:])), default=0)


def report(sent_log, received_log, tcp_log, *moves):
    sent, received, tcp = rows(sent_log), rows(received_log), rows(tcp_log)
    arrived = {number for number, _ in received}
    last = max(arrived)  # what was sent after it may still be under way
    lost = [(number, at) for number, at in sent if number < last and number not in arrived]
    out = {"sent": len(sent), "lost": len(lost), "tcp_bytes": sum(n for n, _ in tcp),
           "tcp_stall_ms": round(1000 * longest([at for _, at in tcp])), "moves": {}}
    explained = set()
    for move in moves:
        name, window = move.split("=")
        begin, end = (float(t) for t in window.split(","))
        before = max((number for number, at in received if at < begin), default=-1)
        again = max(min((number for number, at in log if at > end), default=math.inf) for log in (sent, received))
        inside = {n for n, _ in lost if before < n < again}
        explained |= inside
        gaps = [at for _, at in received if begin - NEAR_S < at < end + NEAR_S]
        out["moves"][name] = {"lost": len(inside), "gap_ms": round(1000 * longest(gaps)),
                              "window_ms": round(1000 * (end - begin))}
    out["lost_otherwise"] = len([n for n, _ in lost if n not in explained])
    print(json.dumps(out))


def main():
    commands = {"udp-send": udp_send, "video-send": video_send, "udp-receive": udp_receive, "tcp-send": tcp_send,
                "tcp-receive": tcp_receive, "report": report}
    signal.signal(signal.SIGTERM, stop)
    commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()

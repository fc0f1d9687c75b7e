# SPDX-License-Identifier: BSD-3-Clause
"""A small JSON-RPC server that answers as a daemon would: what kedgectl is tested against."""
import json
import os
import socketserver
import tempfile
import threading

SECRET = "hunter2-must-not-leave"


def session(n):
    return {"role": "lma", "session": n, "mn": f"mn{n}@example.com", "state": "active",
            "prefixes": [f"2001:db8:{n:x}::/64", f"2001:db8:{n + 4096:x}::/64"], "peer": "2001:db8:100::2",
            "expires_in_s": 3725, "lifetime_s": 45, "access_technology": 4, "handovers": n % 3}


SESSIONS = [session(n) for n in range(2500)]
STAT = {"counters": {"lma_updates": 12, "lma_accepted": 3}, "drops": {"mh-checksum": 1},
        "workers": [{"worker": 0, "turns": 1000, "idle": 5}, {"worker": 1, "turns": 7, "idle": 66}],
        "control": {"turns": 99}}
EVENTS = [{"seq": n, "at": f"2020-02-03T04:05:0{n}.125Z", "kind": kind, "severity": severity, "text": f"text {n}"}
          for n, (kind, severity) in enumerate((("session-opened", "info"), ("peer-lost", "warning")))]
ROWS = [{"role": "lma", "prefix": "2001:db8:1::/64", "kind": "permanent", "state": state, "owned": state == "active",
         "off_link": state == "idle", "session": n, "bid": n + 1, "gateway": f"2001:db8:10{n + 1}::1",
         "access_technology": 4 - n} for n, state in enumerate(("active", "idle"))]
FLOWS = [{"id": 7, "priority": 10, "selector": "protocol=udp source-port=5004", "bid": 2, "session": 1,
          "gateway": "2001:db8:102::1", "active": True, "idle": [1, 3], "waiting": False, "policy": ""}]
EXPLAINED = {"stages": [{"stage": "classify", "did": "IPv6", "detail": "1500 bytes"},
                        {"stage": "encap", "did": "too big for the tunnel", "detail": "1500 > 1460"}],
             "verdict": "dropped", "drop": "encap.too-big", "port": "core", "frame": "6000" * 20,
             "answer": {"icmp6_type": 2, "word": 1460}, "frames": ["6000" * 20]}
CONFIG = {"file": "kedge.yaml", "applies": 0, "yaml": f"node: {{name: lma1, shared-secret: {SECRET}}}\nradius:\n  "
          f"password: \"{SECRET}\"\n", "sections": {"radius": {"server": "::1", "password": SECRET},
                                                   "peers": [{"name": "mag1", "auth-key": SECRET}]}}
PEERS = [{"name": name, "address": f"2001:db8:101::{n}", "role": "lma", "sessions": n, "received": {"pbu": 10 * n},
          "sent": {"pba/0": 9 * n, "pba/154": n}, "last_heard_ms": 1500, "skew_ms": -12, "protection": "esp",
          "traffic": {"in_bytes": 1000 * n, "out_bytes": 0}} for n, name in enumerate(("mag1", "mag2"), 1)]
STAGES = [{"stage": name, "packets": 100, "bursts": 10, "packets_per_burst": 10.0, "cycles_per_packet": 50.5,
           "workers": [{"worker": 0, "packets": 100, "bursts": 10, "sampled": 10, "cycles": 505}]}
          for name in ("classify", "encap", "tx")]


class Daemon:
    """Counters grow with each look at them: by 100 packets of 1000 bytes, by 7 drops, by one handover."""

    def __init__(self, always=None):
        """always: what every method answers."""
        self.always = always
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "socket")
        self.looks = {}
        self.gone = False
        self.name = "lma1"

        class Handler(socketserver.StreamRequestHandler):
            handle = lambda handler: self.serve(handler.rfile, handler.wfile)

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

        self.server = Server(self.path, Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()  # stops soon

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()

    def hang_up(self):
        """Answer nothing more."""
        self.gone = True

    def come_back(self, name):
        """As another, whose counters begin anew."""
        self.name, self.looks, self.gone = name, {}, False

    def serve(self, requests, out):
        for line in requests:
            if self.gone:
                return
            request = json.loads(line)
            reply = {"jsonrpc": "2.0", "id": request["id"]}
            try:
                reply["result"] = self.answer(request["method"], request.get("params", {}))
            except KeyError as e:
                reply["error"] = e.args[0]
            messages = [reply]
            if request["method"] == "event.watch":
                kinds = [k for k in request["params"].get("kinds", "").split(",") if k]
                messages += [{"jsonrpc": "2.0", "method": "event", "params": e} for e in EVENTS
                             if not kinds or e["kind"] in kinds]
            for message in messages:
                out.write(json.dumps(message).encode() + b"\n")
            if request["method"] == "event.watch":
                return  # the daemon goes away

    def look(self, what):
        self.looks[what] = self.looks.get(what, 0) + 1
        return self.looks[what]

    def stat(self):
        n = self.look("stat")
        return {"counters": {"session.opened": 3, "session.closed": 1, "session.handovers": n, "access.attached": 0},
                "drops": {"route.no-route": 7 * n, "mh.checksum": 1000, "tx.full": 0},
                "workers": [{"worker": 0, "turns": 1000 * n, "idle": 250 * n, "sleeps": 0}],
                "control": {"turns": 100 * n, "longest_turn_us": 1234, "load_permille": 345, "items_max": 64}}

    def ports(self):
        n = self.look("ports")
        return [{"port": name, "role": "core", "link": link, "rx_bytes": 1234567 + 100000 * n, "rx_packets": 100 * n,
                 "tx_bytes": 999, "tx_packets": 9, "mtu": 1500,
                 "queues": [{"queue": 0, "worker": 0, "rx_packets": 100 * n, "rx_bytes": 0}]}
                for name, link in (("core", "up"), ("access", "down"))]

    def answer(self, method, params):
        """A result, or an exception with the error object."""
        if self.always is not None:
            return self.always
        if method == "server.hello":
            return {"name": self.name, "roles": ["lma", "mag"], "uptime_s": 5, "strange": "\x1b[2Jgone", "nothing": None}
        if method == "session.list":
            items = [s for s in SESSIONS if params.get("mn", s["mn"]) == s["mn"]]
            first = params.get("after", 0)
            last = first + params.get("limit", 100)
            return {"items": items[first:last], "next": last if last < len(items) else None}
        if method == "stat.get":
            return self.stat() if params.get("all") else STAT
        lists = {"port.list": self.ports, "peer.list": lambda: PEERS, "stat.stages": lambda: STAGES,
                 "pool.list": list, "mn.rows": lambda: ROWS, "flow.list": lambda: FLOWS, "event.kinds": lambda: [{"kind": e["kind"]} for e in EVENTS],
                 "mn.list": lambda: [{"mn": "both@example.com", "sessions": SESSIONS[:2]}], "event.list": lambda: EVENTS}
        if method in lists:
            return {"items": lists[method](), "next": None}
        single = {"mn.attach": lambda: {"host": params, "state": "attached"}, "packet.explain": lambda: EXPLAINED,
                  "config.get": lambda: CONFIG, "config.check": lambda: params,
                  "mn.move": lambda: params, "flow.add": lambda: params,
                  "sa.add": lambda: params, "event.watch": dict}
        if method in single:
            return single[method]()
        if method == "session.get":
            raise KeyError({"code": -32000, "message": f"no session {params.get('session')}",
                            "data": {"reason": "unknown-session"}})
        if method == "config.apply":
            raise KeyError({"code": -32000, "message": "a: restart",
                            "data": {"reason": "config-refused", "refusals": ["a: restart", "b: restart"]}})
        raise KeyError({"code": -32601, "message": f"no method {method}", "data": {"reason": "method-not-found"}})

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kedgectl against a small JSON-RPC server of this file: kedgectl.py PROGRAM"""
import json
import os
import pty
import socketserver
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "kedgectl"


def session(n):
    return {"role": "lma", "session": n, "mn": f"mn{n}@example.com", "state": "active",
            "prefixes": [f"2001:db8:{n:x}::/64", f"2001:db8:{n + 4096:x}::/64"], "peer": "2001:db8:100::2",
            "expires_in_s": 3725, "lifetime_s": 45, "access_technology": 4, "handovers": n % 3}


SESSIONS = [session(n) for n in range(2500)]
STAT = {"counters": {"lma_updates": 12, "lma_accepted": 3}, "drops": {"mh-checksum": 1},
        "workers": [{"worker": 0, "turns": 1000, "idle": 5}, {"worker": 1, "turns": 7, "idle": 66}],
        "control": {"turns": 99}}


def answer(method, params):
    """A result, or an exception with the error object."""
    if method == "server.hello":
        return {"name": "lma1", "roles": ["lma", "mag"], "uptime_s": 5, "strange": "\x1b[2Jgone", "nothing": None}
    if method == "session.list":
        items = [s for s in SESSIONS if params.get("mn", s["mn"]) == s["mn"]]
        first = params.get("after", 0)
        last = first + params["limit"]
        return {"items": items[first:last], "next": last if last < len(items) else None}
    if method == "stat.get":
        return STAT
    if method == "port.list":
        return {"items": [{"port": "core", "link": True, "rx_bytes": 1234567, "tx_bytes": 999}], "next": None}
    if method in ("mn.attach", "pool.list"):
        return {"items": [], "next": None} if method == "pool.list" else {"host": params, "state": "attached"}
    raise KeyError({"code": -32000, "message": f"no session {params.get('session')}",
                    "data": {"reason": "unknown-session"}})


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            request = json.loads(line)
            reply = {"jsonrpc": "2.0", "id": request["id"]}
            try:
                reply["result"] = answer(request["method"], request.get("params", {}))
            except KeyError as e:
                reply["error"] = e.args[0]
            self.wfile.write(json.dumps(reply).encode() + b"\n")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class Kedgectl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = os.path.join(cls.folder.name, "socket")
        cls.server = Server(cls.path, Handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.folder.cleanup()

    def run_it(self, *words, status=0, path=None):
        """What it prints; on a failure, what it says on standard error."""
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60,
                              env={"KEDGE_SOCKET": path or self.path})
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout if status else done.stderr, "")
        return done.stderr if status else done.stdout

    def test_object_shows_every_key_and_nothing_that_moves_the_cursor(self):
        self.assertEqual(self.run_it("server", "hello"),
                         "name:     lma1\nroles:    lma,mag\nuptime_s: 5\nstrange:  ?[2Jgone\nnothing:  -\n")

    def test_sections(self):
        self.assertEqual(self.run_it("stat", "get").split("\n"),
                         ["counters:", "  lma_updates:  12", "  lma_accepted: 3", "drops:", "  mh-checksum: 1",
                          "workers:", "  worker  turns  idle", "       0   1000     5", "       1      7    66",
                          "control:", "  turns: 99", ""])

    def test_all_pages_of_a_table(self):
        lines = self.run_it("session", "list").split("\n")
        self.assertEqual(lines[0].split("  ")[0], "ROLE")
        self.assertEqual(len(lines), 2500 + 2)
        self.assertEqual([line.split()[1] for line in lines[1:-1]], [str(n) for n in range(2500)])
        self.assertEqual(lines[1].split(), ["lma", "0", "mn0@example.com", "active",
                                            "2001:db8:0::/64,2001:db8:1000::/64", "2001:db8:100::2", "1h02m", "45s",
                                            "-", "-", "4", "0"])

    def test_all_pages_as_json(self):
        self.assertEqual(json.loads(self.run_it("-j", "session", "list")), {"items": SESSIONS, "next": None})
        self.assertEqual(json.loads(self.run_it("-j", "stat", "get")), STAT)

    def test_parameters_are_passed_with_their_types(self):
        got = json.loads(self.run_it("-j", "mn", "attach", "port", "7", "mac", "02:00:00:00:aa:01", "vlan", "12"))
        self.assertEqual(got["host"], {"port": "7", "mac": "02:00:00:00:aa:01", "vlan": 12})
        self.assertEqual(self.run_it("session", "list", "mn", "mn7@example.com").count("\n"), 2)

    def test_formats(self):
        self.assertEqual(self.run_it("port", "list").split("\n")[1].split(),
                         ["core", "-", "yes", "-", "-", "-", "-", "1.2M", "-", "999", "-"])

    def test_an_empty_table_has_its_titles(self):
        self.assertEqual(self.run_it("pool", "list"), "POOL  PREFIX  LENGTH  USED  TOTAL\n")

    def test_a_terminal_gets_the_columns_that_fit(self):
        main, terminal = pty.openpty()
        subprocess.run(["stty", "cols", "60"], stdin=terminal, check=True)
        subprocess.run([PROGRAM, "-s", self.path, "session", "list", "mn", "mn7@example.com"], stdout=terminal,
                       check=True, timeout=60)
        os.close(terminal)
        lines = os.read(main, 4096).decode().split("\r\n")
        os.close(main)
        self.assertEqual(lines[0].split(), ["ROLE", "SESSION", "MOBILE", "NODE", "STATE"])
        self.assertIn("(no room for: PREFIXES, PEER,", lines[2])

    def test_refused(self):
        self.assertEqual(self.run_it("session", "get", "session", "9", status=1),
                         "kedgectl: no session 9 (unknown-session)\n")

    def test_usage(self):
        for words, said in ((["session"], "no command \"session\""), (["session", "steal"], "session get"),
                            (["cow", "list"], "no command \"cow list\""), (["-q"], "see `kedgectl help`"),
                            ([], "usage:"), (["help", "cow"], "no commands about \"cow\""),
                            (["session", "get"], "session is missing"),
                            (["session", "get", "session"], "session needs a value"),
                            (["session", "get", "session", "7x"], "session takes a number"),
                            (["session", "get", "session", "1", "session", "2"], "given twice"),
                            (["mn", "attach", "port", "a", "mac", "b", "vlan", "4095"], "0..4094, not \"4095\""),
                            (["stat", "get", "all", "yes"], "all takes true or false"),
                            (["port", "list", "color", "red"], "no parameter \"color\"")):
            with self.subTest(words):
                self.assertIn(said, self.run_it(*words, status=2))

    def test_no_daemon(self):
        self.assertEqual(self.run_it("server", "hello", status=3, path="/nonexistent"),
                         "kedgectl: no daemon answers on /nonexistent\n")
        self.assertIn("too long", self.run_it("server", "hello", status=3, path="/" + "x" * 200))

    def test_help_and_version(self):
        self.assertIn("exit: 0 done, 1 refused, 2 usage, 3 no daemon", self.run_it("help"))
        self.assertEqual(self.run_it("help"), self.run_it("--help"))
        self.assertEqual(self.run_it("help", "mn"), self.run_it("mn", "help"))
        self.assertIn("(optional)", self.run_it("help", "mn"))
        self.assertRegex(self.run_it("--version"), r"^kedgectl \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=0).result
    bad = len({id(case) for case, _ in result.failures + result.errors})
    print(f"kedgectl: {result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad != 0)

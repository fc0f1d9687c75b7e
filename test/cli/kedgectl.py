#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kedgectl against the daemon of daemon.py: kedgectl.py PROGRAM"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import unittest

from daemon import CONFIG, EVENTS, SECRET, SESSIONS, STAT, Daemon
from terminal import ESCAPE, Terminal, frames

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "kedgectl"
TOP = pathlib.Path(__file__).resolve().parents[2]
ASSOCIATION = ("direction", "in", "destination", "::1", "spi", "256")


def rows():
    """(noun, verb or "") of each command, by the program's own help."""
    out = subprocess.run([PROGRAM, "help"], capture_output=True, text=True, check=True).stdout
    listed = out.split("\n\n")[2].split("\n")
    return [re.match(r"([a-z]+)(?: ([a-z]+))?  ", line).groups(default="") for line in listed]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.path = cls.daemon.path

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()

    def run_it(self, *words, status=0, path=None, given="", **environment):
        """What it prints; on a failure, what it says on standard error. given: its standard input."""
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60, input=given,
                              env={"PATH": os.environ["PATH"], "KEDGE_SOCKET": path or self.path, **environment})
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout if status else done.stderr, "")
        return done.stderr if status else done.stdout

    def on_terminal(self, *words, columns=80, **environment):
        """The lines that it shows on a terminal so wide."""
        with Terminal([PROGRAM, "-s", self.path, *words], columns, **environment) as terminal:
            self.assertEqual(terminal.end(), 0)
            return terminal.text.split("\r\n")[:-1]


class Answers(Case):
    def test_object_shows_every_key_and_nothing_that_moves_the_cursor(self):
        self.assertEqual(self.run_it("server", "hello"),
                         "name:     lma1\nroles:    lma,mag\nuptime_s: 5s\nstrange:  ?[2Jgone\nnothing:  -\n")

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
                                            "-", "-", "4", "0", "-"])

    def test_all_pages_as_json(self):
        self.assertEqual(json.loads(self.run_it("-j", "session", "list")), {"items": SESSIONS, "next": None})
        self.assertEqual(json.loads(self.run_it("-j", "stat", "get")), STAT)

    def test_parameters_are_passed_with_their_types(self):
        got = json.loads(self.run_it("-j", "mn", "attach", "port", "7", "mac", "02:00:00:00:aa:01", "vlan", "12"))
        self.assertEqual(got["host"], {"port": "7", "mac": "02:00:00:00:aa:01", "vlan": 12})
        self.assertEqual(self.run_it("session", "list", "mn", "mn7@example.com").count("\n"), 2)

    def test_formats(self):
        self.assertEqual(self.run_it("port", "list").split("\n")[1].split(),
                         ["core", "core", "up", "100", "1.3M", "9", "999", "-", "1500", "-", "-", "-", "-"])

    def test_an_empty_table_has_its_titles(self):
        self.assertEqual(self.run_it("pool", "list"), "POOL  PREFIX  USED  TOTAL  LENGTH\n")

    def test_refused(self):
        self.assertEqual(self.run_it("session", "get", "session", "9", status=1),
                         "kedgectl: no session 9 (unknown-session)\n")

    def test_a_method_that_the_daemon_lacks_is_its_refusal(self):
        self.assertEqual(self.run_it("trace", "list", status=1),
                         "kedgectl: no method trace.list (method-not-found)\n")

    def test_every_refusal_is_shown(self):
        self.assertEqual(self.run_it("config", "apply", status=1),
                         "kedgectl: a: restart (config-refused)\nkedgectl: b: restart\n")

    def test_the_daemon_is_told_whole_paths(self):
        got = json.loads(self.run_it("-j", "config", "check", "file", "new.yaml"))
        self.assertEqual(got, {"file": os.getcwd() + "/new.yaml"})

    def test_options_stand_anywhere(self):
        self.assertEqual(self.run_it("session", "list", "-j", "mn", "mn7@example.com"),
                         self.run_it("-j", "session", "list", "mn", "mn7@example.com"))

    def test_rows_and_flows_of_a_mobile_node(self):
        self.assertEqual([line.split() for line in self.run_it("mn", "rows", "mn", "mn0@example.com").splitlines()],
                         [["SESSION", "PREFIX", "GATEWAY", "STATE", "OWNED", "BID", "KIND", "OFF", "LINK", "ATT", "ROLE"],
                          ["0", "2001:db8:1::/64", "2001:db8:101::1", "active", "yes", "1", "permanent", "no", "4", "lma"],
                          ["1", "2001:db8:1::/64", "2001:db8:102::1", "idle", "no", "2", "permanent", "yes", "3", "lma"]])
        self.assertEqual(re.split("  +", self.run_it("flow", "list", "mn", "mn0@example.com").splitlines()[1].strip()),
                         ["7", "10", "protocol=udp source-port=5004", "1", "2001:db8:102::1", "yes", "no", "2", "1,3", "-"])

    def test_a_move_says_what_is_asked_for(self):
        got = json.loads(self.run_it("-j", "mn", "move", "mn", "a@b", "access", "wlan", "prefixes", "2001:db8::/64",
                                     "keep", "idle", "given_up", "true"))
        self.assertEqual(got, {"mn": "a@b", "access": "wlan", "prefixes": "2001:db8::/64", "keep": "idle",
                               "given_up": True})
        got = json.loads(self.run_it("-j", "flow", "add", "mn", "a@b", "selector", "protocol=udp source-port=5004",
                                     "priority", "10", "session", "1"))
        self.assertEqual(got, {"mn": "a@b", "selector": "protocol=udp source-port=5004", "priority": 10, "session": 1})

    def test_columns_of_a_list_in_an_item(self):
        self.assertEqual(self.run_it("mn", "list").split("\n")[1].split()[:4],
                         ["both@example.com", "lma,lma", "active,active", ",".join(SESSIONS[0]["prefixes"] +
                                                                                   SESSIONS[1]["prefixes"])])

    def test_the_configuration_is_yaml(self):
        self.assertEqual(self.run_it("config", "get"), "# file: kedge.yaml\n# applies: 0\n" + CONFIG["yaml"])

    def test_no_answer_is_too_strange(self):
        """Whatever shape it has: kedgectl shows something or nothing, and ends by itself."""
        deep = []
        for _ in range(100):
            deep = [{"items": deep, "next": None}]
        odd = {"x": None, "at": -1, "wall": "2020-99-99Z", "sessions": {"a": 1}, "stages": [1, None, {"stage": {}}],
               "verdict": ["a"], "frames": [5, "6", ""], "yaml": 7, "queues": 3, "workers": "no", "drops": [1],
               "\u1234" * 300: "\u4567" * 300, "expires_in_s": -2**63, "rx_bytes": 2**63 - 1, "skew_ms": -2**63}
        commands = [row for row in rows() if row not in (("event", "watch"), ("support", "bundle"), ("top", "")) and
                    row[0] != "completion"]
        for number, always in enumerate((7, "text", [], [1, "a", None], {"items": 5}, {"items": [1, None, "a", [], {}], "next": []},
                       {"items": [odd, {}], "next": None}, odd, deep[0])):
            daemon = Daemon(always)
            top = subprocess.Popen([PROGRAM, "-s", daemon.path, "top", "--once"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
            for noun, verb in commands:
                words = {"session": ("session", "1"), "peer": ("peer", "::1"), "port": ("port", "a"),
                         "mn": ("mn", "a"), "log": ("level", "info")}.get(noun, ()) if verb not in ("list",) else ()
                words = {("mn", "attach"): ("port", "a", "mac", "b"), ("mn", "detach"): ("mac", "b"),
                         ("sa", "add"): (*ASSOCIATION, "source", "::2", "algorithm", "aes-gcm-128", "key", "00"),
                         ("sa", "del"): ASSOCIATION, ("log", "get"): (), ("flow", "list"): ("mn", "a"),
                         ("flow", "add"): ("mn", "a", "selector", "any", "priority", "1"),
                         ("flow", "move"): ("mn", "a", "id", "1"),
                         ("flow", "del"): ("mn", "a", "id", "1")}.get((noun, verb), words)
                with self.subTest((noun, verb, number)):
                    self.run_it(noun, verb, *words, path=daemon.path)
            self.run_it("completion", "words", "--", "session", "get", "session", "", path=daemon.path)
            self.assertEqual((top.communicate(timeout=60)[1], top.returncode), (b"", 0))
            daemon.stop()

    def test_a_secret_comes_by_the_standard_input(self):
        words = ("-j", "sa", "add", *ASSOCIATION, "source", "::2", "algorithm", "aes-gcm-128", "key")
        self.assertEqual(json.loads(self.run_it(*words, "-", given="00ff\nmore\n"))["key"], "00ff")
        self.assertEqual(json.loads(self.run_it(*words, "0011", given="00ff\n"))["key"], "0011")
        self.assertIn("key", self.run_it(*words, "-", status=2))

    def test_explained_stage_by_stage(self):
        lines = self.run_it("packet", "explain", "dst", "2001:db8::1").split("\n")
        self.assertEqual(lines[:2], [" 1  classify  IPv6                    1500 bytes",
                                     " 2  encap     too big for the tunnel  1500 > 1460"])
        self.assertEqual(lines[2], "=>  dropped")
        self.assertEqual(lines[3:6], ["    drop: encap.too-big", "    port: core", "    answer: icmp6_type=2 word=1460"])
        self.assertEqual(lines[6:8], ["    frame 1 of 40 bytes", "    0000  60 00 60 00 60 00 60 00 60 00 60 00 60 00 60 00"])

    def test_times_are_local_and_skews_signed(self):
        line = self.run_it("event", "list", TZ="Asia/Tokyo").split("\n")[1]
        self.assertTrue(line.startswith("2020-02-03 13:05:00.125"), line)
        self.assertEqual(self.run_it("peer", "list").split("\n")[1].split(),
                         ["mag1", "2001:db8:101::1", "-", "1", "1.5s", "-12ms", "10", "10", "lma", "esp"])

    def test_events_stream_until_the_daemon_goes(self):
        for words, events in (((), EVENTS), (("kinds", "peer-lost"), EVENTS[1:])):
            done = subprocess.run([PROGRAM, "-s", self.path, "-j", "event", "watch", *words], capture_output=True,
                                  text=True, timeout=60)
            self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], events)
            self.assertEqual((done.returncode, done.stderr), (3, f"kedgectl: {self.path}: Connection reset by peer\n"))
        done = subprocess.run([PROGRAM, "-s", self.path, "event", "watch"], capture_output=True, text=True, timeout=60)
        self.assertEqual([line.split()[-3] for line in done.stdout.splitlines()], [e["kind"] for e in EVENTS])

    def test_usage(self):
        for words, said in ((["session"], "\"session\" alone is no command"), (["session", "steal"], "session get"),
                            (["cow", "list"], "no command \"cow list\""), (["-q"], "see `kedgectl help`"),
                            ([], "usage:"), (["help", "cow"], "no commands about \"cow\""),
                            (["mn", "milk", "--help"], "no commands about \"mn milk\""), (["-h", "-q"], "see `kedgectl help`"),
                            (["session", "get"], "session is missing"),
                            (["session", "get", "session"], "session needs a value"),
                            (["session", "get", "session", "-1"], "session takes no number below 0"),
                            (["mn", "move", "mn", "mn1", "session", "-20"], "session takes no number below 0"),
                            (["session", "get", "session", "7x"], "session takes a number"),
                            (["session", "get", "session", "1", "session", "2"], "given twice"),
                            (["mn", "attach", "port", "a", "mac", "b", "vlan", "4095"], "0..4094, not \"4095\""),
                            (["stat", "get", "all", "yes"], "all takes true or false"),
                            (["port", "list", "color", "red"], "no parameter \"color\""),
                            (["--watch", "0", "port", "list"], "expected 1 to"), (["top", "-j"], "top is for people"),
                            (["top"], "no terminal")):
            with self.subTest(words):
                self.assertIn(said, self.run_it(*words, status=2))

    def test_no_daemon(self):
        self.assertEqual(self.run_it("server", "hello", status=3, path="/nonexistent"),
                         "kedgectl: no daemon answers on /nonexistent\n")
        self.assertIn("too long", self.run_it("server", "hello", status=3, path="/" + "x" * 200))


class Terminals(Case):
    def test_tables_fit(self):
        """The least important columns go first, long text is cut, and nothing is wider than the terminal."""
        for columns, cut, titles in ((60, True, ["ROLE", "SESSION", "MOBILE NODE", "STATE", "PREFIXES"]),
                                     (80, True, ["ROLE", "SESSION", "MOBILE NODE", "STATE", "PREFIXES", "PEER"]),
                                     (200, False, ["ROLE", "SESSION", "MOBILE NODE", "STATE", "PREFIXES", "PEER",
                                                   "EXPIRES", "LIFETIME", "PORT", "MAC", "ATT", "HANDOVERS", "BID"])):
            with self.subTest(columns):
                lines = self.on_terminal("session", "list", "mn", "mn7@example.com", columns=columns, NO_COLOR="1")
                self.assertEqual(re.split("  +", lines[0].strip()), titles)
                self.assertTrue(all(len(line) <= columns for line in lines[:2]), lines)
                self.assertEqual("(no room for: " in lines[-1], cut)
        self.assertIn("\u2026", self.on_terminal("session", "list", "mn", "mn7@example.com", NO_COLOR="1")[1])
        self.assertNotIn("\u2026", self.run_it("session", "list", "mn", "mn7@example.com", COLUMNS="40"))

    def test_colours(self):
        words = ("session", "list", "mn", "mn7@example.com")
        self.assertIn("\x1b[32mactive\x1b[0m", self.on_terminal(*words)[1])
        self.assertNotIn("\x1b", "".join(self.on_terminal(*words, NO_COLOR="1")))
        self.assertNotIn("\x1b", "".join(self.on_terminal(*words, TERM="dumb")))
        self.assertNotIn("\x1b", self.run_it(*words))

    def test_watch_shows_rates(self):
        with Terminal([PROGRAM, "-s", self.path, "--watch", "1", "port", "list"], 200, NO_COLOR="1") as terminal:
            terminal.wait_for("port list every 1s")
            terminal.forget()
            terminal.wait_for("/s")
            terminal.wait_for("down")
            shown = frames(terminal.text)[-1]
            os.kill(terminal.process.pid, signal.SIGINT)
            terminal.end()
        self.assertRegex(shown[2], r"^core .* \d+ \+\d+/s +1\.\dM \+\d+k/s +9 +999 ")

    def test_watch_shows_rates_of_single_counters(self):
        with subprocess.Popen([PROGRAM, "-s", self.path, "--watch", "1", "stat", "get", "all", "true"], text=True,
                              stdout=subprocess.PIPE) as process:
            line = ""
            while "/s" not in line:
                line = process.stdout.readline()
            process.terminate()
        self.assertRegex(line, r"^  session.handovers: \d+ \+\d(\.\d)?/s$")

    def test_watched_json_is_a_line_each(self):
        with subprocess.Popen([PROGRAM, "-s", self.path, "-j", "--watch", "1", "stat", "get"], text=True,
                              stdout=subprocess.PIPE) as process:
            self.assertEqual([json.loads(process.stdout.readline()) for _ in range(2)], [STAT, STAT])
            process.terminate()


class Top(Case):
    def live(self, columns=80, lines=24, **environment):
        return Terminal([PROGRAM, "-s", self.path, "top"], columns, lines, **environment)

    def test_once(self):
        lines = self.run_it("top", "--once", "--seconds", "1", COLUMNS="100", LINES="30").split("\n")
        self.assertRegex(lines[0], r"^lma1  lma,mag  kedge -  up 5s  not ready +\d\d:\d\d:\d\d$")
        self.assertRegex(lines[1], r"^sessions .* opened 0/s  closed 0/s  handovers [01](\.\d)?/s ")
        self.assertRegex(lines[2], r"^control .* 34\.5%  longest turn 1\.2ms  turns [89]\d|1\d\d/s  items 64 at most")
        self.assertRegex(lines[3], r"^workers .* 0: 75%")
        port = next(line for line in lines if line.startswith("core"))
        self.assertRegex(port, r"^core +up +(9\d|1\d\d) +(7\d\d|8\d\d)k +0 +0 +0$")
        drops = [line.split()[0] for line in lines if re.match(r"(route|mh|tx)\.", line)]
        self.assertEqual(drops, ["route.no-route", "mh.checksum"])  # what moves first; zeros not at all
        self.assertIn("mag2", "\n".join(lines))

    def test_every_size_is_filled_and_not_overrun(self):
        for columns, lines in ((80, 24), (60, 16), (20, 5), (200, 60)):
            with self.subTest((columns, lines)), self.live(columns, lines, NO_COLOR="1") as terminal:
                terminal.wait_for("lma1")
                terminal.type("q")
                self.assertEqual(terminal.end(), 0)
                for frame in frames(terminal.text):
                    self.assertLessEqual(len(frame), lines)
                    self.assertLessEqual(max(map(len, frame)), columns)

    def test_keys_and_a_new_size(self):
        with self.live(NO_COLOR="1") as terminal:
            terminal.wait_for("route.no-route")
            for key, shown in (("d", "DROP"), ("p", "QUEUE"), ("s", "PEER"), (" ", "paused"), (" a", "STAGE")):
                terminal.forget()
                terminal.type(key)
                terminal.wait_for(shown)
            terminal.forget()
            terminal.resize(50, 12)
            terminal.wait_for("STAGE")
            self.assertLessEqual(max(map(len, frames(terminal.text)[0])), 50)
            terminal.type("q")
            self.assertEqual(terminal.end(), 0)
            self.assertTrue(terminal.is_restored())

    def test_the_terminal_is_restored_on_every_exit(self):
        for way in ("\x03", "q", signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            daemon = Daemon()
            with self.subTest(way), Terminal([PROGRAM, "-s", daemon.path, "top"]) as terminal:
                terminal.wait_for("lma1")
                self.assertFalse(terminal.is_restored())
                if isinstance(way, str):
                    terminal.type(way)
                else:
                    os.kill(terminal.process.pid, way)
                self.assertEqual(terminal.end(), 0)
                self.assertTrue(terminal.is_restored())
                self.assertIn("\x1b[?25h\x1b[?1049l", terminal.text)
            daemon.stop()

    def test_a_daemon_that_comes_back_is_followed(self):
        daemon = Daemon()
        with Terminal([PROGRAM, "-s", daemon.path, "top"], NO_COLOR="1") as terminal:
            terminal.wait_for("lma1")
            daemon.hang_up()
            terminal.wait_for("no daemon answers")
            terminal.type("d")  # keys are heard meanwhile
            daemon.come_back("lma2")
            terminal.wait_for("lma2")
            terminal.type("q")
            self.assertEqual(terminal.end(), 0)
            self.assertNotIn("kedgectl:", terminal.text)
            back = [frame for frame in frames(terminal.text) if frame[0].startswith("lma2")]
            self.assertNotIn("no daemon answers", back[0][0])
        daemon.stop()


class Bundle(Case):
    def test_all_of_it_and_no_secret(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "b.tar.gz")
            told = self.run_it("support", "bundle", "file", file, TMPDIR=folder)
            self.assertIn(f"wrote {file}: ", told)
            self.assertEqual(os.listdir(folder), ["b.tar.gz"])  # nothing is left behind
            self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
            with tarfile.open(file) as archive:
                content = {os.path.basename(m.name): archive.extractfile(m).read().decode()
                           for m in archive.getmembers() if m.isfile()}
        for name in ("server-hello.json", "session-list.json", "stat-get-1.json", "stat-get-2.json", "config-get.json",
                     "event-list.json", "kernel.txt", "cpuinfo.txt", "meminfo.txt", "nics.txt", "manifest.json"):
            self.assertIn(name, content)
        self.assertEqual(json.loads(content["session-list.json"])["items"], SESSIONS)
        self.assertEqual([name for name, text in content.items() if SECRET in text], [])
        config = json.loads(content["config-get.json"])
        self.assertEqual(config["sections"]["radius"], {"server": "::1", "password": "(left out)"})
        self.assertEqual(config["yaml"], CONFIG["yaml"].replace(f'"{SECRET}"', "(left out)").replace(SECRET, "(left out)"))
        self.assertEqual(json.loads(content["manifest.json"])["secrets_left_out"], 4)
        self.assertIn("trace-list.json: no method trace.list", told)

    def test_a_dead_daemon_has_a_bundle_too(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "b.tar.gz")
            told = json.loads(self.run_it("-j", "support", "bundle", "file", file, path=folder + "/nobody"))
            self.assertEqual(told["missing"]["daemon"], "No such file or directory")
            self.assertIn("kernel.txt", told["files"])

    def test_no_archive_where_none_can_be(self):
        self.assertIn("no archive", self.run_it("support", "bundle", "file", "/nonexistent/b.tar.gz", status=1,
                                                path="/nonexistent/socket"))


class Help(Case):
    def test_every_row_has_its_help(self):
        self.assertGreater(len(rows()), 30)
        page = (TOP / "docs/kedgectl.md").read_text()
        for noun, verb in rows():
            with self.subTest(f"{noun} {verb}"):
                helped = self.run_it("help", noun)
                self.assertRegex(helped, rf"(?m)^{noun}{' ' + verb if verb else ''}  +\S.{{9,}}$")
                self.assertIn(f"`{noun} {verb}`" if verb else f"`{noun}`", page)
        for line in self.run_it("help", "mn").split("\n"):
            self.assertRegex(line, r"^$|^ {0,2}\S+( \S+)? +\S.{5,}$")

    def test_help_and_version(self):
        self.assertIn("exit: 0 done, 1 refused, 2 usage, 3 no daemon", self.run_it("help"))
        self.assertEqual(self.run_it("help"), self.run_it("--help"))
        self.assertEqual(self.run_it("help", "mn"), self.run_it("mn", "help"))
        self.assertEqual(self.run_it("help", "mn"), self.run_it("mn", "--help"))
        one = self.run_it("help", "mn", "attach")
        self.assertIn(one, self.run_it("help", "mn"))
        self.assertRegex(one, r"^mn attach  +.*\n(  .*\n)+$")
        for words in (["mn", "attach", "help"], ["mn", "attach", "-h"], ["-h", "mn", "attach", "port", "access"]):
            self.assertEqual(self.run_it(*words), one, words)
        self.assertIn("(optional)", self.run_it("help", "mn"))
        self.assertRegex(self.run_it("--version"), r"^kedgectl \d+\.\d+\.\d+\n$")

    def test_the_manual_is_written_from_the_rows(self):
        page = self.run_it("help", "man")
        self.assertEqual((TOP / "docs/kedgectl.1").read_text(), page, "kedgectl help man >docs/kedgectl.1")
        for noun, verb in rows():
            self.assertIn(f"\\fB{noun}{' ' + verb if verb else ''}\\fR", page)
        judges = (["man", "--warnings", "-E", "UTF-8", "-l", "-"], ["groff", "-ww", "-man", "-Tutf8"],
                  ["mandoc", "-Tlint", "-Wwarning"])
        for judge in judges:
            if shutil.which(judge[0]) is None:
                continue
            done = subprocess.run(judge, input=page, capture_output=True, text=True, timeout=60,
                                  env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
            self.assertEqual((done.returncode, done.stderr), (0, ""), judge)


class Completion(Case):
    def words(self, *words):
        return [line.split("\t")[0] for line in self.run_it("completion", "words", "--", *words).splitlines()]

    def test_words(self):
        for words, offered in ((("se",), ["server", "session"]), (("help", "mn"), ["mn"]), (("help", "mn", "a"), ["attach"]), (("session", ""), ["list", "get", "close", "revoke", "notify"]),
                               (("session", "revoke", "trigger", "acc"), ["access-termination"]),
                               (("mn", "move", "keep", "i"), ["idle"]), (("flow", "add", "access", "w"), ["wlan", "wimax"]),
                               (("flow", "move", "mn", "a@b", "i"), ["id"]),
                               (("session", "list", "r"), ["role"]), (("session", "list", "role", ""), ["lma", "mag"]),
                               (("session", "list", "role", "lma", "r"), []),
                               (("-j", "session", "list", "state", "act"), ["active"]),
                               (("--watch", "2", "mn", "at"), ["attach"]), (("--so",), ["--socket"]),
                               (("config", "check", "file", ""), ["<file>"]), (("-s", ""), ["<file>"]),
                               (("cow", "list", "x"), []), (("top", ""), [])):
            with self.subTest(words):
                self.assertEqual(self.words(*words), offered)

    def test_values_come_from_the_daemon_and_are_bounded(self):
        self.assertEqual(self.words("session", "get", "session", "19"), ["19", *(str(n) for n in range(190, 200))])
        self.assertEqual(self.words("mn", "history", "mn", "mn19@"), ["mn19@example.com"])
        self.assertEqual(self.words("event", "watch", "kinds", "p"), ["peer-lost"])
        self.assertEqual(self.words("-s", self.path, "port", "show", "port", "co"), ["core"])
        self.assertEqual(self.words("-s", "/nonexistent", "port", "show", "port", ""), [])

    def bash(self, line):
        """What bash would offer behind this line."""
        script = self.run_it("completion", "bash") + """
            COMP_LINE=$1 COMP_POINT=${#1}
            IFS=$' \\t\\n:' read -ra COMP_WORDS <<<"$1"
            [[ $1 != *' ' ]] || COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _kedgectl
            printf '%s\\n' "${COMPREPLY[@]}"
        """
        return subprocess.run(["bash", "-c", script, "bash", line], capture_output=True, text=True, timeout=60,
                              env={"PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"],
                                   "KEDGE_SOCKET": self.path}).stdout.split("\n")[:-1]

    def test_bash(self):
        script = self.run_it("completion", "bash")
        self.assertEqual(subprocess.run(["bash", "-n"], input=script, text=True).returncode, 0)
        self.assertEqual(self.bash("kedgectl tun"), ["tunnel"])
        self.assertEqual(self.bash("kedgectl session list ro"), ["role"])
        self.assertEqual(self.bash("kedgectl mn history mn mn1999"), [""])
        self.assertEqual(self.bash("kedgectl mn history mn mn199"), ["mn199@example.com"])
        # What stands before the last colon is on the line already.
        self.assertEqual(self.bash("kedgectl peer list address 2001:db8:101::"), ["1", "2"])
        self.assertEqual(self.bash("kedgectl peer list address 2001:db8:10"), ["101::1", "101::2"])
        here = os.getcwd()
        self.assertEqual(self.bash(f"kedgectl config check file {here}/{os.listdir(here)[0]}")[0],
                         f"{here}/{os.listdir(here)[0]}")

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh(self):
        script = self.run_it("completion", "zsh")
        self.assertEqual(subprocess.run(["zsh", "-n"], input=script, text=True).returncode, 0)
        shim = "_describe() { print -rl -- \"${(@P)4}\" }\n_files() { print files }\nwords=(\"$@\") CURRENT=$#\n"
        for words, offered in ((("tun",), "tunnel:Tunnels in use, and whether their next hop answers"),
                               (("peer", "list", "address", "2001:db8:101::1"), r"2001\:db8\:101\:\:1:"),
                               (("config", "check", "file", ""), "files")):
            done = subprocess.run(["zsh", "-fc", shim + script, "zsh", PROGRAM, *words], capture_output=True, text=True,
                                  timeout=60, env={"PATH": os.environ["PATH"], "KEDGE_SOCKET": self.path})
            self.assertEqual(done.stdout, offered + "\n", done.stderr)


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=0).result
    bad = len({id(getattr(case, "test_case", case)) for case, _ in result.failures + result.errors})
    skipped = len(result.skipped)
    print(f"kedgectl: {result.testsRun - bad - skipped} passed, {bad} failed, {skipped} skipped")
    sys.exit(bad != 0)

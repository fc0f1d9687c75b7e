# SPDX-License-Identifier: BSD-3-Clause
"""Which test shows which sentence, and which tests ran.

A test says it in a comment: `shows: RFC5213-5.3.1-05 RFC5213-5.3.1-06`. The comment stands where it can belong to one
test only: in C inside a test's function or directly above it; else in the file of the test, which is a scenario, the
case.txt of a golden case, or a case of the end to end tests.

A test is named as it is found: FILE:FUNCTION in C, else its file. What ran is read from the files that the runners
append to where the environment names one by KEDGE_RAN: lines of a result, a suite and a name with tabs between.
"""
import collections
import os
import re

ID = re.compile(r"(?:RFC\d+|PARTIAL-HANDOFF)-[\d.]+(?:-\d+)?")
SHOWS = re.compile(r"\bshows:(.*)", re.S)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FUNCTION = re.compile(r"^(\w+)\([^;{]*?\)\n\{\n.*?^\}", re.S | re.M)
STATIC = re.compile(r"^static [^\n]*\n(\w+)\(", re.M)
TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
ROWS = (re.compile(r"\{\s*" + TEXT + r",\s*(\w+)\s*\}"), re.compile(r"CASE\(()(\w+),\s*" + TEXT + r"\)"))
PRIVILEGED = {"e2e"}  # suites that cannot run everywhere
SKIPPED_FOLDERS = ("test/conformance/", "test/fuzz/corpus/", "test/lint/")

Mark = collections.namedtuple("Mark", "id test place")  # test: None where the mark belongs to none
Test = collections.namedtuple("Test", "where suite name")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def ids(comment):
    m = SHOWS.search(comment)
    return ID.findall(m.group(1)) if m else []


def spoken(literals):
    """The string that adjacent literals of C are."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"').replace("\\\\", "\\")


def functions(text):
    """NAME, where it begins with the comments directly above it, where it ends."""
    for m in FUNCTION.finditer(text):
        above = text[:m.start()].split("\n\n")[-1]
        # A closing brace, or a table's, ends what stands directly above.
        above = re.split(r"^\S*\};?\n", above, flags=re.M)[-1]
        yield m.group(1), m.start() - len(above), m.end()


def unit_names(folder):
    """FILE -> FUNCTION -> name of its case, as the tables of a room's unit program say; of a static one its own file's."""
    own, every, static = {}, {}, {}
    for f in sorted(os.listdir(folder)):
        if f.endswith((".c", ".def", ".h")):
            text = read(os.path.join(folder, f))
            own[f] = {m.group(2): spoken(m.group(1)) for m in ROWS[0].finditer(text)}
            own[f] |= {m.group(2): spoken(m.group(3)) for m in ROWS[1].finditer(text)}
            every |= own[f]
            static[f] = STATIC.findall(text)
    return {f: {name: every[name] for name in every.keys() - static[f]} | names for f, names in own.items()}


def of_unit(root, path, names):
    text = read(os.path.join(root, path))
    room = path.split("/")[2]
    spans = list(functions(text))
    for comment in COMMENT.finditer(text):
        for one in ids(comment.group()):
            line = text.count("\n", 0, comment.start()) + 1
            inside = [name for name, begin, end in spans if begin <= comment.start() < end and name in names]
            test = Test(f"{path}:{inside[0]}", f"unit {room}", names[inside[0]]) if len(inside) == 1 else None
            yield Mark(one, test, f"{path}:{line}")


def of_file(root, path):
    """A file that is one test, or none."""
    parts = path.split("/")
    test = None
    if parts[1] == "scenario" and parts[2] != "wrong" and path.endswith(".txt"):
        test = Test(path, "scenario", "/".join(parts[2:]))
    elif parts[1:3] == ["pcap", "cases"] and parts[-1] == "case.txt":
        test = Test(path, "unit pcap", parts[3])
    elif parts[1:3] == ["e2e", "cases"] or path == "test/e2e/demo":
        test = Test(path, "e2e", parts[-1])
    for n, line in enumerate(read(os.path.join(root, path)).split("\n"), 1):
        if line.lstrip().startswith("#"):
            for one in ids(line):
                yield Mark(one, test, f"{path}:{n}")


def find(root):
    """All marks below test/."""
    names = {}
    for at, _, files in sorted(os.walk(os.path.join(root, "test"))):
        for f in sorted(files):
            path = os.path.relpath(os.path.join(at, f), root)
            if path.startswith(SKIPPED_FOLDERS) or f.endswith((".pcap", ".pyc")):
                continue
            if f.endswith((".c", ".h")):
                if at not in names:
                    names[at] = unit_names(at) if path.startswith("test/unit/") and path.count("/") > 2 else {}
                yield from of_unit(root, path, names[at].get(f, {}))
            else:
                yield from of_file(root, path)


class Ran:
    """What the runners left: results by suite and name. A golden case's name stands before the first colon."""

    def __init__(self, paths):
        self.results, self.suites = {}, {}
        for path in paths:
            for line in read(path).splitlines():
                result, suite, name = (line.split("\t", 2) + ["", ""])[:3]
                name = name.split(":")[0] if suite == "unit pcap" else name
                self.suites.setdefault(suite, set()).add(result)
                self.results.setdefault((suite, name), set()).add(result)

    def of(self, test):
        """"ok", "failed", "not run", or "not here": its suite cannot run everywhere, and did not run at all."""
        results = self.results.get((test.suite, test.name), set())
        if not results:
            here = test.suite not in PRIVILEGED or self.suites.get(test.suite, {"skipped"}) != {"skipped"}
            return "not run" if here else "not here"
        return "ok" if results == {"ok"} else "failed"

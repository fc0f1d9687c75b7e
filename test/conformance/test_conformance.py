#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""conformance.py on a tree of a few rows: each thing that it is there to find is put in, and has to be found."""
import os
import shutil
import subprocess
import sys
import tempfile

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "conformance.py")
TREE = {
    "test/conformance/rfc1.csv": """id,section,level,verdict,where
RFC1-2-01,2,MUST,,
RFC1-2-02,2,MUST,,
RFC1-2-03,2,MAY,,
RFC1-3.1-01,3.1,MUST,by-design,"lib/mh/opt.def:OPT(7, ""a"") -- a row has one length"
RFC1-3.1-02,3.1,MUST,not-applicable,the mobile node
RFC1-3.1-03,3.1,SHOULD,missing,IPv4: an address of the other family
""",
    "docs/conformance/missing.md": "# What is missing\n\n## IPv4\n",
    "lib/mh/opt.def": 'OPT(7, "a")\n',
    "test/unit/mh/mh.c": """#include "unit.h"

static void
helper(void)
{
}

/* shows: RFC1-2-01 */
static void
above(void)
{
	helper();
}

static void
within(void)
{
	/* shows: RFC1-2-02
	 * RFC1-2-01 */
	helper();
}

static const struct unit_case cases[] = {
	{"a name "
	 "of two parts, \\"quoted\\"", above},
	{"within: a colon", within},
};
""",
    "test/unit/mh/other.c": """/* shows: RFC1-2-01 */
static void
within(void)
{
}

static const struct unit_case cases[] = {
	{"another within", within},
};
""",
    "test/scenario/lma/one.txt": "title: one\n# shows: RFC1-2-02\n",
    "test/pcap/cases/one/case.txt": "# shows: RFC1-2-02\nshows RFC 1\n",
    "test/e2e/cases/one": "#!/bin/sh\n# shows: RFC1-2-03: what it is, by HMAC-SHA-1\n",
}
RAN = ('ok\tunit mh\ta name of two parts, "quoted"\nok\tunit mh\tanother within\nok\tunit mh\twithin: a colon\n'
       "ok\tscenario\tlma/one.txt\nok\tunit pcap\tone: RFC 1\nok\te2e\tone\n")


class Tree:
    def __init__(self):
        self.root = tempfile.mkdtemp()
        for path, text in TREE.items():
            self.put(path, text)
        self.put("ran", RAN)
        self.run("check", "--write")

    def put(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)

    def edit(self, path, old, new):
        with open(os.path.join(self.root, path), encoding="utf-8") as f:
            text = f.read()
        assert old in text, (path, old)
        self.put(path, text.replace(old, new, 1))

    def run(self, *words, sentences=None):
        where = ["--sentences", os.path.join(self.root, sentences)] if sentences else []
        out = subprocess.run([sys.executable, TOOL, "--root", self.root, *where, *words], check=False,
                             capture_output=True, text=True)
        return out.returncode, out.stdout + out.stderr

    def check(self, *words):
        return self.run("check", "--ran", os.path.join(self.root, "ran"), *words)


CSV, UNIT, PAGE = "test/conformance/rfc1.csv", "test/unit/mh/mh.c", "docs/conformance/rfc1.md"
# What is done to a good tree, and what has to be said of it.
SPOILT = {
    "a mark of an unknown id": (lambda t: t.edit(UNIT, "RFC1-2-01 */\nstatic", "RFC1-9-01 */\nstatic"),
                                "mh.c:8: there is no sentence RFC1-9-01"),
    "a mark of a section": (lambda t: t.edit(UNIT, "shows: RFC1-2-01", "shows: RFC1-2-01 RFC1-2"),
                            "there is no sentence RFC1-2"),
    "a mark in a helper": (lambda t: t.edit(UNIT, "helper(void)\n{\n", "helper(void)\n{\n\t/* shows: RFC1-2-01 */\n"),
                           "mh.c:6: a mark that is no test's"),
    "a mark of a file": (lambda t: t.edit(UNIT, '#include "unit.h"\n', '#include "unit.h"\n/* shows: RFC1-2-01 */\n'),
                         "mh.c:2: a mark that is no test's"),
    "a mark behind a test": (lambda t: t.edit(UNIT, "\thelper();\n}\n", "\thelper();\n}\n/* shows: RFC1-2-01 */\n"),
                             "mh.c:14: a mark that is no test's"),
    "a mark in a file that has to fail": (lambda t: t.put("test/scenario/wrong/x.txt", "# shows: RFC1-2-01\n"),
                                          "x.txt:1: a mark that is no test's"),
    "a function that is no case any more": (lambda t: t.edit(UNIT, '{"within: a colon", within}', ""),
                                            "a mark that is no test's"),
    "a row twice": (lambda t: t.edit(CSV, "RFC1-3.1-02,", "RFC1-2-01,"), "RFC1-2-01: has more than one row"),
    "an unknown verdict": (lambda t: t.edit(CSV, "not-applicable", "not-needed"), "'not-needed' is no verdict"),
    "no verdict": (lambda t: t.edit(CSV, "not-applicable,the mobile node", ","), "RFC1-3.1-02: no verdict"),
    "a verdict without a place": (lambda t: t.edit(CSV, ",the mobile node", ","), "does not say where"),
    "a design whose row is gone": (lambda t: t.put("lib/mh/opt.def", "OPT(8)\n"), "lib/mh/opt.def has no 'OPT(7, \"a\")'"),
    "a design whose file is gone": (lambda t: os.remove(os.path.join(t.root, "lib/mh/opt.def")),
                                    "there is no file lib/mh/opt.def"),
    "a design without its reason": (lambda t: t.edit(CSV, " -- a row has one length", ""), "is not FILE:TEXT -- WHY"),
    "a capability that nobody names": (lambda t: t.edit(CSV, "IPv4:", "IPv9:"), "no heading 'IPv9'"),
    "a mark that is gone": (lambda t: t.edit("test/e2e/cases/one", "shows: RFC1-2-03", "nothing"),
                            "RFC1-2-03: its row is not as the marks say"),
    "a mark that is new": (lambda t: t.edit("test/e2e/cases/one", "RFC1-2-03", "RFC1-2-03 RFC1-2-01"),
                           "RFC1-2-01: its row is not as the marks say"),
    "a page that is behind": (lambda t: t.edit(PAGE, "by-design", "tested"), "rfc1.md is behind its rows"),
    "a test that did not run": (lambda t: t.edit("ran", "ok\tunit mh\twithin: a colon\n", ""), "mh.c:within: did not run"),
    "a program that did not run": (lambda t: t.edit("ran", RAN[:RAN.index("ok\tscenario")], ""), "mh.c:above: did not run"),
    "a test that failed": (lambda t: t.edit("ran", "ok\tunit mh\twithin", "failed\tunit mh\twithin"),
                           "mh.c:within: failed"),
    "a test that failed, and has its function's name from another": (
        lambda t: t.edit("ran", "ok\tunit mh\tanother", "failed\tunit mh\tanother"), "other.c:within: failed"),
    "a test that failed once": (lambda t: t.edit("ran", "ok\tscenario", "failed\tscenario\tlma/one.txt\nok\tscenario"),
                                "one.txt: failed"),
    "a case that ran under another suite": (lambda t: t.edit("ran", "unit pcap", "unit pcap-wrong"),
                                            "case.txt: did not run"),
}


def spoilt():
    for name, (spoil, said) in SPOILT.items():
        tree = Tree()
        spoil(tree)
        status, out = tree.check()
        yield name, status == 1 and said in out, out
        shutil.rmtree(tree.root)


def good():
    tree = Tree()
    status, out = tree.check("--all")
    yield "a good tree passes", status == 0 and "conformance: 6 passed, 0 failed, 0 skipped" in out, out
    with open(os.path.join(tree.root, CSV), encoding="utf-8") as f:
        rows = f.read()
    yield "a row says its tests", (
        "RFC1-2-02,2,MUST,tested,test/pcap/cases/one/case.txt; test/scenario/lma/one.txt; test/unit/mh/mh.c:within"
        in rows), rows
    status, out = tree.run("sample")
    yield "a sample needs a commit", status != 0, out
    subprocess.run(["git", "init", "-q", tree.root], check=True)
    subprocess.run(["git", "-C", tree.root, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q",
                    "--allow-empty", "-m", "x"], check=True)
    status, out = tree.run("sample")
    yield "a sample shows tested and by-design rows", (
        status == 0 and out.count("tested") == 3 and out.count("by-design") == 1), out
    for text, ok in ((TREE[CSV], 0), (TREE[CSV] + "RFC1-3.1-04,3.1,MUST,,\n", 1)):
        tree.put("sentences/rfc1.csv", text.replace("verdict,where", "text,more"))
        status, out = tree.run("check", sentences="sentences")
        yield f"sentences that are {'others' if ok else 'the same'}", status == ok, out

    tree.edit("ran", "ok\te2e\tone\n", "")
    status, out = tree.check()
    yield "what does not run here is skipped", status == 0 and "5 passed, 0 failed, 1 skipped" in out, out
    status, out = tree.check("--all")
    yield "and fails where all has to run", status == 1 and "cases/one: did not run" in out, out
    tree.edit("ran", "ok\tscenario", "skipped\te2e\t-\nok\tscenario")
    status, out = tree.check("--all")
    yield "but not where it says that it cannot", status == 0 and "not run here: RFC1-2-03" in out, out
    shutil.rmtree(tree.root)


def main():
    passed = failed = 0
    for name, ok, out in [*spoilt(), *good()]:
        passed, failed = passed + bool(ok), failed + (not ok)
        if not ok:
            print(f"FAIL {name}\n{out}")
    print(f"conformance-refuses: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())

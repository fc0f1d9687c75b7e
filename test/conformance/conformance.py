#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What is done about each normative sentence of an RFC: `make conformance`.

    conformance.py [--root DIR] [--sentences DIR] check [--write] [--all] [--ran FILE ...]
    conformance.py [--root DIR] [--sentences DIR] sample

A file test/conformance/*.csv has a row for each sentence: id,section,level,verdict,where. The verdicts:

    tested          a test shows it; `where` comes from the marks in the tests (marks.py) by --write, never by hand
    by-design       `where` is FILE:TEXT, with " -- WHY" behind it: what makes it impossible to break. TEXT stands in FILE
    not-applicable  `where` says whom it binds instead
    missing         `where` is CAPABILITY: WHAT, and docs/conformance/missing.md has a heading CAPABILITY

check wants each sentence once, with a verdict, rows and docs/conformance/*.md as the marks say, and each marked test
among those that ran and passed by what each FILE says (the runners append to the file that KEDGE_RAN names). Rows that
end to end cases alone show count as skipped where none of them ran: with --all they fail, unless their runner itself
says that it was skipped. Without FILE nothing is known to have run. --write puts the marks into the rows and makes the
pages.

sample picks fifteen rows by the hash of HEAD, up to five of them `by-design` and the rest `tested`, for a review by hand.

DIR of --sentences has a file of the same name for each csv, with the columns id and text: that both have the same ids
is checked, and sample prints the text. The sentences themselves are no part of this tree.
"""
import argparse
import csv
import hashlib
import os
import subprocess
import sys

sys.dont_write_bytecode = True
import marks  # noqa: E402 (no bytecode in the source tree)

VERDICTS = ("tested", "by-design", "not-applicable", "missing")
SAMPLE, SAMPLE_BY_DESIGN = 15, 5
COLUMNS = ["id", "section", "level", "verdict", "where"]
HERE = os.path.dirname(os.path.abspath(__file__))


class Table:
    """One csv: the rows of an RFC."""

    def __init__(self, root, name):
        self.name, self.path = name, os.path.join(root, "test/conformance", name + ".csv")
        with open(self.path, newline="", encoding="utf-8") as f:
            self.rows = list(csv.DictReader(f))

    def fill(self, shown):
        """Rows as the marks say: the marked ones are tested, and others are not."""
        for row in self.rows:
            if row["id"] in shown:
                row["verdict"], row["where"] = "tested", shown[row["id"]]
            elif row["verdict"] == "tested":
                row["verdict"] = row["where"] = ""

    def write(self):
        with open(self.path, "w", newline="", encoding="utf-8") as f:
            out = csv.DictWriter(f, COLUMNS, lineterminator="\n")
            out.writeheader()
            out.writerows(self.rows)


class Findings:
    """What is wrong, by sentence; "" where it is about none."""

    def __init__(self):
        self.of = {}

    def add(self, one, text):
        self.of.setdefault(one, []).append(text)

    def count(self):
        return len([one for one in self.of if one]) + len(self.of.get("", []))

    def print(self):
        for one, texts in self.of.items():
            for text in texts:
                print(f"{one}: {text}" if one else text)


def tables(root):
    names = sorted(f[:-4] for f in os.listdir(os.path.join(root, "test/conformance")) if f.endswith(".csv"))
    return [Table(root, name) for name in names]


def shown_by(found):
    """ID -> its tests, in order and each once."""
    shown = {}
    for mark in found:
        if mark.test and mark.test not in shown.setdefault(mark.id, []):
            shown[mark.id].append(mark.test)
    return shown


def where_of(tests):
    return "; ".join(sorted(test.where for test in tests))


def sentences(folder, name):
    with open(os.path.join(folder, name + ".csv"), newline="", encoding="utf-8") as f:
        return {row["id"]: row["text"] for row in csv.DictReader(f)}


def check_marks(found, known, findings):
    for mark in found:
        if mark.id not in known:
            findings.add("", f"{mark.place}: there is no sentence {mark.id}")
        if mark.test is None:
            findings.add(mark.id if mark.id in known else "", f"{mark.place}: a mark that is no test's")


def check_design(root, where):
    """What is wrong with the place of a row by-design; None if nothing."""
    place = where.split(" -- ")[0]
    path, _, text = place.partition(":")
    if not text or " -- " not in where:
        return f"'{where}' is not FILE:TEXT -- WHY"
    if not os.path.isfile(os.path.join(root, path)):
        return f"there is no file {path}"
    return None if text in marks.read(os.path.join(root, path)) else f"{path} has no '{text}'"


def capabilities(root):
    path = os.path.join(root, "docs/conformance/missing.md")
    lines = marks.read(path).splitlines() if os.path.exists(path) else []
    return {line[3:].strip() for line in lines if line.startswith("## ")}


def check_row(root, row, tests, named):
    """What is wrong with a row."""
    verdict, where = row["verdict"], row["where"]
    if verdict not in VERDICTS:
        yield f"'{verdict}' is no verdict" if verdict else "no verdict"
    elif not where:
        yield f"{verdict}, but it does not say where"
    elif verdict == "by-design" and (wrong := check_design(root, where)):
        yield wrong
    elif verdict == "missing" and where.split(":")[0] not in named:
        yield f"docs/conformance/missing.md has no heading '{where.split(':')[0]}'"
    if (verdict, where) != ("tested", where_of(tests)) if tests else verdict == "tested":
        yield "its row is not as the marks say: run conformance.py check --write"


def check_ran(one, tests, ran, every, findings):
    """False where the row can be proven nowhere but elsewhere."""
    here = 0
    for test in tests:
        result = ran.of(test)
        here += result != "not here"
        if result in ("failed", "not run") or (result == "not here" and every and test.suite not in ran.suites):
            findings.add(one, f"{test.where}: {'failed' if result == 'failed' else 'did not run'}")
    return here > 0


def same_ids(table, folder, findings):
    have, want = {row["id"] for row in table.rows}, set(sentences(folder, table.name))
    for one in sorted(have ^ want):
        findings.add(one, "there is no such sentence" if one in have else f"not in {table.name}.csv")


def check(root, options):
    every = tables(root)
    found = list(marks.find(root))
    shown = shown_by(found)
    where = {one: where_of(tests) for one, tests in shown.items()}
    findings, elsewhere, named = Findings(), [], capabilities(root)
    ran = marks.Ran(options.ran) if options.ran is not None else None
    known, pages = set(), os.path.join(root, "docs/conformance")
    for table in every:
        if options.write:
            table.fill(where)
            table.write()
        for row in table.rows:
            one, tests = row["id"], shown.get(row["id"], [])
            if one in known:
                findings.add(one, "has more than one row")
            known.add(one)
            for text in check_row(root, row, tests, named):
                findings.add(one, text)
            if tests and (ran is None or not check_ran(one, tests, ran, options.all, findings)):
                elsewhere.append(one)
        if options.sentences:
            same_ids(table, options.sentences, findings)
        check_page(pages, table, options.write, findings)
    check_marks(found, known, findings)
    findings.print()
    return report(every, findings, elsewhere)


def report(every, findings, elsewhere):
    """Totals, and the closing line."""
    lacks = {}
    for table in every:
        print(f"{table.name}:")
        print("\n".join("  " + "".join(f"{cell:>16}" for cell in line) for line in totals(table)))
        for row in table.rows:
            if row["verdict"] == "missing":
                lacks.setdefault((table.name, row["where"].split(":")[0]), []).append(row["id"])
    for (name, capability), rows in lacks.items():
        print(f"missing: {len(rows)} of {name}: {capability}")
    failed = findings.count()
    apart = [one for one in elsewhere if one not in findings.of]
    if apart:
        print(f"skipped: {len(apart)} not run here: {' '.join(apart[:8])}{' ...' if len(apart) > 8 else ''}")
    skipped = len(apart)
    total = len({row["id"] for table in every for row in table.rows})
    bad = len({row["id"] for table in every for row in table.rows} & set(findings.of))
    print(f"conformance: {total - bad - skipped} passed, {failed} failed, {skipped} skipped")
    return failed == 0 and total > 0


def totals(table):
    """Lines of section, verdicts and their sum."""
    sections = list(dict.fromkeys(top(row) for row in table.rows))
    yield ["section", *VERDICTS, "sum"]
    for section in sections + [None]:
        rows = [row for row in table.rows if section in (None, top(row))]
        yield [section or "all", *(sum(row["verdict"] == v for row in rows) for v in VERDICTS), len(rows)]


def top(row):
    """Section 5.3 of 5.3.1."""
    return ".".join(row["section"].split(".")[:2])


def link(place):
    """A file of the tree, as a link from docs/conformance/."""
    path, _, what = place.partition(":")
    base = os.path.basename(os.path.dirname(path)) if path.endswith("/case.txt") else os.path.basename(path)
    return f"[{base}{': ' + what if what else ''}](../../{path})".replace("|", "\\|")


def cell(row):
    if row["verdict"] == "tested":
        return ", ".join(link(place) for place in row["where"].split("; "))
    if row["verdict"] == "by-design":
        place, _, why = row["where"].partition(" -- ")
        return f"{link(place)}: {why}"
    return row["where"].replace("|", "\\|")


def page(table):
    """docs/conformance/NAME.md"""
    lines = ["<!-- Written by test/conformance/conformance.py check --write: change the marks in the tests and "
             f"test/conformance/{table.name}.csv. -->", "",
             f"# {table.name.upper().replace('RFC', 'RFC ')}, sentence by sentence", "",
             "Each sentence with MUST, SHOULD or MAY, numbered in its section. [README.md](README.md) says what the "
             "verdicts mean.", ""]
    head, *rest = [[str(c) for c in line] for line in totals(table)]
    lines += ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(line) + " |" for line in rest]
    section = None
    for row in table.rows:
        if row["section"] != section:
            section = row["section"]
            lines += ["", f"## Section {section}", "", "| id | level | verdict | where |", "|---|---|---|---|"]
        lines.append(f"| {row['id']} | {row['level']} | {row['verdict']} | {cell(row)} |")
    return "\n".join(lines) + "\n"


def check_page(folder, table, write, findings):
    path = os.path.join(folder, table.name + ".md")
    if write:
        os.makedirs(folder, exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(page(table))
    if not os.path.exists(path) or marks.read(path) != page(table):
        findings.add("", f"docs/conformance/{table.name}.md is behind its rows: run conformance.py check --write")


def sample(root, options):
    head = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], check=True, capture_output=True,
                          text=True).stdout.strip()
    print(f"HEAD {head}")
    rows = [(table, row) for table in tables(root) for row in table.rows]
    rows.sort(key=lambda r: hashlib.sha256((head + r[1]["id"]).encode()).hexdigest())
    by_design = [r for r in rows if r[1]["verdict"] == "by-design"][:SAMPLE_BY_DESIGN]
    tested = [r for r in rows if r[1]["verdict"] == "tested"][:SAMPLE - len(by_design)]
    for table, row in tested + by_design:
        print(f"\n{row['id']} {row['level']} {row['verdict']}")
        for place in row["where"].split("; "):
            print(f"    {place}")
        if options.sentences:
            print(f"    \"{sentences(options.sentences, table.name)[row['id']]}\"")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(HERE)))
    parser.add_argument("--sentences")
    commands = parser.add_subparsers(dest="command", required=True)
    checks = commands.add_parser("check")
    checks.add_argument("--write", action="store_true")
    checks.add_argument("--all", action="store_true")
    checks.add_argument("--ran", nargs="+")
    commands.add_parser("sample")
    options = parser.parse_args()
    return 0 if {"check": check, "sample": sample}[options.command](options.root, options) else 1


if __name__ == "__main__":
    sys.exit(main())

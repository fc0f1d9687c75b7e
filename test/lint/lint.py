#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The rules of the house, checked: `make lint`.

    lint.py [--root DIR] [--build DIR]

Without --build the rules that need object files are left out and said to be. Each finding is one line; the
closing line counts rules: `lint: N passed, N failed, N skipped`.
"""
import argparse
import ast
import os
import re
import subprocess
import sys

LINES_MAX = 600
PURE = {"base", "stat", "mh", "nd", "tun", "pmip", "lma", "mag", "access", "host"}
ALLOCATES = {"base", "pmip", "lma", "mag", "access", "host"}  # in their new and init alone
# What a pure room may call outside the rooms: memory and string primitives, text of addresses, what compilers add.
ALLOWED = re.compile(
    r"^(mem(cpy|set|move|cmp|chr)|str(len|nlen|cmp|ncmp|chr|rchr|spn|cspn)|__mem(cpy|set|move)_chk|__stack_chk_fail"
    r"|(__)?snprintf(_chk)?|inet_(pton|ntop)|__errno_location|_GLOBAL_OFFSET_TABLE_"
    r"|__(asan|ubsan|tsan|sanitizer|sancov)_.*)$")
ALLOWED_MEMORY = re.compile(r"^(calloc|malloc|free|reallocarray|explicit_bzero)$")
# The log sink formats into a buffer of its own; the engines may not call it (they publish).
# HMAC is a function of its bytes, whose state is its caller's.
ALLOWED_IN = {("base", "log.c"): re.compile(r"^(__)?vsnprintf(_chk)?$"),
              ("pmip", "mac.c"): re.compile(r"^nettle_(hmac_sha(1|256)_(set_key|update|digest)|memeql_sec)$")}
BASE_PREFIXES = ("addr", "cursor", "writer", "deadline", "hash", "index", "clock", "log", "selector", "words")
FORBIDDEN_CALLS = re.compile(r"\b(assert|abort|rte_panic|rte_exit|RTE_VERIFY|RTE_ASSERT)\s*\(")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(/work/|/root/|/home/\w+/)")


def house(root):
    """The rows of lib/meson.build: {room: (uses, outside libraries)} in build order."""
    text = open(os.path.join(root, "lib/meson.build")).read()
    table = re.search(r"^rooms = (\[.*?^\])", text, re.S | re.M).group(1)
    rows = ast.literal_eval(re.sub(r"\b(dpdk|jansson|cyaml|yaml|nettle)\b", r"'\1'", table))
    return {name: (uses, outside) for name, uses, outside in rows}


def tracked(root):
    """Files of the tree: git's where there is git, else all."""
    try:
        out = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], check=True,
                             capture_output=True, text=True).stdout.split("\n")
        files = [f for f in out if f and os.path.isfile(os.path.join(root, f))]
        if files:
            return files
    except (OSError, subprocess.CalledProcessError):
        pass
    return [os.path.relpath(os.path.join(d, f), root) for d, _, names in os.walk(root) for f in names]


def read(root, name):
    with open(os.path.join(root, name), errors="replace") as f:
        return f.read()


def sources(files, *suffixes):
    return [f for f in files if f.endswith(suffixes)]


def includes_up(root, files, rooms, build):
    for f in sources(files, ".c", ".h", ".def"):
        for n, line in enumerate(read(root, f).split("\n"), 1):
            if re.match(r'\s*#\s*include\s*["<][^">]*\.\./', line):
                yield f"{f}:{n}: an include may not contain '..'"


def includes_allowed(root, files, rooms, build):
    """A room includes its own headers and those of the rooms in its row."""
    for f in sources(files, ".c", ".h"):
        parts = f.split("/")
        if parts[0] != "lib" or parts[1] not in rooms:
            continue
        room = parts[1]
        uses, outside = rooms[room]
        for n, line in enumerate(read(root, f).split("\n"), 1):
            m = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
            if not m:
                continue
            name = m.group(1).split("/")[0]
            if "/" in m.group(1) and name in rooms and name != room and name not in uses:
                yield f"{f}:{n}: room {room} may not include {m.group(1)} (its row names {', '.join(uses) or 'nothing'})"
            if m.group(1).startswith("rte_") and "dpdk" not in outside:
                yield f"{f}:{n}: room {room} has no DPDK in its row"


def file_length(root, files, rooms, build):
    for f in sources(files, ".c", ".h", ".def", ".py", ".sh"):
        n = read(root, f).count("\n")
        if n > LINES_MAX:
            yield f"{f}: {n} lines, more than {LINES_MAX}: is it one idea?"


def unit_program(root, files, rooms, build):
    for room in rooms:
        if f"lib/{room}/meson.build" in files and not any(f.startswith(f"test/unit/{room}/") for f in files):
            yield f"lib/{room}: no unit program in test/unit/{room}/"


def forbidden_calls(root, files, rooms, build):
    for f in sources(files, ".c", ".h"):
        if not f.startswith("lib/"):
            continue
        for n, line in enumerate(read(root, f).split("\n"), 1):
            if FORBIDDEN_CALLS.search(line):
                yield f"{f}:{n}: input must never reach an assertion or an exit"


def licence(root, files, rooms, build):
    for f in sources(files, ".c", ".h", ".def", ".py", ".sh", "meson.build"):
        if "SPDX-License-Identifier: BSD-3-Clause" not in read(root, f)[:300]:
            yield f"{f}: no SPDX line at its top"


def finished(root, files, rooms, build):
    for f in files:
        if f.startswith("test/lint/") or f.startswith("test/fuzz/corpus/") or f.endswith((".pcap", ".png", ".svg")):
            continue
        for n, line in enumerate(read(root, f).split("\n"), 1):
            if UNFINISHED.search(line):
                yield f"{f}:{n}: left open"
            if MACHINE.search(line):
                yield f"{f}:{n}: a path of one machine"


def layout(root, files, rooms, build):
    """clang-format changes nothing."""
    names = [f for f in sources(files, ".c", ".h") if f.split("/")[0] in ("lib", "app", "test")]
    if not names:
        return
    out = subprocess.run(["clang-format", "--dry-run", "-ferror-limit=1"] + names, cwd=root, capture_output=True,
                         text=True).stderr
    for line in out.split("\n"):
        if "warning:" in line or "error:" in line:
            yield line.replace("code should be clang-formatted", "run `make format`")


def shell(root, files, rooms, build):
    names = [f for f in files if "." not in os.path.basename(f) or f.endswith(".sh")]
    names = [f for f in names if re.match(r"#!.*\bbash|# SPDX.*\n# shellcheck shell=bash", read(root, f)[:120])]
    if not names:
        return
    out = subprocess.run(["shellcheck", "-x", "-S", "warning", "-e", "SC1091", "-f", "gcc"] + names, cwd=root,
                         capture_output=True, text=True).stdout
    yield from (line for line in out.split("\n") if line)


def spelling(root, files, rooms, build):
    names = [f for f in sources(files, ".md", ".c", ".h", ".def", ".yaml", ".sh", ".py")]
    words = "mis,nd,ans,ba,te,fo,inout,lte,ect,statics"
    out = subprocess.run(["codespell", "-L", words] + names, cwd=root, capture_output=True, text=True).stdout
    yield from (line for line in out.split("\n") if line)


def objects(build, room):
    folder = os.path.join(build, "lib", f"lib{room}.a.p")
    return [os.path.join(folder, f) for f in sorted(os.listdir(folder)) if f.endswith(".o")] \
        if os.path.isdir(folder) else []


def source_of(obj, room):
    """An object's source: the build calls it log.c.o or, with its folder, base_log.c.o."""
    return os.path.basename(obj)[:-len(".o")].removeprefix(room + "_")


def symbols(obj, *flags):
    out = subprocess.run(["nm", *flags, obj], capture_output=True, text=True, check=True).stdout
    return [line.split()[-1] for line in out.split("\n") if line.strip()]


def pure_calls(root, files, rooms, build):
    """A pure room calls nothing outside the rooms but an allow-list: no time, printf, socket, randomness."""
    defined = {room: {s for o in objects(build, room) for s in symbols(o, "-g", "--defined-only")} for room in rooms}
    for room in rooms:
        if room not in PURE:
            continue
        inside = set().union(*(defined[r] for r in [room] + rooms[room][0]))
        for obj in objects(build, room):
            own = ALLOWED_IN.get((room, source_of(obj, room)))
            for s in sorted(set(symbols(obj, "-u"))):
                if ALLOWED.match(s) or own and own.match(s) or room in ALLOCATES and ALLOWED_MEMORY.match(s):
                    continue
                if s in inside and not s.startswith("log_"):
                    continue
                yield f"lib/{room}/{source_of(obj, room)}: a pure room calls {s}"


def exported_names(root, files, rooms, build):
    for room in rooms:
        prefixes = BASE_PREFIXES if room == "base" else (room,)
        for obj in objects(build, room):
            out = subprocess.run(["nm", "-g", "--defined-only", obj], capture_output=True, text=True).stdout
            for line in out.split("\n"):
                m = re.match(r"\S+ ([TDBRV]) (\S+)$", line)
                if m and not re.match(r"(%s)\d?_|__" % "|".join(prefixes), m.group(2)):
                    yield f"lib/{room}/{source_of(obj, room)}: {m.group(2)} does not begin with the room's name"


RULES = [(includes_up, False), (includes_allowed, False), (file_length, False), (unit_program, False),
         (forbidden_calls, False), (licence, False), (finished, False), (layout, False), (shell, False),
         (spelling, False), (pure_calls, True), (exported_names, True)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    parser.add_argument("--build")
    args = parser.parse_args()
    root = os.path.realpath(args.root)
    build = args.build and os.path.realpath(args.build)
    rooms, files = house(root), tracked(root)
    passed = failed = skipped = 0
    for rule, needs_build in RULES:
        if needs_build and not build:
            skipped += 1
            print(f"skipped: {rule.__name__}: needs --build")
            continue
        findings = list(rule(root, files, rooms, build))
        for finding in findings[:40]:
            print(finding)
        print(f"{'ok  ' if not findings else 'FAIL'} {rule.__name__}" + (f": {len(findings)}" if findings else ""))
        failed, passed = failed + bool(findings), passed + (not findings)
    print(f"lint: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

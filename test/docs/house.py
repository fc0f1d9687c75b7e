#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""docs/house.md from the table of rooms in lib/meson.build: house.py [ROOT] writes it to its output.

A room's purpose is the first sentence of its main header, lib/ROOM/include/ROOM/ROOM.h; of a room without one, the
first sentence of each header.
"""
import ast
import os
import re
import sys

PICTURE_WIDTH = 88


def rooms_of(root):
    """[(room, rooms that it may use, outside libraries)] in build order."""
    with open(os.path.join(root, "lib/meson.build")) as f:
        table = re.search(r"^rooms = (\[.*?^\])", f.read(), re.S | re.M).group(1)
    # A library stands in the table as the variable that holds it: a name without quotes.
    return ast.literal_eval(re.sub(r"(?<=[\[ ])([a-z]\w*)(?=[,\]])", r"'\1'", table))


def first_sentence(path):
    """Of the first comment behind the licence."""
    with open(path) as f:
        comment = re.search(r"/\*(.*?)\*/", f.read().split("*/", 1)[1], re.S)
    if comment is None:
        sys.exit(f"{path}: no comment says what it is for")
    text = " ".join(line.strip().removeprefix("*").strip() for line in comment.group(1).split("\n")).strip()
    return re.match(r".*?(?=\. [A-Z`]|\.?  |\.?$)", text).group(0).replace("|", "\\|") + "."


def purpose(root, room):
    folder = os.path.join(root, "lib", room, "include", room)
    if not os.path.isdir(folder):
        return "(not built yet)"
    headers = sorted(h for h in os.listdir(folder) if h.endswith(".h"))
    if room + ".h" in headers:
        return first_sentence(os.path.join(folder, room + ".h"))
    return "<br>".join(f"`{h}`: {first_sentence(os.path.join(folder, h))}" for h in headers)


def floors_of(rooms):
    """Rooms by floor: one above the highest that it uses."""
    floor = {}
    for room, uses, _ in rooms:
        floor[room] = 1 + max((floor[u] for u in uses), default=-1)
    return [[r for r, _, _ in rooms if floor[r] == n] for n in range(1 + max(floor.values()))]


def picture(rooms):
    """Floors from the top down; a room with DPDK in it is marked."""
    dpdk = {room for room, _, outside in rooms if "dpdk" in outside}
    edge = "+" + "-" * PICTURE_WIDTH + "+"
    lines = [edge]
    for names in reversed(floors_of(rooms)):
        row = "   ".join(name + ("*" if name in dpdk else "") for name in names)
        lines += ["|" + row.center(PICTURE_WIDTH) + "|", edge]
    return "\n".join(lines)


def house(root):
    rooms = rooms_of(root)
    rows = "\n".join(
        f"| `{room}` | {purpose(root, room)} | {', '.join(uses) or '(nothing)'} | {', '.join(outside) or 'libc'} |"
        for room, uses, outside in rooms)
    return f"""<!-- Written by test/docs/check.sh --write from lib/meson.build and the rooms' headers: change those. -->

# The house

Kedge is a house of rooms: libraries, each in `lib/ROOM/`, that see the public headers of the rooms in their row of
`lib/meson.build` and no others. That table is the architecture: include paths, link order, `make lint` and this page
come from it. A room stands above all that it may use; the programs in `app/` stand on the roof.

```
{picture(rooms)}
 * with DPDK: all other rooms are compiled without its headers
```

| room | what it is | may use | and outside |
|---|---|---|---|
{rows}
"""


if __name__ == "__main__":
    sys.stdout.write(house(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../..")))

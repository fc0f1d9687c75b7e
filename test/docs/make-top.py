#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A picture of a program's screen: make-top.py OUT.svg COLUMNS LINES SECONDS COMMAND...

Runs the command in a terminal of that size for so long, types `q`, and draws the last frame that stood there. It is how
docs/kedgectl-top.svg was made, from `kedgectl top` at an anchor under load: test/docs/picture.
"""
import os
import re
import sys
import time
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli"))
from terminal import Terminal  # noqa: E402

SPAN = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")
PIECE = re.compile(r"\S+(?: \S+)*")
CELL_WIDTH, LINE_HEIGHT, MARGIN, FONT_SIZE = 8.4, 18, 14, 14
BACKGROUND, PLAIN = "#1b1f27", "#d7dae0"
STYLES = {"1": 'font-weight="bold" fill="#ffffff"', "32": 'fill="#7ec699"', "33": 'fill="#e5c07b"',
          "1;31": 'font-weight="bold" fill="#f07178"', "2": 'fill="#6b7280"'}


def spans(line):
    """(column, text, style) of each piece of a line: no blanks but single ones within it, which no renderer changes."""
    at, column, style = 0, 0, ""
    for m in [*SPAN.finditer(line), None]:
        text = line[at:m.start() if m else len(line)]
        for piece in PIECE.finditer(text):
            yield column + piece.start(), piece.group(), style
        column += len(text)
        if m:
            at = m.end()
            style = ("" if m.group(1) in ("", "0") else m.group(1)) if m.group(2) == "m" else style


def draw(lines, columns):
    width, height = columns * CELL_WIDTH + 2 * MARGIN, len(lines) * LINE_HEIGHT + 2 * MARGIN
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
           f'viewBox="0 0 {width:.0f} {height:.0f}">')
    yield "<title>kedgectl top</title>"
    yield f'<rect width="100%" height="100%" rx="6" fill="{BACKGROUND}"/>'
    yield (f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT_SIZE}" fill="{PLAIN}">')
    for number, line in enumerate(lines):
        for column, text, style in spans(line):
            y = MARGIN + (number + 0.75) * LINE_HEIGHT
            yield (f'<text x="{MARGIN + column * CELL_WIDTH:.1f}" y="{y:.1f}" textLength="{len(text) * CELL_WIDTH:.1f}"'
                   f'{" " + STYLES[style] if style in STYLES else ""}>{escape(text)}</text>')
    yield "</g>\n</svg>"


def main(out, columns, lines, seconds, *command):
    with Terminal(command, int(columns), int(lines)) as terminal:
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            terminal.read()
        terminal.type("q")
        status = terminal.end()
    frames = terminal.text.split("\x1b[?1049l")[0].split("\x1b[H")[1:]
    if status != 0 or not frames:
        print(terminal.text)
        return 1
    shown = frames[-1].split("\r\n")
    with open(out, "w") as f:
        f.write("\n".join(draw(shown, int(columns))) + "\n")
    print("\n".join(SPAN.sub("", line).rstrip() for line in shown))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

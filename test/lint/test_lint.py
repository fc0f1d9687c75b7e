#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Shows that the lint refuses what it is there to refuse: each case plants one fault in a small house of its own."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SPDX = "/* SPDX-License-Identifier: BSD-3-Clause */\n"
HOUSE = """# SPDX-License-Identifier: BSD-3-Clause
rooms = [
  ['base', [], []],
  ['mh', ['base'], []],
  ['lma', ['base', 'mh'], []],
  ['fwd', ['base'], [dpdk]],
]
"""
MESON = "# SPDX-License-Identifier: BSD-3-Clause\n"


def plant(root, faults):
    files = {"lib/meson.build": HOUSE}
    for room in ("base", "mh", "lma", "fwd"):
        files[f"lib/{room}/meson.build"] = MESON
        name = "addr_one" if room == "base" else f"{room}_one"
        files[f"lib/{room}/{room}.c"] = SPDX + f"int {name}(void);\n\nint\n{name}(void)\n{{\n\treturn 1;\n}}\n"
        files[f"test/unit/{room}/{room}.c"] = SPDX + "int one;\n"
    files.update(faults)
    shutil.copy(os.path.join(HERE, "../../.clang-format"), root)
    for name, text in files.items():
        if text is None:
            continue
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
    for room in ("base", "mh", "lma", "fwd"):
        folder = os.path.join(root, f"build/lib/lib{room}.a.p")
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["cc", "-O1", "-w", "-c", os.path.join(root, f"lib/{room}/{room}.c"), "-I", root, "-o",
                        os.path.join(folder, f"{room}.c.o")], check=True)


def lint(root):
    out = subprocess.run([sys.executable, os.path.join(HERE, "lint.py"), "--root", root, "--build",
                          os.path.join(root, "build")], capture_output=True, text=True)
    return out.returncode, out.stdout


CASES = [
    ("a clean house passes", {}, None),
    ("an include of a room that the row does not name",
     {"lib/mh/mh.h": SPDX + '#include "lma/lma.h"\n'}, "room mh may not include lma/lma.h"),
    ("an include that climbs", {"lib/mh/mh.h": SPDX + '#include "../base/base.h"\n'}, "may not contain '..'"),
    ("DPDK in a room without it", {"lib/lma/lma.h": SPDX + "#include <rte_ring.h>\n"}, "room lma has no DPDK"),
    ("a clock in a pure room",
     {"lib/lma/lma.c": SPDX + "#include <time.h>\n\nlong lma_one(void);\n\nlong\nlma_one(void)\n{\n\treturn time(0);\n}\n"},
     "a pure room calls time"),
    ("a print in a pure room",
     {"lib/mh/mh.c": SPDX + "#include <stdio.h>\n\nint mh_one(int a);\n\nint\nmh_one(int a)\n{\n"
      "\treturn printf(\"%d\", a);\n}\n"}, "a pure room calls printf"),
    ("an allocation in a codec",
     {"lib/mh/mh.c": SPDX + "#include <stdlib.h>\n\nvoid *mh_one(int a);\n\nvoid *\nmh_one(int a)\n{\n"
      "\treturn malloc(a);\n}\n"}, "a pure room calls malloc"),
    ("an exported name of another room",
     {"lib/mh/mh.c": SPDX + "int lma_two(void);\n\nint\nlma_two(void)\n{\n\treturn 1;\n}\n"},
     "lma_two does not begin with the room's name"),
    ("an assertion in the library",
     {"lib/fwd/fwd.h": SPDX + "#define CHECK(a) assert(a)\n"}, "never reach an assertion"),
    ("a room without a unit program", {"test/unit/mh/mh.c": None}, "lib/mh: no unit program"),
    ("a file too long", {"lib/mh/mh.h": SPDX + "int mh_x;\n" * 601}, "more than 600"),
    ("a file without a licence", {"lib/mh/mh.h": "int mh_x;\n"}, "no SPDX line"),
]


def main():
    failed = 0
    for name, faults, expected in CASES:
        with tempfile.TemporaryDirectory() as root:
            plant(root, faults)
            status, out = lint(root)
            good = status == 0 if expected is None else status != 0 and expected in out
            print(f"{'ok  ' if good else 'FAIL'} {name}")
            if not good:
                print(out)
                failed += 1
    print(f"lint-refuses: {len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Whether yaml/kedge.schema.json takes what kedged takes, and refuses what a schema can refuse.

    schema.py ROOT

Each good configuration and example must be valid; of the bad ones so many must not be, and those named below least of
all: the rest is wrong by more than one key. Files are read as editors read them, by the core schema of YAML 1.2.
"""
import glob
import json
import os
import re
import sys

import jsonschema
import yaml

REFUSED = ["address-without-length", "bool", "key-missing", "key-missing-in-list", "key-unknown", "key-unknown-in-list", "list-too-long", "mode",
           "name-too-long", "number-negative", "number-too-great", "number-too-small", "number-with-unit", "role",
           "section-unknown", "tunnel-limit", "value-no-list", "word"]
LEAST = 30


class Loader(yaml.SafeLoader):
    """YAML 1.2: `no` and `off` are words, 010 is ten and 1:30 is text."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$"),
                             list("-+.0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node), 10))


def main(root):
    with open(os.path.join(root, "yaml/kedge.schema.json")) as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    failed = passed = 0

    def say(good, text):
        nonlocal failed, passed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(text)

    for path in sorted(glob.glob(os.path.join(root, "test/conf/good/**/*.yaml"), recursive=True)
                       + glob.glob(os.path.join(root, "yaml/*.yaml")) + glob.glob(os.path.join(root, "test/e2e/config/*.yaml"))):
        with open(path) as f:
            error = jsonschema.exceptions.best_match(validator.iter_errors(yaml.load(f, Loader)))
        say(error is None, f"{path}: {error and error.message}")
    refused = set()
    for path in glob.glob(os.path.join(root, "test/conf/bad/*.yaml")):
        try:
            with open(path) as f:
                good = validator.is_valid(yaml.load(f, Loader))
        except (yaml.YAMLError, UnicodeDecodeError):
            continue  # no editor takes it for YAML, and that is not the schema's work
        if not good:
            refused.add(os.path.basename(path)[:-len(".yaml")])
    for name in REFUSED:
        say(name in refused, f"test/conf/bad/{name}.yaml: the schema takes it")
    say(len(refused) >= LEAST, f"of the bad files {len(refused)} are refused, expected {LEAST}: {sorted(refused)}")
    print(f"schema: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

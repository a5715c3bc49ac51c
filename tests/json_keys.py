#!/usr/bin/env python3
"""json_keys.py DOCUMENT FILE...: holds the keys of JSON files against docs/json.md. A key that is printed must be in
its command's section, and a key of an object that is printed must be printed. Prints what is wrong; exit 1."""

import json
import re
import sys

INTERVAL = {"low", "median", "high", "n"}
EVERYWHERE = {"schema", "command"}


def keys_of(value, path, found):
    """Adds to found[path] the keys of the objects there."""
    if isinstance(value, list):
        for item in value:
            keys_of(item, path + "[]", found)
    elif isinstance(value, dict) and set(value) != INTERVAL and not path.endswith(".per_op"):
        found.setdefault(path, set()).update(value)
        for key, inner in value.items():
            keys_of(inner, f"{path}.{key}" if path else key, found)


def documented(text):
    """The keys in the first column of each section's table."""
    sections, name = {}, None
    for line in text.splitlines():
        if line.startswith("## "):
            name = line[3:]
        elif line.startswith("| `"):
            sections.setdefault(name, set()).update(re.findall(r"`([^`]+)`", line.split("|")[1]))
    return sections


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        sections = documented(f.read())
    wrong = []
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as f:
            value = json.load(f)
        command, found = value["command"], {}
        keys_of(value, "", found)
        printed = {f"{parent}.{key}" if parent else key for parent, keys in found.items() for key in keys}
        known = sections[command] | (sections["Where and when"] if "run" in value else set())
        parents = {key.rsplit(".", 1)[0] for key in known if "." in key} | {"run"}
        tops = {parent.split("[]")[0] for parent in parents}
        wrong += [f"{command}: {key} is not documented" for key in printed - known - EVERYWHERE - tops]
        for key in sections[command]:
            parent = key.rsplit(".", 1)[0] if "." in key else ""
            if parent in found and key not in printed:
                wrong.append(f"{command}: {key} is not printed")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MIT
"""Tests that facts.md and kernel-map.md name exist, and files that kernel-map.md and the guides name.

Usage: check-facts.py ROOT
"""
import glob
import os
import re
import sys

root = sys.argv[1]
HOME = {"golden": "tests", "unit": "tests", "cases": "tests", "logs": "tests/logs/kernel",
        "scenarios": "scripts"}
missing = []


def there(path):
    return glob.glob(os.path.join(root, path)) or glob.glob(os.path.join(root, path + ".*"))


def named_test(name):
    kind, _, rest = name.partition("/")
    return there(f"{HOME[kind]}/{rest}" if kind == "logs" else f"{HOME[kind]}/{name}")


for line in open(os.path.join(root, "doc/facts.md"), encoding="utf-8"):
    for name in re.findall(r"`((?:%s)/[^`]+)`" % "|".join(HOME), line):
        if not named_test(name):
            missing.append("facts.md: " + name)
for line in open(os.path.join(root, "doc/kernel-map.md"), encoding="utf-8"):
    for name in re.findall(r"`((?:src|tests|scripts|scenarios)/[^`]+)`", line):
        if not there(name) and not there("scripts/" + name):
            missing.append("kernel-map.md: " + name)
    # other files of the same directory stand behind the first one of a row
    row = re.match(r"\| `(src/\w+/)\w+\.[ch]`((?:, `[\w.]+`)+) \|", line)
    for name in re.findall(r"`([\w.]+)`", row.group(2)) if row else ():
        if not there(row.group(1) + name):
            missing.append("kernel-map.md: " + row.group(1) + name)
# paths in the guides, and other files beside the first one
for guide in ("doc/hacking.md", "CONTRIBUTING.md"):
    for line in open(os.path.join(root, guide), encoding="utf-8"):
        for first, rest in re.findall(r"`((?:src|tests|scripts|doc)/[\w./-]+)`((?:,? (?:or |and )?`\w+\.[ch]`)*)", line):
            beside = re.findall(r"`(\w+\.[ch])`", rest)
            for name in [first] + [os.path.join(os.path.dirname(first), name) for name in beside]:
                if not there(name) and "NAME" not in name:
                    missing.append(f"{guide}: {name}")
for name in missing:
    print(name, "is not there", file=sys.stderr)
sys.exit(1 if missing else 0)

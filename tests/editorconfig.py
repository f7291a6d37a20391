# SPDX-License-Identifier: MIT
"""Files are as .editorconfig says: editorconfig.py ROOT DIRECTORY...; prints TAP.

It looks at line ends, the last newline, trailing blanks, and what lines are
indented with.
"""
import fnmatch
import os
import re
import sys


def expand(pattern):
    """The patterns that one with {a,b} means."""
    braces = re.search(r"\{([^{}]*)\}", pattern)
    if not braces:
        return [pattern]
    return [one for word in braces.group(1).split(",")
            for one in expand(pattern[:braces.start()] + word + pattern[braces.end():])]


def sections(path):
    found = []
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            key, equals, value = line.partition("=")
            if line.startswith("["):
                found.append((expand(line.strip("[]")), {}))
            elif equals and found and not line.startswith("#"):
                found[-1][1][key.strip()] = value.strip()
    return found


def rules_for(path, all_sections):
    rules = {}
    for patterns, here in all_sections:
        for pattern in patterns:
            subject = path if "/" in pattern else os.path.basename(path)
            if fnmatch.fnmatch(subject, pattern.replace("**", "*")):
                rules.update(here)
    return rules


def wrong(data, rules):
    lines = data.split(b"\n")
    if rules.get("insert_final_newline") == "true" and data and lines[-1]:
        yield len(lines), "the last line has no newline"
    for n, line in enumerate(lines, 1):
        if rules.get("end_of_line") == "lf" and line.endswith(b"\r"):
            yield n, "ends with a carriage return"
        elif rules.get("trim_trailing_whitespace") == "true" and line != line.rstrip():
            yield n, "blanks at the end"
        if rules.get("indent_style") == "space" and line.startswith(b"\t"):
            yield n, "is indented with a tab, not with spaces"
        # enumerators that go on and comments may begin with fewer blanks than a tab has
        if rules.get("indent_style") == "tab" and line.startswith(b" " * int(rules.get("tab_width", 8))):
            yield n, "is indented with spaces, not with tabs"


def files(root, directories):
    for directory in directories:
        for where, names, here in os.walk(os.path.join(root, directory)):
            names[:] = [name for name in names if name != "__pycache__"]
            yield from sorted(os.path.relpath(os.path.join(where, name), root) for name in here)


def main():
    root, *directories = sys.argv[1:]
    rules = sections(os.path.join(root, ".editorconfig"))
    print("1..1")
    found = []
    for path in files(root, directories):
        with open(os.path.join(root, path), "rb") as f:
            found += [f"{path}:{n}: {what}" for n, what in wrong(f.read(), rules_for(path, rules))]
    print(f"{'not ok' if found else 'ok'} 1 - .editorconfig")
    for line in found:
        print("#", line)


main()

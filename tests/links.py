# SPDX-License-Identifier: MIT
"""Links between documents lead somewhere, also where the documents are installed.

Usage: links.py ROOT INSTALLED... -- OTHER...; prints TAP.
"""
import os
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)


def text(path):
    with open(path, encoding="utf-8") as f:
        return FENCE.sub("", f.read())


def anchors(path):
    """What GitHub and others make of the headings."""
    for heading in re.findall(r"^#+ (.*)$", text(path), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def wrong(path, installed):
    for link in LINK.findall(text(path)):
        if re.match(r"\w+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
        if not os.path.exists(target):
            yield f"{link}: there is no such file"
        elif path in installed and target not in installed:
            yield f"{link}: is not installed, this document is"
        elif anchor and anchor not in anchors(target):
            yield f"{link}: no such heading"


def main():
    root, *paths = [os.path.normpath(path) for path in sys.argv[1:]]
    between = paths.index("--")
    installed = [os.path.relpath(path, root) for path in paths[:between]]
    other = [os.path.relpath(path, root) for path in paths[between + 1:]]
    os.chdir(root)
    print(f"1..{len(installed + other)}")
    for n, path in enumerate(installed + other, 1):
        lines = list(wrong(path, installed))
        print(f"{'not ok' if lines else 'ok'} {n} - {path}")
        for line in lines:
            print("#", line)


main()

# SPDX-License-Identifier: MIT
"""Indentation and spaces of the C sources are as .clang-format has them.

Usage: format.py ROOT DIRECTORY...; prints TAP, a line for each directory.

Where a line ends and which columns line up is the author's choice: tables and
conditions are laid out by hand. But a line that is a line of the formatted file,
too, is indented as there, and has its spaces in the same places. Versions of
clang-format differ, so this takes the one that the file was made for; exit
status 77 without it.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

VERSION = "16"


def clang_format():
    for name in ("clang-format-" + VERSION, "clang-format"):
        path = shutil.which(name)
        if path:
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
            if re.search(rf"version {VERSION}\.", said.stdout):
                return path
    print(f"1..0 # SKIP there is no clang-format {VERSION} (Debian: clang-format-{VERSION})")
    sys.exit(77)


def sources(directory):
    for where, _, names in os.walk(directory):
        yield from sorted(os.path.join(where, name) for name in names if name.endswith((".c", ".h")))


def lines(path):
    with open(path, encoding="utf-8") as f:
        return f.read().splitlines()


def spaced(line):
    """The line with its indentation, and one blank where it has many."""
    text = line.lstrip()
    return line[:len(line) - len(text)] + " ".join(text.split())


def judged(text):
    """For each line whether it is code: no comment, no macro's body, no text that goes on."""
    comment = macro = False
    for line in text:
        yield not comment and not macro and not line.lstrip().startswith(('"', "? ", ": "))
        macro = line.endswith("\\")
        opened, closed = line.rfind("/*"), line.rfind("*/")
        if opened != closed:
            comment = opened > closed


def wrong(here, there):
    """The lines that have the same words in both and other spaces."""
    words = [["".join(line.split()) for line in text] for text in (here, there)]
    code = list(judged(here))
    for i, j, size in difflib.SequenceMatcher(None, *words, autojunk=False).get_matching_blocks():
        # behind a line that was broken elsewhere, indentation may follow from that
        for n in range(i and 1, size):
            if code[i + n] and spaced(here[i + n]) != spaced(there[j + n]):
                yield i + n + 1, here[i + n], there[j + n]


def main():
    root, *directories = sys.argv[1:]
    program = clang_format()
    print(f"1..{len(directories)}")
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(os.path.join(root, ".clang-format"), scratch)
        for n, directory in enumerate(directories, 1):
            shutil.copytree(os.path.join(root, directory), os.path.join(scratch, directory))
            copies = list(sources(os.path.join(scratch, directory)))
            subprocess.run([program, "-i", *copies], check=True)
            found = []
            for copy in copies:
                path = os.path.relpath(copy, scratch)
                for line, has, wants in wrong(lines(os.path.join(root, path)), lines(copy)):
                    found += [f"{path}:{line}: has   {has!r}", f"{path}:{line}: wants {wants!r}"]
            print(f"{'not ok' if found else 'ok'} {n} - {directory}")
            for line in found:
                print("#", line)


main()

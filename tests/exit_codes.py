#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Exit codes are said alike everywhere: exit_codes.py DEVSH ROOT

The table that devsh --help prints is the one in doc/shell.md and in the
manual page, number by number and word by word. Prints TAP.
"""
import os
import re
import subprocess
import sys

devsh, root = os.path.abspath(sys.argv[1]), sys.argv[2]
text = subprocess.run([devsh, "--help"], stdout=subprocess.PIPE, check=True).stdout.decode()
want = re.findall(r"^  +(\d+)  +(.*)$", text.partition("exit codes:")[2], re.M)


def read(path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return re.sub(r"[*`\\]", "", f.read())


found = {
    "doc/shell.md": re.findall(r"^\| (\d+) \| (.*) \|$", read("doc/shell.md").partition("| exit code |")[2]
                               .partition("\n\n")[0], re.M),
    "doc/devsh.1.scd": [(n, " ".join(words.split())) for n, words in
                        re.findall(r"^(\d+)\n((?:\t.*\n)+)", read("doc/devsh.1.scd").partition("# EXIT STATUS")[2]
                                   .partition("\n# ")[0], re.M)],
}
failed = len(want) < 8
print(f"1..{1 + len(found)}\n{'not ' if failed else ''}ok 1 - devsh --help lists them")
for n, (path, got) in enumerate(found.items(), 2):
    # a sentence begins with a capital letter and ends with a full stop
    got = [(code, words.rstrip(".")) for code, words in got]
    got = [(code, words if words[:3] == "Lua" else words[0].lower() + words[1:]) for code, words in got]
    failed |= got != want
    print(f"{'not ' if got != want else ''}ok {n} - {path}")
    for row in sorted(set(want) ^ set(got)):
        print("#", *row)
sys.exit(failed)

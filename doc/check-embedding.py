# SPDX-License-Identifier: MIT
"""The C program of embedding.md, and what the page says that it prints.

check-embedding.py PAGE            print the program
check-embedding.py PAGE PROGRAM    run it and compare
"""
import re
import subprocess
import sys


def block(page, tag):
    found = re.search(rf"^```{tag}\n(.*?)^```$", page, re.M | re.S)
    if not found:
        sys.exit(f"{sys.argv[1]}: no block is tagged {tag}")
    return found.group(1)


with open(sys.argv[1], encoding="utf-8") as file:
    page = file.read()
if len(sys.argv) == 2:
    sys.stdout.write(block(page, "c"))
    sys.exit(0)
got = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, text=True, check=True).stdout
want = block(page, "text")
if got != want:
    sys.exit(f"the page says:\n{want}\nthe program prints:\n{got}")

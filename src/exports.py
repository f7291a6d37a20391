#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The linker's version script: exports.py OUTPUT NODE HEADER...

libdevsh exports the functions that include/devsh declares, and nothing else.
"""
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.S)
# a line that begins with a type and has "name(" before the first bracket
DECLARED = re.compile(r"^(?!static|typedef|#)\w[\w *]*?\b(\w+)\(", re.M)


def declared(path):
    with open(path, encoding="utf-8") as header:
        return DECLARED.findall(COMMENT.sub("", header.read()))


output, node, *headers = sys.argv[1:]
names = [name for header in headers for name in declared(header)]
with open(output, "w", encoding="utf-8") as script:
    script.write(f"{node} {{\nglobal:\n")
    script.writelines(f"\t{name};\n" for name in names)
    script.write("local:\n\t*;\n};\n")

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file as a C array: embed.py INPUT OUTPUT NAME."""
import sys

source, target, name = sys.argv[1:]
data = open(source, "rb").read()
with open(target, "w") as out:
    out.write("#include <stddef.h>\n")
    out.write(f"extern const char {name}[];\nextern const size_t {name}_size;\n")
    out.write(f"const char {name}[] = {{\n")
    for i in range(0, len(data), 16):
        out.write("\t" + " ".join(f"{b}," for b in data[i:i + 16]) + "\n")
    out.write(f"}};\nconst size_t {name}_size = {len(data)};\n")

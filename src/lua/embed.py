#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files, one after the other, as a C array: embed.py INPUT... OUTPUT NAME."""
import sys

*sources, target, name = sys.argv[1:]
data = b"".join(open(source, "rb").read() for source in sources)
with open(target, "w") as out:
    out.write("#include <stddef.h>\n")
    out.write(f"extern const char {name}[];\nextern const size_t {name}_size;\n")
    out.write(f"const char {name}[] = {{\n")
    for i in range(0, len(data), 16):
        out.write("\t" + " ".join(f"{b}," for b in data[i:i + 16]) + "\n")
    out.write(f"}};\nconst size_t {name}_size = {len(data)};\n")

# SPDX-License-Identifier: MIT
"""Each script of a directory is listed in its meson.build, or nobody runs it.

Usage: complete.py DIRECTORY SUFFIX LISTED...
"""
import os
import sys

directory, suffix, *listed = sys.argv[1:]
listed = {os.path.basename(path) for path in listed}
there = {name for name in os.listdir(directory) if name.endswith(suffix)}
for name in sorted(there - listed):
    print(f"{directory}/{name} is not listed in meson.build")
sys.exit(1 if there - listed else 0)

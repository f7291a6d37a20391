# SPDX-License-Identifier: MIT
"""The newest version in the changelog is meson.build's: version.py VERSION CHANGELOG"""
import re
import sys

version, changelog = sys.argv[1:]
with open(changelog, encoding="utf-8") as f:
    newest = re.search(r"^## \[(.*?)\] - (unreleased|\d{4}-\d\d-\d\d)$", f.read(), re.M)
if not newest or newest.group(1) != version:
    sys.exit(f"meson.build has {version}, the first heading of {changelog} "
             f"{newest.group(1) if newest else 'no version'}")

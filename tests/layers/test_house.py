# SPDX-License-Identifier: MIT
"""The printed and the drawn house have every file, above what it uses.

Usage: test_house.py NM LIBRARY...; prints TAP.
"""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

from objects import circles, symbols, uses

HOUSE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "house.py")


def printed(nm, libraries):
    """{layer: {file: storey, counted from the roof}}."""
    out = subprocess.run([sys.executable, HOUSE, nm, *libraries], check=True,
                         capture_output=True, text=True).stdout
    storeys = {}
    for line in out.splitlines():
        if line.startswith("    "):
            rows += 1
            layer.update({name.rstrip("*"): rows for name in line.split()})
        elif ": " in line:
            layer, rows = storeys.setdefault(line.split(":")[0], {}), 0
    return storeys


def drawn(nm, libraries):
    with tempfile.TemporaryDirectory() as where:
        path = os.path.join(where, "house.svg")
        subprocess.run([sys.executable, HOUSE, "--svg", path, nm, *libraries], check=True)
        return {e.text.rstrip("*") for e in ET.parse(path).iter() if e.tag.endswith("}text")}


def wrong(nm, libraries):
    storeys, texts = printed(nm, libraries), drawn(nm, libraries)
    for library in libraries:
        layer, files = symbols(nm, library)
        graph = uses(files)
        circle = {name: c for c in circles(graph) for name in c}
        for name in files:
            if name not in storeys[layer] or name not in texts:
                yield f"{layer}/{name} is missing"
            for other in graph[name]:
                below = storeys[layer][other] > storeys[layer][name]
                if not below and other not in circle.get(name, ()):
                    yield f"{layer}/{name} uses {other}, which is not below it"


def main():
    found = list(wrong(sys.argv[1], sys.argv[2:]))
    print("1..1")
    print(f"{'not ok' if found else 'ok'} 1 - every file is there, above what it uses")
    for line in found:
        print("#", line)


main()

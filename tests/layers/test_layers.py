# SPDX-License-Identifier: MIT
"""A layer includes headers of its own and of those below, and each library has one user.

Usage: test_layers.py SRC LAYER..., lowest layer first; prints TAP.
"""
import os
import re
import sys

# system header: what may include it, beginnings of paths below SRC
ONLY_IN = {
    r"(lua|lualib|lauxlib)\.h": ("lua/",),
    r"readline/.*": ("shell/terminal",),
    r"seccomp\.h": ("run/confine.c",),
    r"jansson\.h": ("view/json.c", "run/json"),
}

# Allocations that a failure of would go unnoticed, and where they may be.
HOST_MEMORY = re.compile(r"\b(malloc|calloc|realloc|reallocarray|strdup|strndup|v?asprintf|getline)\s*\(")
HOST_MEMORY_HOME = "lib/host_memory.c"
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)


def sources(directory):
    return sorted(name for name in os.listdir(directory) if name.endswith((".c", ".h")))


def wrong_includes(src, layer, allowed):
    for name in sources(os.path.join(src, layer)):
        path = f"{layer}/{name}"
        with open(os.path.join(src, path), encoding="utf-8") as f:
            text = f.read()
        for kind, header in INCLUDE.findall(text):
            above = header.split("/")[0]
            if kind == '"' and above not in allowed:
                yield f"{path} includes {header}"
            for pattern, where in ONLY_IN.items():
                if re.fullmatch(pattern, header) and not path.startswith(where):
                    yield f"{path} includes {header}, which only {' and '.join(where)} may"


def unnoticed_allocations(src, order):
    for layer in order:
        for name in sources(os.path.join(src, layer)):
            path = f"{layer}/{name}"
            with open(os.path.join(src, path), encoding="utf-8") as f:
                text = NOT_CODE.sub("", f.read())
            for call in HOST_MEMORY.findall(text):
                if path != HOST_MEMORY_HOME:
                    yield f"{path} calls {call}(): lib/host_memory.h has host_{call}()"


def main():
    src, *order = sys.argv[1:]
    print(f"1..{len(order) + 2}")
    for n, layer in enumerate(order, 1):
        wrong = list(wrong_includes(src, layer, order[:n]))
        print(f"{'not ok' if wrong else 'ok'} {n} - {layer} looks only at itself and down")
        for line in wrong:
            print("#", line)
    there = {name for name in os.listdir(src) if os.path.isdir(os.path.join(src, name))}
    unknown = sorted(there - set(order))
    print(f"{'not ok' if unknown else 'ok'} {len(order) + 1} - every directory is a layer")
    for name in unknown:
        print("#", name)
    wrong = list(unnoticed_allocations(src, order))
    print(f"{'not ok' if wrong else 'ok'} {len(order) + 2} - memory of the host comes from one place")
    for line in wrong:
        print("#", line)


main()

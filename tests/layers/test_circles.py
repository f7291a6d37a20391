# SPDX-License-Identifier: MIT
"""Inside a layer, a file is built on others or others are built on it, not both.

Reads what the objects of each layer's static library define and use, and names each
circle: files of which each needs all of the others to link. A circle that is real
is in REAL, with the reason.

Usage: test_circles.py NM LIBRARY..., one for each layer; prints TAP.
       test_circles.py --print NM LIBRARY...: every circle, and the uses it is made of
"""
import sys

from objects import circles, symbols, uses

# layer: [(files, why each of them needs the others)]
REAL = {
    "base": [
        ("devres_release lifetime",
         "releasing resources may drop the last reference to their device, and a device that "
         "goes releases its resources"),
    ],
    "call": [
        ("apropos machine table",
         "help is a call, and shows the table that it is in"),
    ],
    "shell": [
        ("block invoke statement words",
         "a block runs statements, a statement makes a call, the call's words hold blocks"),
    ],
}


def explain(graph, circle):
    for name in sorted(circle):
        for other in sorted(graph[name].keys() & circle):
            yield f"{name}.c uses {other}.c: {', '.join(sorted(graph[name][other]))}"


def check(layer, graph):
    """Lines about circles that are not in the list, and about a list that is too long."""
    real = [(set(files.split()), why) for files, why in REAL.get(layer, [])]
    found = circles(graph)
    for circle in found:
        if not any(circle <= files for files, _ in real):
            yield f"{len(circle)} files in a circle: {', '.join(sorted(circle))}"
            yield from explain(graph, circle)
    for files, _ in real:
        if not any(circle <= files for circle in found):
            yield f"no circle any more, to be taken from the list: {', '.join(sorted(files))}"


def main():
    args = sys.argv[1:]
    printing = args[:1] == ["--print"]
    nm, *libraries = args[printing:]
    if not printing:
        print(f"1..{len(libraries)}")
    for n, library in enumerate(libraries, 1):
        layer, files = symbols(nm, library)
        graph = uses(files)
        if printing:
            for circle in circles(graph):
                print(f"{layer}: {len(circle)} of {len(files)}: {', '.join(sorted(circle))}")
                print("\n".join("    " + line for line in explain(graph, circle)))
            continue
        wrong = list(check(layer, graph))
        print(f"{'not ok' if wrong else 'ok'} {n} - {layer}: {len(files)} files, no circles but real ones")
        for line in wrong:
            print("#", line)


main()

# SPDX-License-Identifier: MIT
"""Inside a layer, a file is built on others or others are built on it, not both.

Reads what the objects of each layer's static library define and use, and names each
circle: files of which each needs all of the others to link. A circle that is real
is in REAL, with the reason.

Usage: test_circles.py NM LIBRARY..., one for each layer; prints TAP.
       test_circles.py --print NM LIBRARY...: every circle, and the uses it is made of
"""
import re
import subprocess
import sys

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

MEMBER = re.compile(r"\[?([^\[\]/\s]+?)(?:\.c)?\.o(?:bj)?\]?:$")
LAYER = re.compile(r"(?:.*/)?libdevsh-(\w+)\.a$")


def symbols(nm, library):
    """{file: (defined, used)} of a static library."""
    out = subprocess.run([nm, "-P", library], check=True, capture_output=True, text=True).stdout
    layer = LAYER.match(library).group(1)
    files = {}
    for line in out.splitlines():
        member = MEMBER.search(line)
        if member:
            name = member.group(1).removeprefix(layer + "_").removeprefix("meson-generated_.._")
            defined, used = files.setdefault(name, (set(), set()))
            continue
        fields = line.split()
        if len(fields) < 2:
            continue
        symbol, kind = fields[:2]
        if kind in "Uwv":
            used.add(symbol)
        elif kind.isupper():
            defined.add(symbol)
    return layer, files


def uses(files):
    """{file: {other file: symbols it takes from there}}."""
    home = {symbol: name for name, (defined, _) in files.items() for symbol in defined}
    out = {name: {} for name in files}
    for name, (_, used) in files.items():
        for symbol in used:
            if home.get(symbol, name) != name:
                out[name].setdefault(home[symbol], set()).add(symbol)
    return out


def circles(graph):
    """Sets of more than one file that all reach each other (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(name):
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
            if other in stack:
                low[name] = min(low[name], low[other])
        if low[name] == index[name]:
            at = stack.index(name)
            if len(stack) - at > 1:
                found.append(set(stack[at:]))
            del stack[at:]

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found


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

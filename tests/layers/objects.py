# SPDX-License-Identifier: MIT
"""What the objects of a layer's static library define and use, and what follows from it."""
import re
import subprocess

MEMBER = re.compile(r"\[?([^\[\]/\s]+?)(?:\.c)?\.o(?:bj)?\]?:$")
LAYER = re.compile(r"(?:.*/)?libdevsh-(\w+)\.a$")


def symbols(nm, library):
    """The layer's name, and {file: (symbols it defines, symbols it uses)}."""
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
    return [circle for circle in components(graph) if len(circle) > 1]


def components(graph):
    """Sets of files that all reach each other, those that others use first."""
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
            found.append(set(stack[at:]))
            del stack[at:]

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found


def storeys(graph):
    """Rows of files, the cellar first: each uses only files of the rows below and its circle."""
    level = {}
    for circle in components(graph):
        below = [level[other] for name in circle for other in graph[name] if other not in circle]
        for name in circle:
            level[name] = max(below, default=-1) + 1
    rows = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for name in sorted(level):
        rows[level[name]].append(name)
    return rows

# SPDX-License-Identifier: MIT
"""The house: layers, the storeys of files inside each, and which layer calls which.

Made from the objects, as the linker sees them. A file uses only files of the storeys
below its own; files in a circle share a storey and are marked.

Usage: house.py NM LIBRARY...              prints it
       house.py --svg FILE NM LIBRARY...   draws it
"""
import html
import sys

from objects import circles, storeys, symbols, uses

WIDTH, LABEL, LINE, PAD = 1200, 190, 22, 8


class Layer:
    def __init__(self, name, files):
        self.name, self.files = name, files
        self.graph = uses(files)
        self.rows = storeys(self.graph)[::-1]  # the roof first
        self.circled = set().union(*circles(self.graph), set())
        self.defined = set().union(*(defined for defined, _ in files.values()))
        self.used = set().union(*(used for _, used in files.values()))

    def calls(self, other):
        return len(self.used & other.defined)

    def file(self, name):
        return name + "*" if name in self.circled else name


def read(nm, libraries):
    """The layers, the top one first."""
    return [Layer(*symbols(nm, library)) for library in libraries][::-1]


def below(layer, layers):
    """The layers that this one calls, with how many of their functions."""
    others = [(other.name, layer.calls(other)) for other in layers if other is not layer]
    return ", ".join(f"{name} {n}" for name, n in others if n)


def say(layers):
    for layer in layers:
        print(f"{layer.name}: {len(layer.files)} files, calls {below(layer, layers) or 'nothing'}")
        for row in layer.rows:
            print("    " + " ".join(layer.file(name) for name in row))
    print("* is in a circle")


def wrapped(layer, row):
    """Lines of (x, width, file) for one storey."""
    lines, x = [[]], LABEL
    for name in row:
        width = 8 + 7 * len(layer.file(name))
        if x + width > WIDTH - PAD and lines[-1]:
            lines.append([])
            x = LABEL
        lines[-1].append((x, width, name))
        x += width + 4
    return lines


def svg(layers):
    y, out = PAD, []
    for layer in layers:
        top, y = y, y + PAD
        for row in layer.rows:
            for line in wrapped(layer, row):
                for x, width, name in line:
                    fill = "#f6c6c0" if name in layer.circled else "#ffffff"
                    out.append(f'<rect x="{x}" y="{y}" width="{width}" height="{LINE - 4}" rx="3" '
                               f'fill="{fill}" stroke="#8a8a8a"/>')
                    out.append(f'<text x="{x + 4}" y="{y + 13}">{html.escape(layer.file(name))}</text>')
                y += LINE
            y += 4
        calls = fold(below(layer, layers))
        y = max(y, top + 36 + 13 * len(calls))
        out.insert(0, f'<rect x="{PAD}" y="{top}" width="{WIDTH - 2 * PAD}" height="{y - top}" '
                      f'fill="#eef1f4" stroke="#c0c6cc"/>')
        out.append(f'<text x="{PAD + 8}" y="{top + 22}" class="name">src/{layer.name}</text>')
        for n, line in enumerate(calls):
            out.append(f'<text x="{PAD + 8}" y="{top + 38 + 13 * n}" class="calls">{line}</text>')
        y += PAD
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
            f'font-family="monospace" font-size="11"><style>.name{{font-size:15px;font-weight:bold}}'
            f'.calls{{fill:#555}}</style><rect width="100%" height="100%" fill="#ffffff"/>')
    return "\n".join([head, *out, "</svg>"]) + "\n"


def fold(text):
    """What a layer calls, two to a line."""
    parts = text.split(", ") if text else []
    return [", ".join(parts[i:i + 2]) for i in range(0, len(parts), 2)]


def main():
    args = sys.argv[1:]
    if args[:1] == ["--svg"]:
        with open(args[1], "w", encoding="utf-8") as f:
            f.write("<!-- SPDX-License-Identifier: MIT -->\n" + svg(read(args[2], args[3:])))
    else:
        say(read(args[0], args[1:]))


main()

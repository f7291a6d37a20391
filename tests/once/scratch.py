# SPDX-License-Identifier: MIT
"""A file of the tree with something added to it, and a program that has it.

The added thing is written into a copy of the one file where it belongs, only
that file is compiled, and the program is linked with it in front of the
libraries: if it works everywhere then, one place was enough.
"""
import json
import os
import shlex
import subprocess
import tempfile


class Scratch:
    def __init__(self, build, ninja):
        self.build, self.ninja = build, ninja
        self.directory = tempfile.TemporaryDirectory()

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def _command(self, file):
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as f:
            for entry in json.load(f):
                if os.path.realpath(os.path.join(self.build, entry["file"])) == os.path.realpath(file):
                    return entry
        raise LookupError(f"{file} is not compiled in {self.build}")

    def compile(self, file, change):
        """The object of the file whose text is change(text)."""
        entry = self._command(file)
        copy, out = self.path(os.path.basename(file)), self.path(os.path.basename(file) + ".o")
        with open(file, encoding="utf-8") as f:
            text = f.read()
        changed = change(text)
        assert changed != text, f"{file} is not changed"
        with open(copy, "w", encoding="utf-8") as f:
            f.write(changed)
        argv = shlex.split(entry["command"])
        argv[argv.index("-o") + 1] = out
        argv[argv.index("-c") + 1] = copy
        if "-MF" in argv:
            argv[argv.index("-MF") + 1] = out + ".d"
        if "-MQ" in argv:
            argv[argv.index("-MQ") + 1] = out
        subprocess.run(argv, cwd=self.build, check=True)
        return out

    def link(self, target, *objects):
        """The program of this name in the build directory, with the objects instead of its own."""
        commands = subprocess.run([self.ninja, "-C", self.build, "-t", "commands", target],
                                  check=True, capture_output=True, text=True).stdout
        argv = shlex.split([line for line in commands.splitlines() if f" -o {target} " in line][-1])
        out = self.path(os.path.basename(target))
        at = argv.index("-o")
        argv[at + 1:at + 2] = [out, *objects]
        subprocess.run(argv, cwd=self.build, check=True)
        return out


def add_before(text, mark, new):
    """new in front of the first place where mark is."""
    assert mark in text, mark
    return text.replace(mark, new + mark, 1)

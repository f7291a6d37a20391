# SPDX-License-Identifier: MIT
"""What the tests of devsh run share: a directory of scenarios, and runs of it."""
import os
import re
import subprocess
import sys
import tempfile

DEVSH = os.path.abspath(sys.argv[1])
# Seconds that a scenario is given before it counts as hanging: a busy machine is slow,
# and sanitizers make it slower.
SLOW_BY = int(os.environ.get("DEVSH_SLOW_BY", "2"))
SECONDS = f"{SLOW_BY}s"
FORMATS = ("pretty", "tap", "tap14", "ktap", "junit", "json", "github")


def lua(name, bodies):
    its = "".join(f'  it("{n}", function() {body} end)\n' for n, body in enumerate(bodies))
    return f'describe("{name}", function()\n{its}end)\n'


def project(directory, files):
    for name, text in files.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8") as f:
            f.write(text if isinstance(text, str) else lua(name[:-4], text))


def run(directory, *args, **more):
    more = dict({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}, **more)
    return subprocess.run([DEVSH, "run", *args], cwd=directory, stdin=subprocess.DEVNULL,
                          check=False, timeout=300, **more)


def lines(done):
    return done.stdout.decode().splitlines()


def words(done):
    """The verdicts in their order: 'ok a 0'."""
    return [" ".join(line.split()) for line in lines(done)
            if line.startswith("  ") and line.split()[0] in ("ok", "FAIL", "todo", "stop", "----")]


def begun(directory, *args):
    """A run, once it has reported its first scenario."""
    process = subprocess.Popen([DEVSH, "run", *args], cwd=directory, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    head = process.stdout.readline() + process.stdout.readline()
    return process, head


def untimed(done):
    """A report without what is different each time."""
    text = re.sub(rb' (time|timestamp)="[^"]*"', b"", done.stdout)
    return re.sub(rb'"(seconds|started)":("[^"]*"|[0-9.e-]*)', b"", text)


def tests(functions):
    """Runs each in a directory of its own, and prints TAP. A text that is returned is why it was skipped."""
    print(f"1..{len(functions)}", flush=True)
    for number, test in enumerate(functions, 1):
        with tempfile.TemporaryDirectory() as directory:
            name = test.__name__.replace("_", " ")
            try:
                why = test(directory)
                print(f"ok {number} - {name}" + (f" # SKIP {why}" if why else ""), flush=True)
            except Exception as error:  # pylint: disable=broad-except
                print(f"not ok {number} - {name}", flush=True)
                print("\n".join("# " + line for line in repr(error).splitlines()), flush=True)

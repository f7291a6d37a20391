# SPDX-License-Identifier: MIT
"""A built-in is one row: added to a copy of pause.c, it is there wherever calls are.

Usage: test_builtin.py SOURCE BUILD NINJA; prints TAP.
"""
import json
import os
import subprocess
import sys

import scratch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "pty"))
import terminal  # noqa: E402

ROW = r"""	{
		.call = {
			.name = "hail", .subject = "Shell",
			.summary = "greet somebody who is new here",
			.param = { { "who", P_STR, "world", false, "who is greeted" } },
			.returns = "the greeting",
			.example = "hail stranger",
		},
		.run = run_hail,
	},
"""

FUNCTION = r"""
static int run_hail(const struct invocation *in)
{
	static char text[80];

	snprintf(text, sizeof(text), "hail, %s", in->arg[0].s);
	in->r->value = (struct value){ .type = V_STR, .s = text };
	return EXIT_OK;
}
"""


def with_hail(text):
    text = scratch.add_before(text, "static int run_pause(", "static int run_hail(const struct invocation *in);\n")
    return scratch.add_before(text, "\t{ .run = NULL },", ROW) + FUNCTION


def run(*argv):
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def completes(devsh):
    env = dict(os.environ, DEVSH_HISTFILE="", INPUTRC="/dev/null", LC_ALL="C.UTF-8")
    with terminal.Terminal([devsh, "--color=never"], env) as t:
        t.expect("devsh> ")
        t.send("hai\tyou\r")
        t.expect("hail, you")
        t.send("quit\r")
    return True


def main():
    source, build, ninja = sys.argv[1:]
    tree = scratch.Scratch(build, ninja)
    row = tree.compile(os.path.join(source, "src/shell/pause.c"), with_hail)
    devsh = tree.link("devsh", row)
    manual = tree.link("doc/print-manual", row)
    calls = run(devsh, "--json", "-c", "hail you")
    checks = {
        "runs": run(devsh, "-c", "hail; hail you").stdout == "hail, world\nhail, you\n",
        "its value can be kept": run(devsh, "-c", "h = hail you; echo $h").stdout.endswith("hail, you\n"),
        "is in help": "  hail  " in run(devsh, "-c", "help").stdout,
        "has a page of help": "greet somebody" in run(devsh, "-c", "help hail").stdout,
        "is found by apropos": "hail" in run(devsh, "-c", "apropos greet").stdout,
        "is suggested": "did you mean 'hail'?" in run(devsh, "-c", "hial").stderr,
        "is an object of JSON": json.loads(calls.stdout)[0] == {"call": "hail", "value": "hail, you"},
        "refuses too much": "too many arguments: hail [WHO]" in run(devsh, "-c", "hail a b").stderr,
        "Lua says whose it is": "hail is a call of the shell only" in run(devsh, "-e", "hail()").stderr,
        "is in the manual": "greet somebody" in run(manual).stdout,
        "is completed": completes(devsh),
    }
    print(f"1..{len(checks)}")
    for n, (what, right) in enumerate(checks.items(), 1):
        print(f"{'ok' if right else 'not ok'} {n} - a built-in of one row {what}")


main()

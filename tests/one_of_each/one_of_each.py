# SPDX-License-Identifier: MIT
"""What is declared once can be added in one place.

Copies the sources, adds one of each kind, builds the program once and asks it: help,
the shell, Lua, JSON, TAB, the manual. doc/hacking.md says where each goes; what add_*()
changes here is all that it takes.

Usage: one_of_each.py SOURCE MESON NINJA; prints TAP.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE, MESON, NINJA = sys.argv[1:4]
sys.path.insert(0, os.path.join(SOURCE, "tests", "pty"))
from terminal import Terminal  # noqa: E402

ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
FAILED, LUA_FAILED, COMPLAINED = 1, 4, 6  # exit codes
CASES = []


def case(name):
    return lambda fn: CASES.append((name, fn)) or fn


class Tree:
    """A copy of the sources, and the program that is made of it."""

    def __init__(self, where):
        self.where = where
        for part in ("src", "include"):
            shutil.copytree(os.path.join(SOURCE, part), os.path.join(where, part))
        shutil.copy(os.path.join(SOURCE, "meson_options.txt"), where)
        with open(os.path.join(SOURCE, "meson.build"), encoding="utf-8") as f:
            lines = [line for line in f if line.strip() not in
                     ("subdir('scripts')", "subdir('doc')", "subdir('tests')")]
        with open(os.path.join(where, "meson.build"), "w", encoding="utf-8") as f:
            f.writelines(lines)
            f.write("executable('print-manual', 'print-manual.c', dependencies: devsh_shell)\n")
        shutil.copy(os.path.join(SOURCE, "doc", "print-manual.c"), where)
        self.build = os.path.join(where, "build")
        self.program = os.path.join(self.build, "devsh")

    def add(self, path, before, text):
        """Put text in front of `before`, which is there once."""
        path = os.path.join(self.where, path)
        with open(path, encoding="utf-8") as f:
            old = f.read()
        if old.count(before) != 1:
            raise SystemExit(f"Bail out! {path} has {before!r} {old.count(before)} times")
        with open(path, "w", encoding="utf-8") as f:
            f.write(old.replace(before, text + before))

    def make(self):
        for argv in ([MESON, "setup", self.build, "-Doptimization=0", "-Ddebug=false"],
                     [NINJA, "-C", self.build, "devsh", "print-manual"]):
            done = subprocess.run(argv, cwd=self.where, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                print("Bail out! the tree with the additions does not build")
                print("\n".join("# " + line for line in done.stdout.splitlines()[-30:]))
                sys.exit(1)

    def compiles(self, path, old, new):
        """Whether a source compiles with one word in another's place."""
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as f:
            command, = [c["command"] for c in json.load(f) if c["file"].endswith(path)]
        file = os.path.join(self.where, path)
        with open(file, encoding="utf-8") as f:
            text = f.read()
        with open(file, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))
        argv = shlex.split(command) + ["-fsyntax-only"]
        done = subprocess.run(argv, cwd=self.build, capture_output=True)
        with open(file, "w", encoding="utf-8") as f:
            f.write(text)
        return done.returncode == 0

    def run(self, *lines, status=0, args=()):
        """What the program prints for lines of the shell."""
        done = subprocess.run([self.program, *args, "-c", "\n".join(lines)], env=ENV,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != status:
            raise AssertionError(f"exit code {done.returncode}: {done.stdout}")
        return done.stdout

    def shows(self, text, *lines, **how):
        out = self.run(*lines, **how)
        if text not in out:
            raise AssertionError(f"{text!r} is not in\n{out}")

    def manual(self):
        return subprocess.run([os.path.join(self.build, "print-manual")], env=ENV, check=True,
                              capture_output=True, text=True).stdout

    def completes(self, typed, whole):
        with Terminal([self.program, "--color", "never"], ENV) as sh:
            sh.expect("devsh> ")
            sh.send(typed + "\t")
            sh.expect(whole)


# --- what is added -----------------------------------------------------------------

def add_call(tree):
    """A call, with a parameter of a new type and one with choices."""
    tree.add("src/call/dev_name.c", "const struct call dev_name_calls[] = {", '''
static int bind_planet(const struct bind *b)
{
	if (strcmp(b->text, "earth") && strcmp(b->text, "mars"))
		return bind_error(b, -EINVAL, "wants a planet");
	return 0;
}

static char offer_planets(const struct offers *o)
{
	o->fn(o->to, "earth");
	o->fn(o->to, "mars");
	return ' ';
}

static void lua_planet(struct buf *out, const char *text)
{
	buf_printf(out, "planet.%s", text);
}

static const struct param_type type_planet = {
	.wants = "a planet", .bind = bind_planet, .offer = offer_planets, .lua = lua_planet,
};

static int run_scratch_call(struct call_ctx *c)
{
	if (!strcmp(c->arg[1].s, "loud"))
		kernel_count_report(ctx_kernel(c), REPORT_SCRATCH, "scratch_function", 0);
	c->result->value = v_str(c->result, c->arg[0].s);
	return 0;
}

''')
    tree.add("src/call/dev_name.c", '	{ 0 },\n};', '''	{
		.name = "scratch_call", .subject = "Devices and drivers",
		.summary = "do what a scratch call does",
		.param = {
			{ "where", &type_planet, NULL, false, "a planet" },
			{ "how", P_CHOICE, "quiet", false, "quiet or loud",
			  CHOICES("quiet", "loud") },
		},
		.returns = "where",
		.example = "scratch_call mars",
		.run = run_scratch_call,
	},
''')
    tree.add("src/call/dev_name.c", "static int run_dev_set_name(", '#include <string.h>\n\n#include "kernel/report.h"\n\n')


def add_boot_value(tree):
    tree.add("src/kernel/params.c", '"panic_on_write") }', '"scratch_value", ')


def add_report_kind(tree):
    tree.add("src/kernel/report_kinds.h", '	X(KASAN, "KASAN',
             '	X(SCRATCH, "a scratch report in", false, explain_scratch) \\\n')
    tree.add("src/explain/reports.c", "static void all_explained(", '''
static void explain_scratch(struct machine *m, struct buf *out)
{
	buf_puts(out, "it was a scratch report");
}

''')


def add_column(tree):
    tree.add("src/call/columns.h", "X(FILES, help)", "X(FILES, scratch) ")
    tree.add("src/call/files.c", "	row[FILES_help] =",
             '	row[FILES_scratch] = v_str(r, "scratched");\n')
    tree.add("src/view/files.c", "			buf_puts(out, draw_string(d, row, FILES_help));",
             "			buf_printf(out, \"[%s] \", draw_string(d, row, FILES_scratch)),\n")


def add_builtin(tree):
    """A call of the shell itself."""
    tree.add("src/shell/pause.c", "static int run_pause(const struct invocation *in);", '''static int run_hail(const struct invocation *in)
{
	static char text[80];

	snprintf(text, sizeof(text), "hail, %s", in->arg[0].s);
	in->r->value = (struct value){ .type = V_STR, .s = text };
	return EXIT_OK;
}

''')
    tree.add("src/shell/pause.c", "	{ .run = NULL },", '''	{
		.call = {
			.name = "hail", .subject = "Shell",
			.summary = "greet somebody who is new here",
			.param = { { "who", P_STR, "world", false, "who is greeted" } },
			.returns = "the greeting",
			.example = "hail stranger",
		},
		.run = run_hail,
	},
''')


# --- where it works -----------------------------------------------------------------

@case("a call: shell, Lua, JSON, help, apropos, TAB")
def call_works(tree):
    tree.shows("mars", "scratch_call mars")
    tree.shows("earth", 'lua print(scratch_call("earth"))')
    tree.shows('"value": "mars"', "scratch_call mars", args=["--json"])
    tree.shows("scratch_call WHERE [HOW]", "help scratch_call")
    tree.shows("scratch_call", "apropos scratch")
    tree.completes("scratch_c", "scratch_call")
    if "do what a scratch call does" not in tree.manual():
        raise AssertionError("it is not in the manual")


@case("a parameter type: errors in the shell and Lua, TAB, --lua")
def type_works(tree):
    tree.shows("where 'pluto': wants a planet", "scratch_call pluto", status=FAILED)
    tree.shows("where 'pluto': wants a planet", 'lua scratch_call("pluto")', status=LUA_FAILED)
    tree.shows("where: wants a planet, got boolean", "lua scratch_call(true)", status=LUA_FAILED)
    tree.shows("scratch_call(planet.mars)", "scratch_call mars --lua")
    tree.completes("scratch_call ma", "scratch_call mars")


@case("a choice of a parameter: errors, TAB")
def choice_works(tree):
    tree.shows("how 'soft': wants quiet or loud", "scratch_call mars soft", status=FAILED)
    tree.shows("how 'soft': wants quiet or loud", 'lua scratch_call("mars", "soft")', status=LUA_FAILED)
    tree.completes("scratch_call mars lo", "scratch_call mars loud")


@case("a value of a boot parameter: help, TAB")
def boot_value_works(tree):
    tree.shows("report panic scratch_value panic_on_write", "help boot | tr -s '\\n ' ' '")
    tree.completes("boot kasan.fault=scr", "boot kasan.fault=scratch_value")


@case("a kind of report: exit code, explanation, faults")
def report_works(tree):
    tree.shows("it was a scratch report", "scratch_call mars loud", status=COMPLAINED)
    tree.shows("a scratch report in scratch_function", "faults { kmalloc 8; scratch_call mars loud }")


@case("a column: table, JSON, Lua; a misspelt one does not compile")
def column_works(tree):
    tree.shows("[scratched]", "ls /sys/bus")
    tree.shows('"scratch": "scratched"', "ls /sys/bus", args=["--json"])
    tree.shows("scratched", 'lua print(ls("/sys/bus")[1].scratch)')
    for path in ("src/view/files.c", "src/call/files.c"):
        if not tree.compiles(path, "FILES_scratch", "FILES_scratch"):
            raise AssertionError(f"{path} does not compile as it is")
        if tree.compiles(path, "FILES_scratch", "FILES_scrtach"):
            raise AssertionError(f"{path} compiles with a misspelt column")


@case("a built-in: shell, JSON, help, apropos, manual, TAB; not in Lua")
def builtin_works(tree):
    tree.shows("hail, world\nhail, you\n", "hail; hail you")
    tree.shows("hail, you", "h = hail you; echo $h")
    tree.shows("  hail  ", "help")
    tree.shows("greet somebody", "help hail")
    tree.shows("hail", "apropos greet")
    tree.shows("did you mean 'hail'?", "hial", status=FAILED)
    tree.shows('"value": "hail, you"', "hail you", args=["--json"])
    tree.shows("too many arguments: hail [WHO]", "hail a b", status=FAILED)
    tree.shows("hail is a call of the shell only", "lua hail()", status=LUA_FAILED)
    tree.completes("hai", "hail")
    if "greet somebody" not in tree.manual():
        raise AssertionError("it is not in the manual")


def main():
    print(f"1..{len(CASES)}", flush=True)
    with tempfile.TemporaryDirectory() as where:
        tree = Tree(where)
        for name, add in list(globals().items()):
            if name.startswith("add_"):
                add(tree)
        tree.make()
        for n, (name, fn) in enumerate(CASES, 1):
            try:
                fn(tree)
                print(f"ok {n} - {name}", flush=True)
            except AssertionError as why:
                print(f"not ok {n} - {name}")
                print("\n".join("# " + line for line in str(why).splitlines()), flush=True)


main()

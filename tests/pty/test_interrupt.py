# SPDX-License-Identifier: MIT
"""Ctrl-C in code that never looks at it. Usage: test_interrupt.py DEVSH; prints TAP."""
import os
import re

from shell import CTRL_C, DEVSH, PROMPT, RUNS, Shell, case, check, main

# Each prints 42 before it hangs.
HANG = r"""
local a = ("a"):rep(40)
local evil = ("a?"):rep(40) .. a .. "b"
local function lying() return 1 << 50 end
local function loop() while true do end end
hang = {}
function hang.find() print(40 + 2) return a:find(evil) end
function hang.gmatch() print(40 + 2) for _ in a:gmatch(evil) do end end
function hang.gsub() print(40 + 2) return (a:gsub(evil, "")) end
function hang.move() print(40 + 2) table.move({}, 1, 1 << 50, 2) end
function hang.insert() print(40 + 2) table.insert(setmetatable({}, { __len = lying }), 1, 1) end
function hang.gc() print(40 + 2) setmetatable({}, { __gc = loop }) collectgarbage() end
function hang.handler() print(40 + 2) xpcall(loop, loop) end
function hang.thread() print(40 + 2) coroutine.wrap(function() a:find(evil) end)() end
"""

# What hangs, and how the message names it.
PLACES = (
    ("find", "in string.find, hang.lua:7"),
    ("gmatch", "in a 'for iterator', hang.lua:8"),
    ("gsub", "in string.gsub, hang.lua:9"),
    ("move", "in table.move, hang.lua:10"),
    ("insert", "in table.insert, hang.lua:11"),
    ("gc", "in __gc, hang.lua:5"),
    ("handler", "at hang.lua:5"),
)


def write(home, name, text):
    with open(os.path.join(home, name), "w", encoding="utf-8") as f:
        f.write(text)
    return name


def prepare(sh, home):
    """Four steps: what must be there again."""
    write(home, "hang.lua", HANG)
    sh.run("source hang.lua")
    sh.run("device eth0")
    sh.run("p = devm_kmalloc eth0 64")
    sh.run("lua x = 20 + 3; p[0] = 77")


def look(sh):
    sh.ask("devices", "eth0")
    sh.ask("devres eth0", re.compile(r"1 nodes?|64"))
    sh.ask("= x, p[0]", re.compile(r"23\s+77"))
    sh.ask("fsck", "the machine is sound")


for function, place in PLACES:
    @case(f"a second Ctrl-C ends {function}, and the session is where it was")
    def _(home, function=function, place=place):
        with Shell(home) as sh:
            prepare(sh, home)
            sh.enter(f"= hang.{function}()")
            sh.expect(RUNS)
            sh.interrupt()
            sh.expect(f"interrupted {place}; back at step 4")
            sh.expect(PROMPT)
            look(sh)
            sh.send("\x1b[A" * 5 + "\r")
            sh.expect(f"= hang.{function}()")
            sh.expect(RUNS)
            sh.interrupt()
            sh.expect("back at step 4")
            sh.expect(PROMPT)
            sh.ask("undo", "undone: step 4, lua x = 20 + 3; p[0] = 77")
            sh.ask("redo", "redone: step 4")
            look(sh)
            sh.leave()
        with open(os.path.join(home, "history"), encoding="utf-8") as f:
            check(f"= hang.{function}()" in f.read(), "the history has lost the line")


@case("one Ctrl-C is enough, if nobody answers it")
def _(home):
    with Shell(home) as sh:
        prepare(sh, home)
        sh.enter("= hang.find()")
        sh.expect(RUNS)
        sh.send(CTRL_C)
        sh.expect("interrupted in string.find, hang.lua:7; back at step 4")
        sh.expect(PROMPT)
        look(sh)
        sh.leave()


@case("string.rep does not run for long")
def _(home):
    with Shell(home) as sh:
        sh.ask("= (''):rep(1 << 50)", "string.rep: at most 64 MiB")
        sh.leave()


@case("a probe, an action and a coroutine that hang")
def _(home):
    with Shell(home) as sh:
        prepare(sh, home)
        sh.run("device eth1")
        sh.run("driver demo probe={ q = devm_kmalloc $dev 8; lua hang.find() }")
        sh.enter("bind eth1 demo")
        sh.expect(RUNS)
        sh.interrupt()
        sh.expect("interrupted in string.find, hang.lua:7; back at step 6")
        sh.expect(PROMPT)
        sh.run("lua driver{ name = 'act', remove = hang.move }")
        sh.run("bind eth1 act")
        sh.enter("unbind eth1")
        sh.expect(RUNS)
        sh.interrupt()
        sh.expect("interrupted in table.move, hang.lua:10; back at step 8")
        sh.expect(PROMPT)
        sh.ask("devices", "act")
        sh.enter("lua hang.thread()")
        sh.expect(RUNS)
        sh.interrupt()
        sh.expect("back at step 8")
        sh.expect(PROMPT)
        look(sh)
        sh.leave()


@case("a finalizer that runs while the shell sets a variable")
def _(home):
    with Shell(home) as sh:
        prepare(sh, home)
        sh.run("lua setmetatable({}, { __gc = hang.move })")
        # the collector runs when enough was allocated: a pointer is an object of Lua
        write(home, "many.dsh", "n = $p+1\n" * 20000)
        sh.enter("source many.dsh")
        sh.expect(RUNS)
        sh.interrupt()
        sh.expect(re.compile(r"interrupted in table.move, hang.lua:10; back at step \d+"))
        sh.expect(PROMPT)
        look(sh)
        sh.leave()


@case("a copy of the session that hangs: nothing changes")
def _(home):
    with Shell(home) as sh:
        prepare(sh, home)
        for line in ("faults { lua hang.find() }",
                     "compare mem=64M,32M { lua table.move({}, 1, 1 << 50, 2) }"):
            sh.enter("echo run'ning'; " + line)
            sh.expect("running")
            # a copy shows nothing: this may come before it hangs, and is a soft one then
            sh.interrupt()
            sh.expect(re.compile(r"interrupted( in [a-z.]+(, hang.lua:7)?)?(; nothing changed)?\n"))
            sh.expect(PROMPT)
            look(sh)
            sh.ask("steps", re.compile(r"4 +lua x = 20"))
        sh.leave()


@case("a step that was interrupted softly cannot be replayed: what came before it is there")
def _(home):
    with Shell(home) as sh:
        prepare(sh, home)
        sh.enter("= print(40 + 2) while true do p[1] = (p[1] + 1) % 256 end")
        sh.expect(RUNS)
        sh.send(CTRL_C)
        sh.expect("interrupted")
        sh.expect(PROMPT)
        sh.run("device eth1")
        sh.enter("= hang.find()")
        sh.expect(RUNS)
        sh.interrupt()
        sh.expect(re.compile(r"step 5\s+was\s+interrupted\s+and\s+cannot\s+be\s+replayed:"
                             r"\s+back\s+at\s+step\s+4"))
        sh.expect(PROMPT)
        look(sh)
        sh.leave()


@case("a session that ends with a finalizer that never returns")
def _(home):
    with Shell(home) as sh:
        prepare(sh, home)
        sh.run("lua keep = setmetatable({}, { __gc = hang.find }); setmetatable({}, getmetatable(keep))")
        sh.run("undo")
        sh.run("redo")
        sh.leave()


def ends_with_130(home, *argv, runs=RUNS):
    with Shell(home, argv=[*argv], prompt=False) as sh:
        sh.expect(runs)
        sh.send(CTRL_C)
        status = sh.wait()
        check(status == 130, f"exit status {status}, want 130; the screen ends with {sh.tail()}")
        check("interrupted" in sh.text(), f"the screen ends with {sh.tail()}")


for function, _place in PLACES:
    @case(f"one Ctrl-C ends a script in {function} with 130")
    def _(home, function=function):
        write(home, "x.lua", HANG + f"hang.{function}()\n")
        ends_with_130(home, DEVSH, "x.lua")


@case("... also in lines of a file, of standard input, of -c and of -e")
def _(home):
    write(home, "hang.lua", HANG)
    write(home, "x.dsh", "source hang.lua\ndevice eth0\n= hang.find()\n")
    ends_with_130(home, DEVSH, "x.dsh")
    ends_with_130(home, "/bin/sh", "-c", 'exec "$1" <x.dsh', "sh", DEVSH)
    ends_with_130(home, DEVSH, "-c", "source hang.lua; = hang.find()")
    ends_with_130(home, DEVSH, "-c", "source hang.lua", "-e", "hang.find()")
    ends_with_130(home, DEVSH, "--json", "-c", "source hang.lua", "-c", "= hang.find()",
                  runs="[")


main()

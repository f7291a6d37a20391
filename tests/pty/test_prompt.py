# SPDX-License-Identifier: MIT
"""What a person at the keyboard sees. Usage: test_prompt.py DEVSH; prints TAP."""
import os
import re
import shutil
import signal
import stat
import termios

from shell import (CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_R, CTRL_U, CTRL_X, CTRL_Z, DEVSH, LOOP, MORE,
                   PROMPT, RUNS, UP, Shell, Skip, case, check, main)


def history_of(path):
    """The lines of a history file, without the time stamps."""
    with open(path, encoding="utf-8") as f:
        return [line for line in f.read().splitlines() if not re.match(r"#\d+$", line)]


@case("TAB completes the name of a call")
def _(home):
    with Shell(home) as sh:
        sh.send("devm_kza\t")
        sh.expect("devm_kzalloc ")
        sh.send(CTRL_U)
        sh.works()
        sh.leave()


@case("TAB completes what who asks for: a device, a driver, a variable")
def _(home):
    with Shell(home) as sh:
        sh.run("device eth0")
        sh.run("stats = devm_kmalloc eth0 64")
        sh.send("who $st\t\r")
        sh.expect("node 1 of eth0, 64 bytes")
        sh.expect(PROMPT)
        sh.send("who et\t\r")
        sh.expect("device eth0, not bound")
        sh.expect(PROMPT)
        sh.leave()


@case("TAB completes names of caches, what leaks takes, and values of boot parameters")
def _(home):
    with Shell(home) as sh:
        for typed, completed in (("slab_validate kmalloc-51\t", "slab_validate kmalloc-512"),
                                 ("leaks a\t", "leaks all"),
                                 ("boot kasan=of\t", "boot kasan=off")):
            sh.send(typed)
            sh.expect(completed)
            sh.send("\r")
            sh.expect(PROMPT)
        sh.works()
        sh.leave()


@case("TAB completes the machine's paths, also behind >")
def _(home):
    with Shell(home) as sh:
        sh.run("device eth0")
        sh.run("driver demo probe={ echo bound }")
        sh.send("ca\t/sys/b\tpl\tde\te\t")
        sh.expect("cat /sys/bus/platform/devices/eth0/")
        sh.send("mo\t\r")
        sh.expect("platform:eth0")
        sh.expect(PROMPT)
        sh.send("echo demo > /s\tb\tpl\tdrivers/d\tu\t")
        sh.send("\t")
        sh.expect("unbind")
        sh.send(CTRL_U)
        sh.works()
        sh.leave()


@case("the up arrow recalls the last line")
def _(home):
    with Shell(home) as sh:
        sh.ask("= 20+3", "23")
        sh.ask("= 30+4", "34")
        sh.send(UP)
        sh.expect("= 30+4")
        sh.send("5\r")
        sh.expect("75")
        sh.expect(PROMPT)
        sh.leave()


@case("the history outlives the shell")
def _(home):
    histfile = os.path.join(home, "deep", "er", "history")
    with Shell(home, histfile=histfile) as sh:
        sh.ask("= 20+3", "23")
        sh.leave()
    with Shell(home, histfile=histfile) as sh:
        sh.send(UP)
        sh.expect("= 20+3")
        sh.send("\r")
        sh.expect("\n23")
        sh.expect(PROMPT)
        sh.leave()


@case("the history file is mode 0600, its directory 0700")
def _(home):
    histfile = os.path.join(home, "dir", "history")
    with Shell(home, histfile=histfile) as sh:
        sh.works()
        sh.leave()
    for path, want in (histfile, 0o600), (os.path.dirname(histfile), 0o700):
        mode = stat.S_IMODE(os.stat(path).st_mode)
        check(mode == want, f"{path} is {mode:o}, want {want:o}")


@case("the history keeps no repeated line and none that starts with a space")
def _(home):
    with Shell(home) as sh:
        sh.ask("= 20+3", "23")
        sh.ask("= 20+3", "23")
        sh.ask(" = 30+4", "34")
        sh.ask("= 20+3", "23")
        sh.ask("= 50+1", "51")
        sh.leave()
    kept = history_of(os.path.join(home, "history"))
    check(kept == ["= 20+3", "= 50+1"], f"kept {kept}")


@case("two shells at a time keep the lines of both")
def _(home):
    with Shell(home) as one, Shell(home) as two:
        one.ask("= 20+3", "23")
        two.ask("= 30+4", "34")
        one.ask("= 50+1", "51")
        one.leave()
        two.leave()
    kept = history_of(os.path.join(home, "history"))
    check(kept == ["= 20+3", "= 30+4", "= 50+1"], f"kept {kept}")


@case("a shell that is killed has kept its history")
def _(home):
    with Shell(home) as sh:
        sh.works()
        sh.signal(signal.SIGKILL)
        sh.wait()
    kept = history_of(os.path.join(home, "history"))
    check(kept == ["= 40+2"], f"kept {kept}")


@case("Ctrl-C at the prompt drops what was typed")
def _(home):
    with Shell(home) as sh:
        sh.type("= 999")
        sh.send(CTRL_C)
        sh.expect("^C")
        sh.expect(PROMPT)
        sh.works()
        sh.leave()


@case("Ctrl-C inside a Ctrl-R search gives a working prompt")
def _(home):
    with Shell(home) as sh:
        sh.ask("= 20+3", "23")
        sh.send(CTRL_R)
        sh.expect("reverse-i-search")
        sh.send("20")
        sh.expect("= 20+3")
        sh.send(CTRL_C)
        sh.expect("^C")
        sh.expect(PROMPT)
        sh.works()
        sh.send(CTRL_R)  # and so does the next search
        sh.expect("reverse-i-search")
        sh.send("20+")
        sh.expect("= 20+3")
        sh.send("\r")
        sh.expect("\n23")
        sh.expect(PROMPT)
        sh.leave()


@case("Ctrl-C inside an unfinished paste gives a working prompt")
def _(home):
    with Shell(home) as sh:
        sh.send("\x1b[200~= 999" + CTRL_C)
        sh.expect("^C")
        sh.expect(PROMPT)
        sh.works()
        sh.leave()


@case("an unknown key sequence ends a Ctrl-R search, not the shell")
def _(home):
    with Shell(home) as sh:
        sh.send(CTRL_R)
        sh.expect("reverse-i-search")
        sh.send(CTRL_X + CTRL_E)
        sh.works()
        sh.leave()


@case("the mark of overwritten bytes is there however narrow the terminal is")
def _(home):
    with Shell(home) as sh:
        sh.run("boot kasan=off")
        sh.run("q = kmalloc 8")
        sh.run("memset $q 0x41 9")
        for cols in (80, 77, 75, 74, 64, 59, 40):
            sh.resize(24, cols)
            sh.ask("x $q 16", "<- overwritten")
        sh.works()
        sh.leave()


@case("Ctrl-C ends an endless Lua loop, and the machine lives on")
def _(home):
    with Shell(home) as sh:
        sh.enter(LOOP)
        sh.expect(RUNS)
        sh.send(CTRL_C)
        sh.expect(re.compile("interrupt", re.IGNORECASE))
        sh.expect(PROMPT)
        sh.run("device eth0")
        sh.ask("devices", "eth0")
        sh.works()
        sh.leave()


@case("undo takes back a line, redo makes it, and both are in the history")
def _(home):
    with Shell(home) as sh:
        sh.run("device eth0")
        sh.enter("driver demo probe={")
        sh.expect(MORE)
        sh.enter("  p = devm_kmalloc $dev 64")
        sh.expect(MORE)
        sh.enter("}")
        sh.expect(PROMPT)
        sh.ask("bind eth0 demo", "p = ")
        sh.ask("undo", "undone: step 3, bind eth0 demo")
        sh.ask("devices", "unbound")
        sh.ask("redo", "redone: step 3, bind eth0 demo")
        sh.ask("devres", "by demo_probe")
        sh.ask("goto 1", "step 1 of 3: device eth0")
        sh.ask("drivers", "no drivers")
        sh.ask("goto 3", "step 3 of 3: bind eth0 demo")
        sh.send("lua\r")
        sh.expect("lua> ")
        sh.enter("q = kmalloc(8)")
        sh.expect("lua> ")
        sh.send("\r")
        sh.expect(PROMPT)
        sh.ask("undo", "undone: step 4, lua q = kmalloc(8)")
        sh.ask("= q", "nil")
        sh.leave()
    kept = history_of(os.path.join(home, "history"))
    check(kept[-6:] == ["drivers", "goto 3", "lua", "q = kmalloc(8)", "undo", "= q"],
          f"kept {kept}")


@case("a loop of plain stores that Ctrl-C ended is a step as well")
def _(home):
    with Shell(home) as sh:
        sh.run("q = kzalloc 8")
        sh.enter("= print(40 + 2) while true do q[0] = (q[0] + 1) % 256 end")
        sh.expect("42")
        sh.send(CTRL_C)
        sh.expect("interrupted")
        sh.expect(PROMPT)
        sh.ask("undo", "undone: step 2, = print(40 + 2) while true do")
        sh.ask("redo", "step 2 was interrupted; it cannot be replayed")
        sh.ask("= q[0]", "0")
        sh.works()
        sh.leave()


@case("a line that Ctrl-C ended cannot be replayed, and undo says so")
def _(home):
    with Shell(home) as sh:
        sh.run("device eth0")
        sh.enter("lua kmalloc(8) print(40 + 2) while true do end")
        sh.expect("42")
        sh.send(CTRL_C)
        sh.expect("interrupted")
        sh.expect(PROMPT)
        sh.run("device eth1")
        sh.ask("undo", "step 2 was interrupted; it cannot be replayed; 'goto 1' goes before it")
        sh.ask("devices", "eth1")
        sh.ask("goto 1", "step 1 of 3: device eth0")
        sh.ask("redo", "step 2 was interrupted; it cannot be replayed")
        sh.ask("steps", "(undone)")
        sh.works()
        sh.enter(LOOP)
        sh.expect(RUNS)
        sh.send(CTRL_C)
        sh.expect("interrupted")
        sh.expect(PROMPT)
        sh.ask("undo", "undone: step 1, device eth0")
        sh.leave()


@case("Ctrl-C ends an endless Lua loop in a probe, and the next one runs until it is told")
def _(home):
    with Shell(home) as sh:
        sh.run("device eth0")
        sh.run("driver loop probe={ lua print('run' .. 'ning'); while true do end }")
        for _ in range(2):
            sh.enter("bind eth0 loop")
            sh.expect("running")
            sh.send(CTRL_C)
            sh.expect("-EINTR")
            sh.expect(PROMPT)
        sh.works()
        sh.leave()


@case("q at a pause at the prompt ends nothing")
def _(home):
    with Shell(home) as sh:
        sh.enter("pause")
        sh.expect("q ends")
        sh.send("q")
        sh.expect(PROMPT)
        sh.works()
        sh.leave()


@case("Ctrl-D ends an open block, and what comes later has no empty lines")
def _(home):
    with Shell(home) as sh:
        sh.enter("driver x probe={")
        sh.expect(MORE)
        sh.send(CTRL_D)
        sh.expect("never closed")
        sh.expect(PROMPT)
        sh.enter("echo one; echo two")
        sh.expect("one\ntwo")
        sh.expect(PROMPT)
        sh.enter("echo three")
        sh.expect("three\n" + PROMPT)
        sh.leave()


@case("Ctrl-C in a continued block drops the block")
def _(home):
    with Shell(home) as sh:
        sh.enter("= (function()")
        sh.expect(MORE)
        sh.type("return 1")
        sh.send(CTRL_C)
        sh.expect("^C")
        sh.expect(PROMPT)
        sh.works()
        sh.leave()


def recall_block(sh):
    sh.expect("end)()")
    sh.send("\r")
    sh.expect("\n62")
    sh.expect(PROMPT)


@case("a block comes back from the history as a block")
def _(home):
    with Shell(home) as sh:
        sh.enter("= (function()")
        sh.expect(MORE)
        sh.enter("return 60+2")
        sh.expect(MORE)
        sh.ask("end)()", "62")
        sh.send(UP)
        recall_block(sh)
        sh.leave()
    with Shell(home) as sh:
        sh.send(UP)
        recall_block(sh)
        sh.works()
        sh.send(UP + UP)
        recall_block(sh)
        sh.leave()


@case("a paste of several lines runs line by line")
def _(home):
    with Shell(home) as sh:
        sh.send("\x1b[200~= 20+3\r= 30+4\r\x1b[201~")
        sh.expect("30+4")
        sh.send("\r")
        sh.expect("\n23")
        sh.expect("\n34")
        sh.expect(PROMPT)
        sh.works()
        sh.leave()


@case("Ctrl-D on an empty line leaves with 0 and a newline")
def _(home):
    with Shell(home) as sh:
        sh.leave()
        check(sh.text().endswith("\n"), f"the screen ends with {sh.tail()}")
        check(not sh.text().endswith("\n\n"), "one newline is enough")


@case("Ctrl-D behind text does not leave")
def _(home):
    with Shell(home) as sh:
        sh.type("= 20+")
        sh.send(CTRL_D)
        sh.send("3\r")
        sh.expect("\n23")
        sh.expect(PROMPT)
        sh.leave()


@case("a new size while typing: the line goes on")
def _(home):
    with Shell(home) as sh:
        sh.type("= 20+")
        sh.resize(30, 24)
        sh.expect(PROMPT + "= 20+")  # drawn again
        sh.type("0" * 20)
        sh.send(CTRL_A)  # one row up at the new width, in the same one at the old
        sh.expect_raw(b"\x1b[A")
        sh.send(CTRL_E + "\x7f" * 20 + "3\r")
        sh.expect("\n23")
        sh.expect(PROMPT)
        sh.resize(24, 80)
        sh.works()
        sh.leave()


@case("Ctrl-Z stops with a sane terminal, fg goes on with the line")
def _(home):
    job = 'set -m; "$1"; echo "stopped $?"; stty -a; fg; echo "left $?"'
    if not shutil.which("stty"):
        raise Skip("no stty")
    with Shell(home, argv=["/bin/sh", "-c", job, "sh", DEVSH]) as sh:
        sh.type("= 20+")
        sh.send(CTRL_Z)
        sh.expect("stopped 1")
        sh.expect(re.compile(r"[\s;]icanon[\s;]"))
        sh.expect(PROMPT + "= 20+")
        sh.send("3\r")
        sh.expect("\n23")
        sh.expect(PROMPT)
        sh.send(CTRL_D)
        sh.expect("left 0")
        sh.wait()


@case("TERM=dumb: not one escape code")
def _(home):
    with Shell(home, term="dumb") as sh:
        sh.send("devm_kza\t")
        sh.expect("devm_kzalloc ")
        sh.send(CTRL_C)
        sh.expect(PROMPT)
        sh.run("device eth0")
        sh.ask("devices", "eth0")
        sh.run("no_such_call")
        sh.works()
        sh.leave()
        check(sh.text().endswith("\n"), f"the screen ends with {sh.tail()}")
        check(b"\x1b" not in sh.raw, f"got {sh.raw!r}")


def ends_with_sane_terminal(home, sig):
    with Shell(home) as sh:
        sh.type("= 20+3")
        check(not sh.modes()[3] & termios.ICANON, "the prompt does not edit lines")
        sh.signal(sig)
        status = sh.wait()
        check(status >= 0, f"killed by signal {-status}")
        check(sh.modes() == sh.modes_at_start, "the terminal was left in another mode")


@case("SIGTERM at the prompt restores the terminal")
def _(home):
    ends_with_sane_terminal(home, signal.SIGTERM)


@case("SIGHUP at the prompt restores the terminal")
def _(home):
    ends_with_sane_terminal(home, signal.SIGHUP)


@case("a history file that cannot be written costs one line on stderr")
def _(home):
    wall = os.path.join(home, "wall")
    stderr = os.path.join(home, "stderr")
    with open(wall, "w", encoding="utf-8"):
        pass
    with Shell(home, histfile=os.path.join(wall, "history"), stderr=stderr) as sh:
        sh.works()
        sh.ask("= 20+3", "23")
        sh.send(UP + UP)
        sh.send("\r")
        sh.expect("\n42")
        sh.expect(PROMPT)
        sh.leave()
    with open(stderr, encoding="utf-8") as f:
        said = f.read().splitlines()
    check(len(said) == 1, f"stderr has {said}")


@case("history lists the lines, clear clears the screen, $? is how the last line ended")
def _(home):
    with Shell(home) as sh:
        sh.ask("= 20+3", "23")
        sh.enter("define f {")
        sh.expect(MORE)
        sh.enter("echo x }")
        sh.expect(PROMPT)
        sh.ask("history", "    1  = 20+3\n    2  define f {\n       echo x }\n")
        sh.ask("history 1", re.compile(r"^    3  history\n", re.MULTILINE))
        sh.ask("history | head -n 1", "    1  = 20+3\n")
        sh.run("no_such_call")
        sh.ask("echo status $?", "status 1")
        sh.enter(LOOP)
        sh.expect(RUNS)
        sh.send(CTRL_C)
        sh.expect(PROMPT)
        sh.ask("echo status $?", "status 130")
        sh.ask("time kmalloc 8", re.compile(r"40 ns in the machine, [0-9.]+ [mun]?s on the host"))
        sh.run("clear")
        sh.expect_raw(b"\x1b[H\x1b[2J")
        sh.works()
        sh.leave()


@case("quit leaves with 0, and quit N with N")
def _(home):
    for line, want in ("no_such_call; quit", 0), ("no_such_call; quit 7", 7), ("exit 255", 255):
        with Shell(home) as sh:
            sh.enter(line)
            status = sh.wait()
            check(status == want, f"{line}: exit status {status}, want {want}")


main()

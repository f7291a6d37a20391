# SPDX-License-Identifier: MIT
"""What a person at the keyboard sees. Usage: test_prompt.py DEVSH; prints TAP."""
import os
import re
import shutil
import signal
import stat
import subprocess
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

def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


@case("the init file is read at a prompt, and its errors are shown")
def _(home):
    init = os.path.join(home, "config", "devsh", "init")
    write(init, "echo from the 'init' file\nsize = 64\nno_such_call\necho not reached\n")
    with Shell(home) as sh:
        check("from the init file" in sh.text(), f"the screen has {sh.tail()}")
        check("init:3:1: error: no_such_call" in sh.text(), f"the screen has {sh.tail()}")
        check("not reached" not in sh.text(), "a file stops at its first failure")
        sh.ask("$size", "64")
        sh.leave()
    with Shell(home, argv=[DEVSH, "--no-init"]) as sh:
        check("from the init file" not in sh.text(), "--no-init has no effect")
        sh.ask("$size", "$size is not set")
        sh.leave()
    with Shell(home, argv=[DEVSH, "-c", "echo bat'ch'"], prompt=False) as sh:
        sh.expect("batch")
        check(sh.wait() == 0, "it failed")
        check("from the init file" not in sh.text(), "-c alone reads it")
    with Shell(home, argv=[DEVSH, "-i", "-c", "echo $size bytes"], prompt=False) as sh:
        sh.expect("64 bytes")
        sh.expect(PROMPT)
        sh.leave()
    write(init, "quit 3\n")
    with Shell(home, prompt=False) as sh:
        check(sh.wait() == 3, "quit in it does not leave")


SESSION = (
    ("device eth0", ""),
    ("no_such_call", "no such call"),
    ("kmalloc )", ""),
    ("driver shy probe={ return -ENODEV }", ""),
    ("bind eth0 shy", "-ENODEV"),
    ("p = devm_kmalloc eth0 64", "p = "),
    ("devm_kmalloc eth0 64M", "NULL: "),
    ("lua x = 7; error('late')", "late"),
    ("= x + 1", "8"),
    ("devm_kfree eth0 $p", ""),
    ("devm_kfree eth0 $p", "more lines; 'dmesg' shows all"),
    ("undo", "undone"),
    ("q = kzalloc 8", "q = "),
)


def play(sh):
    for line, answer in SESSION:
        sh.ask(line, answer)
    sh.enter("driver demo probe={")
    sh.expect(MORE)
    sh.enter("  devm_kzalloc $dev 32 # twice")
    sh.expect(MORE)
    sh.enter("  devm_kzalloc $dev 32 }")
    sh.expect(PROMPT)
    sh.run("device eth1")
    sh.run("bind eth1 demo")
    sh.send("lua\r")
    sh.expect("lua> ")
    sh.enter("function twice(n)")
    sh.expect(">> ")
    sh.enter("return 2 * n end")
    sh.expect("lua> ")
    sh.send("\r")
    sh.expect(PROMPT)
    sh.run("lua y = twice(21)")


def state(home, *argv):
    """What devsh shows of the machine after a script."""
    look = "; ".join(("devices", "drivers", "devres", "objects", "= x, y"))
    done = subprocess.run([DEVSH, *argv, "-c", look], cwd=home, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@case("a recorded session is a script that runs, and so is a saved one")
def _(home):
    with Shell(home, argv=[DEVSH, "--record", "typed.dsh", "--boot", "release=6.1"]) as sh:
        play(sh)
        sh.run("save saved.dsh")
        sh.run("objects > objects")
        sh.run("devres > devres")
        sh.run("undo")
        sh.ask("= y", "nil")
        sh.run("redo")
        sh.leave()
    for script in "typed.dsh", "saved.dsh":
        status, out, err = state(home, "-c", f"source {script}")
        with open(os.path.join(home, script), encoding="utf-8") as f:
            text = f.read()
        check(status == 0 and not err, f"{script}: exit status {status}: {err}\n{text}")
        check("7\t42" in out, f"{script}: {out}")
        check("boot release=6.1\n" in text, f"{script}: {text}")
        for name in "objects", "devres":
            with open(os.path.join(home, name), encoding="utf-8") as f:
                check(f.read() in out, f"{script}: other {name}: {out}\n{text}")


@case("a session that cannot be recorded says so")
def _(home):
    with Shell(home, argv=[DEVSH, "--record", "nowhere/x.dsh"], prompt=False) as sh:
        status = sh.wait()
        check(status == 2 and "nowhere/x.dsh: No such file or directory" in sh.text(), sh.tail())
    with Shell(home, argv=[DEVSH, "--record", "/dev/full"]) as sh:
        sh.works()
        sh.send(CTRL_D)
        status = sh.wait()
        check(status == 2 and "/dev/full: No space left on device" in sh.text(), sh.tail())
    with Shell(home, argv=[DEVSH, "--record", "x.dsh", "-c", ""], prompt=False) as sh:
        check(sh.wait() == 2, "--record without a prompt")
    with Shell(home) as sh:
        sh.ask("save nowhere/x", "save: nowhere/x: No such file or directory")
        sh.leave()


@case("a report at the prompt fits the screen: its first lines, and what it means")
def _(home):
    with Shell(home) as sh:
        sh.run("q = kmalloc 8")
        sh.enter("memset $q 0x41 9")
        sh.expect("BUG: KASAN: slab-out-of-bounds in devsh+0x")
        sh.expect("Write of size 9")
        sh.expect(re.compile(r"\(and \d+ more lines; 'dmesg' shows all\)"))
        sh.expect("memset: ")
        sh.expect(PROMPT)
        for noise in "NULL", "Disabling lock debugging":
            check(noise not in sh.text(), f"{noise}: {sh.tail()}")
        sh.run("clear")
        for line in sh.text().splitlines():
            check(len(line) <= 80, f"{len(line)} columns: {line}")
        sh.ask("kmalloc 64M", "kmalloc: NULL: ")
        sh.ask("p = kmalloc 64M", "p = NULL\n")
        sh.leave()


@case("rows of KASAN's fit a screen of 80 columns")
def _(home):
    with Shell(home, rows=0) as sh:
        sh.run("q = kmalloc 8")
        sh.run("memset $q 0x41 9")
        sh.ask("dmesg", re.compile(r"\[0\.0000\d+\] >ffff8880010.*: fc 00 fc"))
        sh.ask("dmesg | grep -c .", "4")
        sh.ask("dmesg > log; echo $?", "0")
        with open(os.path.join(home, "log"), encoding="utf-8") as f:
            check(re.search(r"^\[    0\.0000\d+\] >ffff", f.read(), re.MULTILINE), "the file is folded, too")
        for line in sh.text().splitlines():
            check(len(line) <= 80 or ": fc" not in line, f"{len(line)} columns: {line}")
        sh.leave()

@case("TAB completes steps, $dev in a block, the second value of a list")
def _(home):
    with Shell(home) as sh:
        sh.run("device eth0")
        sh.run("q = kmalloc 8")
        sh.send("goto 2\t\r")
        sh.expect("step 2 of 2: q = kmalloc 8")
        sh.expect(PROMPT)
        for typed, completed in (("diff \t\t", re.compile(r"\n1 +2 *\n")),
                                 ("driver d probe={ devm_kmalloc $d\t\t", re.compile(r"\$data +\$dev")),
                                 ("driver d probe={ devm_kmalloc \t\t", re.compile(r"\$dev +eth0")),
                                 ("compare release=4.19,7.\t", "release=4.19,7.2"),
                                 ("compare release=4.19,6.1,5\t", "release=4.19,6.1,5.10")):
            sh.send(typed)
            sh.expect(completed)
            sh.send(CTRL_U)
        sh.works()
        sh.leave()


@case("TAB completes Lua: calls, globals, a library's functions")
def _(home):
    with Shell(home) as sh:
        sh.run("lua function my_function() end")
        for typed, completed in (("= devm_kza\t", "= devm_kzalloc"), ("lua my_f\t", "lua my_function"),
                                 ("= string.gma\t", "= string.gmatch"),
                                 ("= print(string.gma\t", "= print(string.gmatch"),
                                 ("device x; lua collectg\t", "lua collectgarbage")):
            sh.send(typed)
            sh.expect(completed)
            sh.send(CTRL_U)
        sh.send("lua\r")
        sh.expect("lua> ")
        sh.send("table.conc\t")
        sh.expect("table.concat")
        sh.send(CTRL_C)
        sh.expect("lua> ")
        sh.leave()


@case("the arguments that may follow are shown behind the cursor")
def _(home):
    with Shell(home) as sh:
        sh.run("device eth0")
        sh.send("devm_kmalloc ")
        sh.expect_raw(b"devm_kmalloc \x1b[2mDEV SIZE [GFP]\x1b[0m\x1b[14D")
        sh.send("eth0 ")
        sh.expect_raw(b"\x1b[2mSIZE [GFP]\x1b[0m\x1b[10D")
        sh.send("64 ")
        sh.expect_raw(b"\x1b[2m[GFP]\x1b[0m\x1b[5D")
        sh.send("\r")
        sh.expect_raw(b"\x1b[K")
        sh.expect("ffff8880010000a8")
        sh.expect(PROMPT)
        sh.resize(24, 40)
        sh.send("echo " + "x" * 25 + " ")  # a narrow screen: no room
        sh.send(CTRL_U)
        sh.send("driver ")
        sh.expect_raw(b"\x1b[2mNAME [probe={...}]\x1b[0m\x1b[18D")
        sh.send(CTRL_C)
        sh.expect("^C")
        sh.expect(PROMPT)
        sh.works()
        sh.leave()
    with Shell(home, argv=[DEVSH, "--color=never"]) as sh:
        sh.send("devm_kmalloc ")
        sh.expect("devm_kmalloc ")
        sh.send("eth0 64\r")
        sh.expect("no such device")
        sh.expect(PROMPT)
        check(b"SIZE" not in sh.raw, f"got {sh.raw!r}")
        sh.leave()


main()

# SPDX-License-Identifier: MIT
"""devsh on a pseudo-terminal, and the cases of a test file, reported as TAP."""
import os
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
from terminal import Terminal  # noqa: E402

PROMPT = "devsh> "
MORE = "  ...> "
UP = "\x1b[A"
CTRL_A, CTRL_C, CTRL_D, CTRL_E = "\x01", "\x03", "\x04", "\x05"
CTRL_R, CTRL_U, CTRL_X, CTRL_Z = "\x12", "\x15", "\x18", "\x1a"
# says when it runs: before that, Ctrl-C is for the prompt
LOOP, RUNS = "= (function() print(40 + 2) while true do end end)()", "42"

if len(sys.argv) != 2:
    sys.exit(f"Usage: {os.path.basename(sys.argv[0])} DEVSH")
DEVSH = os.path.abspath(sys.argv[1])
CASES = []


class Skip(Exception):
    pass


def case(name):
    def add(fn):
        CASES.append((name, fn))
        return fn
    return add


def check(ok, message):
    if not ok:
        raise AssertionError(message)


class Shell(Terminal):
    """devsh in a home of its own, at its first prompt."""

    def __init__(self, home, argv=None, histfile=None, prompt=True, **how):
        """prompt=False: argv ends without one."""
        env = {k: v for k, v in os.environ.items() if k == "PATH" or k.endswith("_OPTIONS")}
        env.update(HOME=home, INPUTRC="/dev/null", LC_ALL="C.UTF-8",
                   XDG_CONFIG_HOME=os.path.join(home, "config"),
                   XDG_STATE_HOME=os.path.join(home, "state"),
                   DEVSH_HISTFILE=histfile or os.path.join(home, "history"))
        super().__init__(argv or [DEVSH], env, cwd=home, **how)
        if prompt:
            self.expect(PROMPT)

    def type(self, line):
        """Only the echo tells that a key was read: Ctrl-C flushes the others."""
        self.send(line)
        self.expect(line)

    def enter(self, line):
        """Up to the moment when devsh has the line and starts to work."""
        self.type(line)
        self.send("\r")
        self.expect("\n")

    def ask(self, line, answer):
        self.enter(line)
        self.expect(answer)
        self.expect(PROMPT)

    def run(self, line):
        self.enter(line)
        self.expect(PROMPT)

    def works(self):
        """No typed text is left over, and devsh still answers."""
        self.ask("= 40+2", "42")

    def interrupt(self):
        """A first Ctrl-C, and a second one. Waits for no answer."""
        self.send(CTRL_C)
        self.expect("^C")
        self.send(CTRL_C)

    def leave(self):
        self.send(CTRL_D)
        status = self.wait()
        check(status == 0, f"exit status {status}, want 0")


def main():
    if not os.path.exists("/dev/ptmx"):
        print("1..0 # SKIP no pseudo-terminals here")
        return
    print(f"1..{len(CASES)}")
    for n, (name, fn) in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory(prefix="devsh-pty-") as home:
            try:
                fn(home)
                verdict, detail = f"ok {n} - {name}", ""
            except Skip as why:
                verdict, detail = f"ok {n} - {name} # SKIP {why}", ""
            except Exception:
                verdict, detail = f"not ok {n} - {name}", traceback.format_exc()
        print(verdict)
        for line in detail.splitlines():
            print("#", line)
        sys.stdout.flush()

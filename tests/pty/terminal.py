# SPDX-License-Identifier: MIT
"""A program on a pseudo-terminal: type to it, wait for what it shows.

Nothing here measures time. Each step waits until the program has shown
something; the time-out only turns a program that hangs into a failure.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios

TIMEOUT = float(os.environ.get("DEVSH_PTY_TIMEOUT", "60"))

# CSI sequences, OSC sequences, two- and three-byte escapes, the bell.
ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/][0-~]|\x1b[0-Z\\^-~]|\x07")
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[ -/])?\Z")


class Mismatch(AssertionError):
    """The program did not show, or not do, what the test waits for."""


class Terminal:
    def __init__(self, argv, env, term="xterm", rows=24, cols=80, stderr=None, cwd=None):
        """stderr: a path that takes standard error instead of the terminal."""
        self.raw = b""
        self.seen = 0  # how much of text() earlier expects have consumed
        self.status = None
        self.eof = False
        self.master, slave = pty.openpty()
        self.resize(rows, cols)
        self.modes_at_start = self.modes()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._become(argv, dict(env, TERM=term), slave, stderr, cwd)
            finally:
                os._exit(127)
        os.close(slave)

    def _become(self, argv, env, slave, stderr, cwd):
        os.close(self.master)
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        if slave > 2:
            os.close(slave)
        if stderr:
            fd = os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(fd, 2)
            os.close(fd)
        if cwd:
            os.chdir(cwd)
        # A background job starts with SIGINT ignored, and so would we.
        for sig in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP,
                    signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGPIPE):
            signal.signal(sig, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execvpe(argv[0], argv, env)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def modes(self):
        """The line settings (termios) as they are now."""
        return termios.tcgetattr(self.master)

    def resize(self, rows, cols):
        """Also tells the program: SIGWINCH."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def text(self):
        """All that was shown, without escape sequences and carriage returns."""
        shown = self.raw.decode("utf-8", "replace").replace("\r", "")
        return ESCAPES.sub("", UNFINISHED.sub("", shown))

    def send(self, text):
        data = text.encode()
        while data:
            data = data[os.write(self.master, data):]

    def signal(self, sig):
        os.kill(self.pid, sig)

    def _read_more(self, why):
        """False at the end of what the program shows."""
        if self.eof:
            return False
        if not select.select([self.master], [], [], TIMEOUT)[0]:
            raise Mismatch(f"timed out, {why}; the screen ends with {self.tail()}")
        try:
            data = os.read(self.master, 65536)
        except OSError:  # Linux: EIO once the last process has left
            data = b""
        self.raw += data
        self.eof = not data
        return not self.eof

    def tail(self):
        return repr(self.text()[-400:])

    def expect(self, what):
        """Wait for a string or a compiled pattern; later ones look behind it."""
        pattern = what if hasattr(what, "search") else re.compile(re.escape(what))
        while True:
            match = pattern.search(self.text(), self.seen)
            if match:
                self.seen = match.end()
                return match
            if not self._read_more(f"waiting for {pattern.pattern!r}"):
                raise Mismatch(f"ended before {pattern.pattern!r}; "
                               f"the screen ends with {self.tail()}")

    def expect_raw(self, data):
        """Wait for bytes, escape sequences included, anywhere so far."""
        while data not in self.raw:
            if not self._read_more(f"waiting for {data!r}"):
                raise Mismatch(f"ended before {data!r}")

    def read_more(self):
        """False: the program has ended, and all of its output was read."""
        return self._read_more("waiting for the end")

    def wait(self):
        """Read to the end; returns the exit status, -N for a signal."""
        while self.read_more():
            pass
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def close(self):
        if self.master < 0:
            return
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.status = -signal.SIGKILL
        os.close(self.master)
        self.master = -1

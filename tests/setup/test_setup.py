# SPDX-License-Identifier: MIT
"""scripts/setup where packages are missing and cannot be installed. Prints TAP.

A C compiler that is not there makes packages missing; apt-get is one of ours that fails.
"""
import os
import subprocess
import sys
import tempfile

NO_NETWORK = """Err:1 http://deb.debian.org/debian bookworm InRelease
  Temporary failure resolving 'deb.debian.org'
W: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  Temporary failure resolving
E: Failed to fetch http://deb.debian.org/debian/pool/main/g/gcc-12/gcc-12.deb  Temporary failure resolving
"""
BROKEN = "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'\n"


def run(setup, log):
    with tempfile.TemporaryDirectory() as home:
        for name, text in (("apt-get", f"cat <<'END'\n{log}END\nexit 100\n"), ("dpkg", "exit 0\n"),
                           ("sudo", "while case ${1-} in -*) ;; *) false ;; esac; do shift; done\n"
                                    '[ $# -eq 0 ] || exec "$@"\n')):
            path = os.path.join(home, name)
            with open(path, "w", encoding="utf-8") as f:
                f.write("#!/bin/sh\n" + text)
            os.chmod(path, 0o755)
        env = dict(os.environ, PATH=home + ":" + os.environ["PATH"], CC="/nonexistent/cc")
        done = subprocess.run(["sh", setup, "run", os.path.join(home, "build")], env=env,
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr


def main():
    status, out, err = run(sys.argv[1], NO_NETWORK)
    results = [
        ("without a network it exits with 2", status == 2),
        ("... and says so", "the package archive cannot be reached" in err),
        ("... and which packages to install", "apt-get install" in err and " gcc" in err),
        ("... without a line of apt-get's", "Err:" not in err and "E:" not in err and not out),
    ]
    status, out, err2 = run(sys.argv[1], BROKEN)
    results += [
        ("for another reason it exits with 1", status == 1),
        ("... and shows what apt-get wrote", BROKEN in err2 and not out),
    ]
    print(f"1..{len(results)}")
    for n, (name, ok) in enumerate(results, 1):
        print("ok" if ok else "not ok", n, "-", name)
    if not all(ok for _, ok in results):
        print("# " + (err + err2).replace("\n", "\n# "))


main()

# SPDX-License-Identifier: MIT
"""Completion of devsh's command line: completions.py DEVSH SCRIPTS [SHELL]; prints TAP.

Without a shell: what devsh --complete prints. With bash, zsh or fish: what its
completion script makes of that; exit status 77 where the shell is missing.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

# the words after devsh, and candidates that must be among the answers; files are a.dsh b.lua c.txt sub/
CASES = [
    (["--colo"], {"--color"}),
    (["--color", ""], {"auto", "always", "never"}),
    (["--color=al"], {"--color=always"}),
    (["--leak-check", "e"], {"error"}),
    (["--boot", "kasan_m"], {"kasan_multi_shot="}),
    (["--boot", "arch=arm6"], {"arch=arm64"}),
    (["-c", "devm_kz"], {"devm_kzalloc"}),
    (["run", "--fo"], {"--format"}),
    (["run", "--format", "t"], {"tap", "tap14"}),
    (["run", "--report", ""], {"junit=", "json="}),
    (["r"], {"run"}),
    (["a.d"], {"a.dsh"}),
    (["--no-such"], set()),
    (["--filter", ""], set()),
]
QUOTED = (["-c", "device eth0; devm_kz"], {"device eth0; devm_kzalloc"})

BASH = r'''
source "$1"; shift
# readline makes words of '=' as well
words=()
for word; do
    while [[ $word == *=* && $word != *' '* ]]; do
        [[ ${word%%=*} ]] && words+=("${word%%=*}")
        words+=('='); word=${word#*=}
        [[ $word ]] || break 2
    done
    words+=("$word")
done
COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1))
_devsh
printf '%s\n' "${COMPREPLY[@]}"
'''
ZSH = r'''
compadd() { [[ $1 == -S ]] && shift 2; print -rl -- "${@[2,-1]}" }
_describe() { local row; for row in "${(@P)2}"; do print -r -- "${row%%:*}"; done }
_files() { [[ $1 == -g ]] && print -rl -- ${~2}(N) || print -rl -- * }
script=$1; shift
words=("$@") CURRENT=$#
source $script
'''
FISH = r'''
source $argv[1]
complete -C $argv[2] | string replace -r '\t.*' ''
'''


def run(command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)


def from_devsh(devsh, words):
    lines = run([devsh, "--complete", *words]).stdout.split("\n")
    return {line.partition("\t")[0] for line in lines[1:] if line}


def from_bash(devsh, script, words):
    done = run(["bash", "--norc", "-c", BASH, "bash", script, devsh, *words])
    # readline replaces what is behind the '=' only
    front = words[-1][:words[-1].rfind("=") + 1]
    return {front + line for line in done.stdout.splitlines() if line}


def from_zsh(devsh, script, words):
    return set(run(["zsh", "-f", "-c", ZSH, "zsh", script, devsh, *words]).stdout.splitlines())


def from_fish(devsh, script, words):
    line = " ".join([devsh, *words[:-1], words[-1] if " " not in words[-1] else "'" + words[-1]])
    return set(run(["fish", "--no-config", "-c", FISH, script, line]).stdout.splitlines())


def check_devsh(devsh):
    """Candidates for what a case types, and every option of the help."""
    text = run([devsh, "--help"]).stdout
    offered = from_devsh(devsh, ["-"]) | from_devsh(devsh, ["run", "-"])
    named = set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)|^ +(-\w)\b", text, re.M))
    named = {name for pair in named for name in pair if name}
    yield f"{len(named)} options of the help", named - offered if len(named) > 10 else {"more options"}
    names = {word.rstrip("=") for word in from_devsh(devsh, ["--boot", ""])}
    helped = run([devsh, "-c", "help boot"]).stdout
    yield f"{len(names)} boot parameters", {name for name in names if name not in helped} if len(names) > 20 else names
    for words, wanted in CASES + [QUOTED]:
        if words != ["a.d"]:
            got = from_devsh(devsh, words)
            yield " ".join(words), wanted ^ got if not wanted or words[0] == "--color" else wanted - got


def check_shell(devsh, script, shell):
    ask = {"bash": from_bash, "zsh": from_zsh, "fish": from_fish}[shell]
    for words, wanted in CASES + [QUOTED]:
        got = ask(devsh, script, words)
        yield " ".join(words), wanted - got if wanted else got
    got = ask(devsh, script, [""])
    yield "scripts and directories are offered", {"a.dsh", "b.lua"} - got | ({"c.txt"} & got)
    got = ask(devsh, script, ["a.dsh", ""])
    yield "a script's arguments are any files", {"c.txt"} - got if shell != "bash" else got


def main():
    devsh, scripts = (os.path.abspath(path) for path in sys.argv[1:3])
    shell = sys.argv[3] if len(sys.argv) > 3 else None
    if shell and not shutil.which(shell):
        print(f"1..0 # SKIP there is no {shell}")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        os.mkdir("sub")
        for name in ("a.dsh", "b.lua", "c.txt"):
            with open(name, "w", encoding="utf-8"):
                pass
        script = os.path.join(scripts, "devsh." + (shell or ""))
        rows = list(check_shell(devsh, script, shell) if shell else check_devsh(devsh))
    print(f"1..{len(rows)}")
    for n, (name, wrong) in enumerate(rows, 1):
        print(f"{'not ok' if wrong else 'ok'} {n} - {name}")
        for what in sorted(wrong):
            print("#", what)


main()

# SPDX-License-Identifier: MIT
try() {
	echo "--- devsh $*"
	"$DEVSH" "$@"
	echo "status $?"
}
try --nonsense
try -c
try --boot release=5.4 -c machine
try --boot
try --color sometimes
try run
try run --format=xml .
try run nosuch.lua
# the version has one place, and that is not here
try --version | sed '2s/^devsh [0-9.]*$/devsh VERSION/'
try -e 'print(6 * 7)' -c 'echo then'
try -c 'p = kmalloc 64' -e 'kfree(p) print(p:state())'
try -e 'error("mine")'
try -e 'x = = 1'
try -c 'echo a; quit; echo b'
echo 'echo from standard input' | "$DEVSH" -
echo 'echo from standard input' | "$DEVSH"

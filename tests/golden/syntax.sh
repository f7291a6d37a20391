# SPDX-License-Identifier: MIT
# Each in a file of its own: text that is wrong is not run at all.
try() {
	printf '%s\n' "--- $1"
	"$DEVSH" -c "$1"
	echo "status $?"
}
try 'echo before; echo "open'
try "echo 'open"
try 'driver demo probe={ devm_kzalloc $dev 64'
try 'echo before }'
try 'kfree $'
try 'kfree ${p'
try 'p ='
try 'devices |'
try 'devices >'
try '= (1 +'
try '= 1 1'
echo "flags with blanks:"
"$DEVSH" -c 'device eth0; devm_kmalloc eth0 64 GFP_KERNEL | __GFP_ZERO'
"$DEVSH" -c 'kmalloc 64 GFP_KERNEL | GFP_ZERO'

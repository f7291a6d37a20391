# SPDX-License-Identifier: MIT
# One line of a megabyte: as a word, as many words, as a name, open and closed.
long() { head -c 1048576 /dev/zero | tr '\0' "$1"; }
{ printf 'echo '; long a; } | "$DEVSH" - | wc -c
{ printf 'device '; long a; } | "$DEVSH" -
echo "status $?"
long a | "$DEVSH" -
echo "status $?"
{ printf 'devm_kmalloc '; long 1; printf ' 64'; } | "$DEVSH" -
echo "status $?"
{ printf 'kmalloc '; long 9; } | "$DEVSH" -
echo "status $?"
{ printf 'echo "'; long b; } | "$DEVSH" -
echo "status $?"
long '{' | "$DEVSH" -
echo "status $?"
long '$' | "$DEVSH" -
echo "status $?"
{ printf 'device eth0\ndev_err eth0 '; long c; printf '\ndmesg 1'; } | "$DEVSH" - | cut -c1-60
{ printf '= #"'; long d; printf '"'; } | "$DEVSH" -
echo "status $?"

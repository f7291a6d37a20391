# SPDX-License-Identifier: MIT
printf 'device eth0\n\177ELF\002\001\001\000\000' | "$DEVSH" -
echo "status $?"
printf 'echo a\0b\n' | "$DEVSH" -
echo "status $?"
printf '\033LuaT\0\31\223\r\n' > "${TMPDIR:-/tmp}/devsh-golden-$$.lua"
"$DEVSH" "${TMPDIR:-/tmp}/devsh-golden-$$.lua" 2>&1 | sed 's/[^ ]*devsh-golden-[0-9]*/FILE/'
rm -f "${TMPDIR:-/tmp}/devsh-golden-$$.lua"
printf 'device b\303\274rste\ndevice not\377utf8\ndevices\n' | "$DEVSH" -
echo "status $?"
# what a script raises is text, too
"$DEVSH" -e 'error("\27[31m\ttab\7")' 2>&1
echo "status $?"

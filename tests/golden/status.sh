# SPDX-License-Identifier: MIT
# $?, and what is an error of repeat, of a comment, of the history.
"$DEVSH" -k <<'EOF'
verbose on
repeat 3 { kmalloc 8; nosuch }
repeat 5 { echo once; ! kmalloc 8 }
# as Lua has it, // divides
n = 7 // 2
n=7 // 2
p = kmalloc // 64
p = kmalloc 8 // 64
# how the last line ended
echo $?
nosuch
echo "$?, ${?}"
nosuch
status = $?
! bind eth0 nosuch
echo $? $status
= error("no")
$?
echo $? --lua
nosuch
later = $?
undo
redo
echo $later
clear
history
EOF

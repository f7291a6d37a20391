# SPDX-License-Identifier: MIT
# What quit makes devsh exit with.
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
"$DEVSH" -c 'quit; echo not reached'
echo "status $?"
"$DEVSH" -c 'quit 42; echo not reached'
echo "status $?"
"$DEVSH" -k -c 'nosuch; quit'
echo "status $?"
"$DEVSH" -k -c 'nosuch; quit 0'
echo "status $?"
"$DEVSH" -c 'quit 256'
echo "status $?"
"$DEVSH" -c 'quit many'
echo "status $?"
"$DEVSH" --json -c 'exit 3'
echo "status $?"
echo 'echo one; quit 3; echo two' > x.dsh
"$DEVSH" x.dsh
echo "status $?"
"$DEVSH" run x.dsh | tail -n 1
echo 'echo one; quit 0; nosuch' > x.dsh
"$DEVSH" run x.dsh | tail -n 1

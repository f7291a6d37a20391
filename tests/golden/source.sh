# SPDX-License-Identifier: MIT
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
echo 'echo in the file; source loop.dsh' > loop.dsh
printf 'echo one\nnosuch\necho two\n' > broken.dsh
printf 'kmalloc(1)\nerror("here")\n' > broken.lua
echo 'echo fine' > fine.dsh
"$DEVSH" -c 'source fine.dsh; source loop.dsh' | tail -n 1
"$DEVSH" -c 'source loop.dsh' > /dev/null
echo "status $?"
"$DEVSH" -c 'source broken.dsh; echo not reached'
echo "status $?"
"$DEVSH" broken.lua
echo "status $?"
"$DEVSH" -c 'source nosuch.dsh'
echo "status $?"
"$DEVSH" nosuch.dsh
echo "status $?"
"$DEVSH" -c 'source .'
echo "status $?"

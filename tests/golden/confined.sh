# SPDX-License-Identifier: MIT
# Scenarios are strangers': no files, no commands.
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
echo 'devices > stolen' > file.dsh
echo 'devices | touch stolen' > pipe.dsh
echo 'source other.dsh' > source.dsh
echo 'device eth0' > good.dsh
"$DEVSH" run file.dsh pipe.dsh source.dsh good.dsh
echo "status $?"
ls

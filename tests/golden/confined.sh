# SPDX-License-Identifier: MIT
# Scenarios are strangers': no files, no commands.
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
echo 'devices > stolen' > file.dsh
echo 'devices | touch stolen' > pipe.dsh
echo 'source other.dsh' > source.dsh
echo 'device eth0' > good.dsh
cat > nodes.dsh <<'SH'
driver demo probe={ devm_kzalloc $dev 64 }
device demo.0
echo demo.0 > /sys/bus/platform/drivers/demo/unbind
! echo demo.0 > /sys/bus/platform/drivers/demo/unbind
echo $nobody > /sys/bus/platform/drivers/demo/unbind
SH
"$DEVSH" run file.dsh pipe.dsh source.dsh good.dsh nodes.dsh
echo "status $?"
ls

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
# the same for a script that is run by itself
mkdir below
echo 'echo from below' > below/inner.dsh
printf '%s\n' 'source below/inner.dsh' 'source below/../../outside.dsh' > outer.dsh
echo 'echo not from here' > ../outside-$$.dsh
ln -s "../../outside-$$.dsh" below/link.dsh
"$DEVSH" --confined outer.dsh 2>&1
echo "status $?"
echo 'source below/link.dsh' > link.dsh
"$DEVSH" --confined link.dsh 2>&1
echo "status $?"
rm ../outside-$$.dsh
for line in 'echo x > file' 'echo x | cat' 'device eth0; save file' 'source below/inner.dsh'; do
	"$DEVSH" --confined -c "$line" 2>&1
	echo "status $?"
	echo "$line" | "$DEVSH" --confined 2>&1
done
# a path of the machine ends in the machine
for path in /sys/../tmp/x //proc/.././etc/x /sys/..; do
	"$DEVSH" -c "echo x > $path" 2>&1
done
ls file 2>/dev/null || echo "nothing was written"

# SPDX-License-Identifier: MIT
"$DEVSH" -c 'device eth0; devices > /dev/full; echo not reached'
echo "status $?"
"$DEVSH" -k -c 'device eth0; devices > /dev/full; devices'
echo "status $?"
"$DEVSH" -c 'devices > /nonexistent/file'
echo "status $?"
"$DEVSH" -c 'devices > /sys/bus/platform/drivers/demo/unbind'
echo "status $?"
"$DEVSH" -c 'devices' > /dev/full
echo "status $?"
"$DEVSH" --json -c 'devices' > /dev/full
echo "status $?"
"$DEVSH" -c 'devices | exit 3'
echo "status $?"
"$DEVSH" -c 'devices | true'
echo "status $?"
"$DEVSH" -c 'help' | head -n 1

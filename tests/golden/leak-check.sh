# SPDX-License-Identifier: MIT
# What is lost at the end: said, an error, or nobody asks.
lose='device eth0; driver demo probe={ kmalloc 64 }; bind eth0 demo; unbind eth0'
for check in yes no error; do
	echo "-- $check"
	"$DEVSH" --leak-check "$check" -c "$lose"
	echo "exit $?"
done
echo "-- typed"
"$DEVSH" -c 'kmalloc 64'
"$DEVSH" --leak-check=error -c 'kmalloc 64'
echo "exit $?"
"$DEVSH" --leak-check=error -c 'q = kmalloc 64; device eth0; devm_kmalloc eth0 64'
echo "exit $?"
"$DEVSH" --leak-check=error -c 'kmalloc 64; frobnicate'
echo "exit $?"
"$DEVSH" --leak-check=maybe -c 'kmalloc 64'
echo "exit $?"

# SPDX-License-Identifier: MIT
# A metatable on Lua's globals has code of a user's: devsh never runs it unprotected.
meta() { printf 'setmetatable(_G, { __newindex = function(_, k) %s end, __index = function(_, k) %s end })' "$1" "$2"; }
run() { echo "$*"; "$DEVSH" "$@" 2>&1 </dev/null; echo "[exit $?]"; }

d=$(mktemp -d)
trap 'rm -r "$d"' EXIT
cd "$d" || exit
echo 'device eth0; devices' > hi.dsh
echo 'print(#arg)' > hi.lua

run -e "$(meta 'error("no " .. k)' 'error("none " .. k)')" hi.dsh
run -e "$(meta 'error("no " .. k)' 'error("none " .. k)')" hi.lua
run --json -e "$(meta 'error({})' 'error()')" hi.dsh
run -e "$(meta 'local x = nil + 1' 'return nil')" -c 'n = 64; echo $n; p = kmalloc 8; kfree $p; = 6 * 7'
run -e 'print = nil setmetatable(_G, { __index = function() error("no print") end })' -c '= 6 * 7'
run -e "$(meta 'rawset(_G, k, "taken")' 'return nil')" hi.lua a b

# SPDX-License-Identifier: MIT
deep() { i=0; while [ $i -lt "$1" ]; do printf '%s' "$2"; i=$((i + 1)); done; }
{ deep 40 'define f { '; deep 40 '}'; } | "$DEVSH" -
echo "status $?"
{ printf '= '; deep 300 '('; printf 1; deep 300 ')'; } | "$DEVSH" -
echo "status $?"

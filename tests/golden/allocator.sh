# SPDX-License-Identifier: MIT
# Each release: ksize(), flags that are wrong, requests that are too large, no memory left.
for release in 4.9 4.19 5.10 6.1 6.12 7.2; do
  # KASAN has a word in the first part alone
  for kasan in off on; do
    multi=$([ $release = 4.9 ] || echo kasan_multi_shot=on)
    echo "== $release kasan=$kasan"
    "$DEVSH" --leak-check=no --boot "release=$release kasan=$kasan kmemleak=off slub_debug=- mem=16M $multi" allocator.lua 2>/dev/null |
      sed -n 's/^| //p' | if [ $kasan = on ]; then sed '/^flags/,$d'; else cat; fi
  done
done

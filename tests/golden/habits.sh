# SPDX-License-Identifier: MIT
# Lines as in C, words of other programs, a block without its name: what they are answered with.
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
"$DEVSH" -k <<'END'
verbose on
# lines of C
p = devm_kzalloc(&pdev->dev, 64, GFP_KERNEL);
struct foo *p = devm_kzalloc(dev, sizeof(*p), GFP_KERNEL);
priv->buf = (char *)devm_kmalloc(priv->dev, len + 1, GFP_KERNEL|__GFP_ZERO);
devm_kfree(&pdev->dev, p);
kfree (p);
int ret = devm_add_action_or_reset(dev, foo_disable, clk);
name = devm_kasprintf(dev, GFP_KERNEL, "%s, (%d)", base, 3)
! devm_kfree(dev, NULL);
kmalloc(64
kfree(p) > out
struct foo *p;
# words of other programs
delete eth0
create eth0
list
free $p
while true
printf x
zzz
device eth0
bind eth0 { free $p }
driver d { free $p }
# a block without its name
driver d { devm_kmalloc $dev 64 }
driver d probe={ delete $p }
device { kmalloc 8 }
kmalloc { echo 8 }
END
ls

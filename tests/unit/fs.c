/* SPDX-License-Identifier: MIT */
/*
 * The table of paths: each node can be reached and shown, and its mode is right; odd
 * paths.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/link.h"
#include "base/registry.h"
#include "fs/node.h"
#include "kernel/errors.h"
#include "kernel/module.h"
#include "kernel/random.h"
#include "lib/array.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"

static int probe(struct device *dev)
{
	if (!strcmp(dev->name, "late.0"))
		return -EPROBE_DEFER;
	return devm_kmalloc(dev, 100, GFP_KERNEL) ? 0 : -ENOMEM;
}

static void add_device(struct machine *m, const char *name, struct device *parent, int node,
		       struct device **out)
{
	struct device_config c = { .name = name, .parent = parent, .numa_node = node };

	assert_int_equal(device_register(&m->core, &c, out), 0);
}

static int init_module(struct module *m)
{
	struct driver_core *core = m->private;
	struct device_driver proto = { .name = (char *)"gamma" };

	return driver_register(core, &proto, NULL);
}

static int cleanup_module(struct module *m)
{
	struct driver_core *core = m->private;

	return driver_unregister(driver_by_name(core, "gamma"));
}

static void add_module(struct machine *m, const char *name)
{
	struct module proto = {
		.name = (char *)name, .init = init_module, .exit = cleanup_module,
		.private = &m->core,
	};

	assert_int_equal(module_load(&m->kernel, &proto), 0);
}

/* A custom bus and class, with a device on each. */
static void add_bus_and_class(struct machine *m, struct device *parent)
{
	struct device_config c = { .name = "dev0", .numa_node = NUMA_NO_NODE };
	struct bus_type bus = { .name = (char *)"toy", .dynamic_ids = true };
	struct device_driver player = { .name = (char *)"player" };
	struct class class = { .name = (char *)"net" };

	assert_int_equal(bus_register(&m->core, &bus, &c.bus), 0);
	assert_int_equal(device_register(&m->core, &c, NULL), 0);
	player.bus = c.bus;
	assert_int_equal(driver_register(&m->core, &player, NULL), 0);
	c = (struct device_config){ .name = "wlan0", .parent = parent, .numa_node = NUMA_NO_NODE };
	assert_int_equal(class_register(&m->core, &class, &c.class), 0);
	assert_int_equal(device_register(&m->core, &c, NULL), 0);
}

/* A machine on which every node of the table exists. */
static struct machine *boot(const char *cmdline)
{
	static const char *const drivers[] = { "alpha", "late" };
	struct device *parent, *supplier;
	struct machine *m;
	const char *refused;
	char why[200];

	m = machine_create(cmdline, why, sizeof(why));
	assert_non_null(m);
	for (size_t i = 0; i < COUNT(drivers); i++) {
		struct device_driver proto = { .name = (char *)drivers[i], .probe = probe };

		assert_int_equal(driver_register(&m->core, &proto, NULL), 0);
	}
	add_device(m, "alpha.0", NULL, 1, &parent);
	add_device(m, "eth0", parent, NUMA_NO_NODE, &parent);
	add_device(m, "bind", parent, NUMA_NO_NODE, &parent);
	supplier = parent;
	add_device(m, "late.0", NULL, NUMA_NO_NODE, &parent);
	assert_non_null(device_link_add(parent, supplier, 0, &refused));
	parent = supplier;
	add_bus_and_class(m, parent);
	add_module(m, "gamma_mod");
	return m;
}

#define EVERYTHING "release=6.1 numa=fake=2 devres.log=1"

static void read_path(struct machine *m, const char *path, int want, const char *text)
{
	struct buf out = BUF_INIT;
	struct fs_file f;
	int rc = fs_find(m, path, true, &f, NULL);

	if (!rc)
		rc = fs_read(&f, &out);
	if (rc != want || (text && strcmp(buf_str(&out), text)))
		fail_msg("%.200s: %d '%s'", path, rc, buf_str(&out));
	buf_finish(&out);
	fs_finish(&f);
}

static void write_path(struct machine *m, const char *path, const char *text, int want)
{
	struct fs_file f;
	int rc = fs_find(m, path, true, &f, NULL);

	if (!rc)
		rc = fs_write(&f, text, strlen(text));
	if (rc != want)
		fail_msg("%.200s: %d, want %d", path, rc, want);
	fs_finish(&f);
}

static void the_table_is_consistent(void **state)
{
	const struct node *n;

	for (size_t i = 0; (n = node_at(i)); i++) {
		char *parent = strdup(n->path), *slash = strrchr(parent, '/');
		bool file = n->show || n->store;

		slash[slash == parent] = '\0';
		if (!node_find(parent))
			fail_msg("%s: nothing is at %s", n->path, parent);
		free(parent);
		if (node_find(n->path) != n)
			fail_msg("%s is there twice", n->path);
		if (n->as && (!node_find(n->as) || file || n->link))
			fail_msg("%s goes on as %s", n->path, n->as);
		if (!n->as && !n->help)
			fail_msg("%s has no help", n->path);
		if (file && n->link)
			fail_msg("%s is a file and a link", n->path);
		if (file && (!(n->mode & 0444) == !!n->show || !(n->mode & 0222) == !!n->store))
			fail_msg("%s: mode %o does not fit", n->path, n->mode);
		if (n->link && n->mode)
			fail_msg("%s: a link has no mode", n->path);
	}
}

struct tour {
	struct machine *m;
	bool seen[200];
	int files;
};

static void visit(void *ctx, const char *name, const struct fs_file *entry);

static void visit_link(struct tour *t, const struct fs_file *entry)
{
	struct buf way = BUF_INIT;
	struct fs_file direct, relative;

	buf_add(&way, entry->path.s, (size_t)(strrchr(entry->path.s, '/') + 1 - entry->path.s));
	assert_int_equal(fs_readlink(entry, &way), 0);
	assert_int_equal(fs_find(t->m, buf_str(&way), false, &relative, NULL), 0);
	assert_int_equal(fs_find(t->m, buf_str(&entry->path), true, &direct, NULL), 0);
	assert_string_equal(buf_str(&direct.path), buf_str(&relative.path));
	assert_ptr_equal(direct.node, relative.node);
	fs_finish(&direct);
	fs_finish(&relative);
	buf_finish(&way);
}

static void visit(void *ctx, const char *name, const struct fs_file *entry)
{
	struct buf text = BUF_INIT;
	struct tour *t = ctx;
	struct fs_file again;
	int rc;

	assert_int_equal(fs_find(t->m, buf_str(&entry->path), false, &again, NULL), 0);
	assert_string_equal(buf_str(&again.path), buf_str(&entry->path));
	assert_ptr_equal(again.node, entry->node);
	fs_finish(&again);
	for (size_t i = 0; node_at(i); i++)
		t->seen[i] = t->seen[i] || node_at(i) == entry->node;
	t->files++;
	if (entry->node->link) {
		visit_link(t, entry);
	} else if (fs_is_directory(entry)) {
		assert_int_equal(fs_list(entry, visit, t), 0);
	} else {
		rc = fs_read(entry, &text);
		assert_int_equal(rc, entry->node->show ? 0 : -EACCES);
		assert_true(!text.len || text.s[text.len - 1] == '\n');
	}
	buf_finish(&text);
}

static void every_node_is_reached(void **state)
{
	struct tour t = { 0 };
	struct fs_file root;

	for (int i = 0; i < 2; i++) {
		t.m = boot(i ? EVERYTHING " release=7.2" : EVERYTHING);
		t.files = 0;
		assert_int_equal(fs_find(t.m, "/", false, &root, NULL), 0);
		assert_int_equal(fs_list(&root, visit, &t), 0);
		assert_true(t.files > 300);
		fs_finish(&root);
		machine_destroy(t.m);
	}
	for (size_t i = 1; node_at(i); i++)
		if (!t.seen[i] && !node_at(i)->as)
			fail_msg("%s: never seen", node_at(i)->path);
}

static void other_releases_have_less(void **state)
{
	struct machine *m = boot("release=4.9");

	read_path(m, "/sys/kernel/slab", -ENOENT, NULL);
	read_path(m, "/sys/devices/system/node/online", -ENOENT, NULL);
	read_path(m, "/sys/module/devres/parameters/log", -ENOENT, NULL);
	machine_destroy(m);
}

static void paths_are_walked_as_in_linux(void **state)
{
	struct machine *m = boot(EVERYTHING);

	read_path(m, "//proc///sys/./kernel/tainted", 0, "4096\n");
	read_path(m, "/../../proc/sys/../cmdline", 0, EVERYTHING "\n");
	read_path(m, "/proc/cmdline/", -ENOTDIR, NULL);
	read_path(m, "/proc/cmdline/..", -ENOTDIR, NULL);
	read_path(m, "/proc/cmdline/.", -ENOTDIR, NULL);
	read_path(m, "/proc/", -EISDIR, NULL);
	read_path(m, "/", -EISDIR, NULL);
	read_path(m, "", -ENOENT, NULL);
	read_path(m, "proc/cmdline", -ENOENT, NULL);
	/* .. after a link is the parent of its target */
	read_path(m, "/sys/bus/platform/devices/eth0/../modalias", 0, "platform:alpha\n");
	read_path(m, "/sys/bus/platform/devices/alpha.0/driver/../late/bind", -EACCES, NULL);
	read_path(m, "/sys/devices/platform/alpha.0/eth0/bind/numa_node", 0, "1\n");
	read_path(m, "/sys/devices/<root>/uevent", -ENOENT, NULL);
	read_path(m, "/sys/bus/<bus>", -ENOENT, NULL);
	read_path(m, "/sys/bus/platform/drivers/alpha/...", -ENOENT, NULL);
	machine_destroy(m);
}

static void buses_and_classes_come_and_go(void **state)
{
	struct machine *m = boot("");
	struct bus_type *toy = bus_by_name(&m->core, "toy");

	read_path(m, "/sys/bus/toy/devices/dev0/uevent", 0, "");
	read_path(m, "/sys/bus/toy/devices/dev0/modalias", -ENOENT, NULL);
	read_path(m, "/sys/class/net/wlan0/device/modalias", 0, "platform:bind\n");
	read_path(m, "/sys/class/net/wlan0/subsystem/wlan0/driver", -ENOENT, NULL);
	read_path(m, "/sys/bus/platform/drivers/gamma/module/initstate", 0, "live\n");
	read_path(m, "/proc/modules", 0,
		  "gamma_mod 16384 0 - Live 0xffffffffc0000000 (O)\n");
	write_path(m, "/sys/bus/platform/drivers_autoprobe", "0\n", 0);
	add_device(m, "alpha.1", NULL, NUMA_NO_NODE, NULL);
	read_path(m, "/sys/devices/platform/alpha.1/uevent", 0, "MODALIAS=platform:alpha\n");
	write_path(m, "/sys/bus/platform/drivers_probe", "alpha.1\n", 0);
	read_path(m, "/sys/devices/platform/alpha.1/uevent", 0,
		  "DRIVER=alpha\nMODALIAS=platform:alpha\n");
	assert_int_equal(module_unload(&m->kernel, module_find(&m->kernel, "gamma_mod")), 0);
	read_path(m, "/sys/bus/platform/drivers/gamma", -ENOENT, NULL);
	assert_int_equal(bus_unregister(toy), 0);
	assert_int_equal(class_unregister(class_by_name(&m->core, "net")), 0);
	read_path(m, "/sys/bus/toy", -ENOENT, NULL);
	read_path(m, "/sys/class/net", -ENOENT, NULL);
	read_path(m, "/sys/devices/dev0/subsystem", -ENOENT, NULL);
	read_path(m, "/sys/devices/platform/alpha.0/eth0/bind/wlan0/subsystem", -ENOENT, NULL);
	machine_destroy(m);
}

static void device_links_are_seen_from_both_ends(void **state)
{
	static const char link[] = "/sys/class/devlink/platform:bind--platform:late.0";
	struct machine *m = boot("");
	struct fs_file f;

	read_path(m, "/sys/class/devlink/platform:bind--platform:late.0/status", 0, "dormant\n");
	read_path(m, "/sys/class/devlink/platform:bind--platform:late.0/auto_remove_on", 0,
		  "never\n");
	assert_int_equal(fs_find(m, "/sys/devices/platform/late.0/supplier:platform:bind", true,
				 &f, NULL), 0);
	assert_string_equal(buf_str(&f.path), link);
	fs_finish(&f);
	read_path(m, "/sys/bus/platform/devices/bind/consumer:platform:late.0/consumer/modalias",
		  0, "platform:late\n");
	assert_int_equal(device_unregister(device_by_name(&m->core, "late.0")), 0);
	read_path(m, link, -ENOENT, NULL);
	machine_destroy(m);
}

static void a_missing_part_is_named(void **state)
{
	struct machine *m = boot("");
	struct fs_file f;
	const char *rest;

	assert_int_equal(fs_find(m, "/sys/bus/platform/nothing/here", true, &f, &rest), -ENOENT);
	assert_string_equal(rest, "nothing/here");
	assert_string_equal(buf_str(&f.path), "/sys/bus/platform");
	fs_finish(&f);
	machine_destroy(m);
}

static void long_paths_end(void **state)
{
	static const char *const part[] = {
		"/", "/..", "/sys", "/proc/..", "a", "/.", "/sys/bus/..",
		"/sys/bus/platform/devices/eth0/..", "\xff",
	};
	struct machine *m = boot("");
	struct buf path = BUF_INIT;
	struct fs_file f;

	for (size_t i = 0; i < COUNT(part); i++) {
		buf_reset(&path);
		while (path.len < 10000)
			buf_puts(&path, part[i]);
		fs_find(m, buf_str(&path), true, &f, NULL);
		fs_finish(&f);
		fs_is_simulated(buf_str(&path));
	}
	/* more links than a walk may follow */
	buf_reset(&path);
	buf_puts(&path, "/sys/bus/platform");
	for (int i = 0; i < 20; i++)
		buf_puts(&path, "/devices/eth0/subsystem");
	read_path(m, buf_str(&path), -EISDIR, NULL);
	buf_puts(&path, "/devices/eth0/subsystem");
	read_path(m, buf_str(&path), -ELOOP, NULL);
	buf_finish(&path);
	machine_destroy(m);
}

static void the_host_has_no_part_in_it(void **state)
{
	static const char *const ours[] = {
		"/sys", "/sys/", "/proc", "//sys//x", "/./proc/x", "/tmp/../sys/x", "/../sys",
		"/sys/../../proc", "/tmp/a/../../proc/x",
	};
	static const char *const host[] = {
		"", "/", "sys/x", "/system", "/tmp/sys", "/pro", "/sys/../tmp", "/proc/..",
	};

	for (size_t i = 0; i < COUNT(ours); i++)
		if (!fs_is_simulated(ours[i]))
			fail_msg("%s is the host's", ours[i]);
	for (size_t i = 0; i < COUNT(host); i++)
		if (fs_is_simulated(host[i]))
			fail_msg("%s is not the host's", host[i]);
}

static void nodes_refuse_what_they_do_not_do(void **state)
{
	struct machine *m = boot(EVERYTHING);

	write_path(m, "/proc/version", "x\n", -EIO);
	write_path(m, "/sys/kernel/debug/devices_deferred", "x\n", -EINVAL);
	write_path(m, "/sys/devices/platform/alpha.0/numa_node", "0\n", -EACCES);
	write_path(m, "/sys/bus", "x\n", -EISDIR);
	write_path(m, "/sys/bus/platform/uevent", "shout\n", -EINVAL);
	write_path(m, "/sys/bus/platform/uevent", "add\n", 0);
	write_path(m, "/sys/bus/platform/drivers/alpha/bind", "", 0);
	machine_destroy(m);
}

#define OVERRIDE "/sys/devices/platform/alpha.0/driver_override"

static void driver_override_has_its_limits(void **state)
{
	struct machine *m = boot("");
	char *text = malloc(PAGE_SIZE + 1);

	memset(text, 'a', PAGE_SIZE);
	text[PAGE_SIZE] = '\0';
	write_path(m, OVERRIDE, text, -EINVAL);
	text[PAGE_SIZE - 1] = '\0';
	write_path(m, OVERRIDE, text, -EINVAL);
	text[PAGE_SIZE - 2] = '\0';
	write_path(m, OVERRIDE, text, 0);
	write_path(m, OVERRIDE, "beta\n", 0);
	read_path(m, OVERRIDE, 0, "beta\n");
	write_path(m, OVERRIDE, "\n", 0);
	read_path(m, OVERRIDE, 0, "(null)\n");
	free(text);
	machine_destroy(m);
}

static void numbers_are_checked(void **state)
{
	static const char *const bad[] = { "\n", "x\n", "1x\n", "-1\n", " 1\n", "99999999999999999999\n" };
	struct machine *m = boot(EVERYTHING);

	for (size_t i = 0; i < COUNT(bad); i++) {
		write_path(m, "/sys/module/devres/parameters/log", bad[i], -EINVAL);
		write_path(m, "/proc/sys/kernel/tainted", bad[i], -EINVAL);
	}
	read_path(m, "/sys/module/devres/parameters/log", 0, "1\n");
	write_path(m, "/sys/module/devres/parameters/log", "0\n", 0);
	write_path(m, "/sys/module/devres/parameters/log", "0x0", 0);
	read_path(m, "/sys/module/devres/parameters/log", 0, "0\n");
	write_path(m, "/sys/module/devres/parameters/log", "1\n", 0);
	write_path(m, "/proc/sys/kernel/tainted", "0x41\n", 0);
	read_path(m, "/proc/sys/kernel/tainted", 0, "4161\n");
	machine_destroy(m);
}

/* --- counts of a cache ----------------------------------------------------------- */

static unsigned long count_of(struct machine *m, const char *file)
{
	char path[80];
	struct buf out = BUF_INIT;
	struct fs_file f;
	unsigned long n;

	snprintf(path, sizeof(path), "/sys/kernel/slab/kmalloc-192/%s", file);
	assert_int_equal(fs_find(m, path, true, &f, NULL), 0);
	assert_int_equal(fs_read(&f, &out), 0);
	n = strtoul(buf_str(&out), NULL, 10);
	buf_finish(&out);
	fs_finish(&f);
	return n;
}

/* The number of kmalloc-192 objects in a traces file. */
static unsigned long traced(struct machine *m, const char *file)
{
	char path[80];
	struct buf out = BUF_INIT;
	struct fs_file f;
	unsigned long n = 0;

	snprintf(path, sizeof(path), "/sys/kernel/debug/slab/kmalloc-192/%s", file);
	assert_int_equal(fs_find(m, path, true, &f, NULL), 0);
	assert_int_equal(fs_read(&f, &out), 0);
	for (char *line = out.s; line && *line; line = strchr(line, '\n') + 1)
		if (*line != '\n' && strncmp(line, "        ", 8))
			n += strtoul(line, NULL, 10);
	buf_finish(&out);
	fs_finish(&f);
	return n;
}

static void slabinfo_of(struct machine *m, unsigned long *active, unsigned long *all)
{
	struct buf out = BUF_INIT;
	struct fs_file f;
	char *line;

	assert_int_equal(fs_find(m, "/proc/slabinfo", true, &f, NULL), 0);
	assert_int_equal(fs_read(&f, &out), 0);
	line = strstr(out.s, "\nkmalloc-192 ");
	assert_non_null(line);
	assert_int_equal(sscanf(line + 13, "%lu %lu", active, all), 2);
	buf_finish(&out);
	fs_finish(&f);
}

static void counts_of_a_cache_agree(void **state)
{
	static const char *const cmdline[] = {
		"numa=fake=2", "kasan.quarantine=0", "release=6.1 kasan=off slub_debug=FZPU",
		"release=7.2 kasan=off",
	};

	for (size_t b = 0; b < COUNT(cmdline); b++) {
		struct machine *m = boot(cmdline[b]);
		char *p[300] = { 0 };

		for (int i = 0; i < 3000; i++) {
			size_t n = kernel_random(&m->kernel) % COUNT(p);
			unsigned long in_use = 0, active, all, slabs, partial, each;

			if (p[n])
				kfree(&m->mm, p[n]);
			p[n] = p[n] ? NULL : kmalloc_node(&m->mm, 150, GFP_KERNEL, (int)n % m->mm.nodes);
			if (p[n] && i % 100 == 99) {
				p[n][192] = 0; /* damages a red zone: the object is set aside, or
					        * cannot be freed */
				kfree(&m->mm, p[n]);
				p[n][192] = 0;
				kfree(&m->mm, p[n]);
				p[n][192] = 1;
			}
			if (i % 50)
				continue;
			slabs = count_of(m, "slabs");
			partial = count_of(m, "partial");
			each = count_of(m, "objs_per_slab");
			in_use = count_of(m, "objects");
			slabinfo_of(m, &active, &all);
			assert_int_equal(active, in_use);
			assert_int_equal(all, count_of(m, "total_objects"));
			assert_int_equal(all, slabs * each);
			assert_int_equal(in_use, count_of(m, "objects_partial") + (slabs - partial) * each);
			assert_int_equal(in_use, traced(m, "alloc_traces"));
			assert_int_equal(in_use, traced(m, "free_traces"));
		}
		machine_destroy(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_consistent),
		cmocka_unit_test(every_node_is_reached),
		cmocka_unit_test(other_releases_have_less),
		cmocka_unit_test(paths_are_walked_as_in_linux),
		cmocka_unit_test(buses_and_classes_come_and_go),
		cmocka_unit_test(device_links_are_seen_from_both_ends),
		cmocka_unit_test(a_missing_part_is_named),
		cmocka_unit_test(long_paths_end),
		cmocka_unit_test(the_host_has_no_part_in_it),
		cmocka_unit_test(nodes_refuse_what_they_do_not_do),
		cmocka_unit_test(driver_override_has_its_limits),
		cmocka_unit_test(numbers_are_checked),
		cmocka_unit_test(counts_of_a_cache_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

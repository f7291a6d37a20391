/* SPDX-License-Identifier: MIT */
/* The table is well-formed, and bad arguments are refused with a helpful line. */
#include "entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call/entry.h"
#include "lib/array.h"

static void each_is_run_by_somebody(void **state)
{
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		if (!c->run)
			fail_msg("%s: nothing runs it", c->name);
}

/* The table has a fixed size: check that it has the last entry of the last file. */
static void no_entry_is_lost(void **state)
{
#define ENTRIES(name) name##_calls,
	const struct call *const files[] = { CALL_FILES(ENTRIES) };
	size_t n = 0;

	for (size_t f = 0; f < COUNT(files); f++)
		for (const struct call *c = files[f]; c->name; c++)
			assert_ptr_equal(call_at(n++), c);
	assert_null(call_at(n));
}

static void names_are_found_and_suggested(void **state)
{
	assert_null(call_find(""));
	assert_null(call_find("devm_kmalloc "));
	assert_string_equal(call_suggest("devm_kmaloc"), "devm_kmalloc");
	assert_string_equal(call_suggest("dmseg"), "dmesg");
	assert_null(call_suggest("frobnicate"));
}

static void usage_shows_what_may_be_left_out(void **state)
{
	static const struct { const char *call, *usage; } row[] = {
		{ "devm_kmalloc", "devm_kmalloc DEV SIZE [GFP]" },
		{ "device", "device NAME [numa_node=NUMA_NODE] [parent=PARENT] [bus=BUS] [class=CLASS] "
			    "[compatible=COMPATIBLE] [release={...}] [id=ID]" },
		{ "driver", "driver NAME [probe={...}] [remove={...}] [id_table=ID_TABLE] [bus=BUS] "
			    "[compatible=COMPATIBLE] [probe_type=PROBE_TYPE]" },
		{ "devices", "devices" },
	};
	char usage[256], cut[12];

	for (size_t i = 0; i < COUNT(row); i++) {
		call_usage(call_find(row[i].call), usage, sizeof(usage));
		assert_string_equal(usage, row[i].usage);
	}
	call_usage(call_find("devm_kmalloc"), cut, sizeof(cut));
	assert_string_equal(cut, "devm_kmallo");
}

/* --- arguments ----------------------------------------------------------------------- */

struct refused {
	const char *call, *param, *text;
	int rc;
	const char *why;
};

static void arguments_that_do_not_fit_say_what_would(void **state)
{
	static const struct refused row[] = {
		{ "devm_kmalloc", "dev", "eht0", -ENODEV,
		  "dev 'eht0': no such device; did you mean 'eth0'?" },
		{ "devm_kmalloc", "dev", "disk", -ENODEV,
		  "dev 'disk': no such device; make it with 'device disk'" },
		{ "bind", "drv", "demo", -ENODEV,
		  "drv 'demo': no such driver; make it with 'driver demo'" },
		{ "devm_kmalloc", "size", "many", -EINVAL,
		  "size 'many': wants a number: 64, 0x40, 4k, 16M, SIZE_MAX" },
		{ "devm_kmalloc", "size", "-1", -EINVAL,
		  "size '-1': is negative" },
		{ "devm_kmalloc", "size", "99999999999999999999", -ERANGE,
		  "size '99999999999999999999': more than 64 bits hold" },
		{ "devm_kmalloc", "gfp", "GFP_KERNAL", -EINVAL,
		  "gfp 'GFP_KERNAL': no such flag; did you mean GFP_KERNEL?" },
		{ "devm_kmalloc", "gfp", "please", -EINVAL,
		  "gfp 'please': wants flags, as GFP_KERNEL or GFP_ATOMIC|__GFP_ZERO" },
		{ "devm_kmalloc", "gfp", "0x100000000", -EINVAL,
		  "gfp '0x100000000': wants flags, as GFP_KERNEL or GFP_ATOMIC|__GFP_ZERO" },
		{ "kfree", "p", "here", -EINVAL,
		  "p 'here': wants a pointer: $p, an address, or NULL" },
		{ "kfree", "p", "ffff88800100", -EINVAL,
		  "p 'ffff88800100': wants a pointer: $p, an address, or NULL" },
		{ "device", "numa_node", "2", -ERANGE,
		  "numa_node '2': this machine has nodes 0 to 1; see 'help boot' for numa=fake=N" },
		{ "device", "numa_node", "-2", -ERANGE,
		  "numa_node '-2': this machine has nodes 0 to 1; see 'help boot' for "
			"numa=fake=N" },
		{ "device", "numa_node", "near", -EINVAL,
		  "numa_node 'near': wants a NUMA node, -1 for none" },
		{ "memset", "c", "blue", -EINVAL,
		  "c 'blue': wants a whole number or an errno, as -12 or -ENOMEM" },
		{ "memset", "c", "9223372036854775808", -ERANGE,
		  "c '9223372036854775808': is out of range" },
		{ "help", "call", "devm_kmaloc", -ENOENT,
		  "call 'devm_kmaloc': no such call; did you mean 'devm_kmalloc'?" },
		{ "help", "call", "everything", -ENOENT,
		  "call 'everything': no such call; 'apropos everything' looks for the word" },
		{ "driver", "probe", "text", -EINVAL, "probe 'text': wants { calls }" },
		{ "trace", "calls", "text", -EINVAL, "calls 'text': wants { calls }" },
		{ "devm_add_action", "action", "a b", -EINVAL,
		  "action 'a b': wants a function's name or { calls }" },
		{ "devm_kmalloc", "size",
		  "a word that is a good deal longer than forty characters are", -EINVAL,
		  "size 'a word that is a good deal longer than f...': "
		  "wants a number: 64, 0x40, 4k, 16M, SIZE_MAX" },
	};
	struct machine *m = boot("numa=fake=2");
	const struct call *device = call_find("device");
	struct value arg[PARAMS_MAX] = { { .type = V_STR, .s = "eth0" } };
	struct result r = RESULT_INIT;
	char why[200];

	assert_int_equal(call_defaults(m, device, arg, why, sizeof(why)), 0);
	assert_int_equal(call_run(m, device, arg, &r), 0);
	for (size_t i = 0; i < COUNT(row); i++) {
		const struct call *c = call_find(row[i].call);
		struct value v;
		int rc = call_value(m, c, &c->param[call_param(c, row[i].param)], row[i].text, &v,
				    why, sizeof(why));

		assert_string_equal(why, row[i].why);
		assert_int_equal(rc, row[i].rc);
	}
	result_finish(&r);
	machine_destroy(m);
}

static void arguments_are_what_they_say(void **state)
{
	static const struct { const char *call, *param, *text; enum value_type type; uint64_t u; }
	row[] = {
		{ "devm_kmalloc", "size", "4k", V_UINT, 4096 },
		{ "devm_kmalloc", "size", "SIZE_MAX", V_UINT, UINT64_MAX },
		{ "devm_kmalloc", "gfp", "GFP_KERNEL|__GFP_ZERO", V_UINT, 0xdc0 },
		{ "devm_kmalloc", "gfp", "0xcc0", V_UINT, 0xcc0 },
		{ "devm_kmalloc", "dev", "NULL", V_DEVICE, 0 },
		{ "kfree", "p", "NULL", V_ADDR, 0 },
		{ "kfree", "p", "ZERO_SIZE_PTR", V_ADDR, 16 },
		{ "kfree", "p", "0xffff888001002028", V_ADDR, 0xffff888001002028ull },
		{ "kfree", "p", "ffff888001002028", V_ADDR, 0xffff888001002028ull },
		{ "kfree", "p", "0000000000000010", V_ADDR, 16 },
		{ "memset", "c", "-1", V_INT, UINT64_MAX },
		{ "dev_err_probe", "err", "-ENOMEM", V_INT, (uint64_t)-12 },
		{ "dev_err_probe", "err", "-EPROBE_DEFER", V_INT, (uint64_t)-517 },
		{ "device", "numa_node", "NUMA_NO_NODE", V_INT, UINT64_MAX },
	};
	struct machine *m = boot("");

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct call *c = call_find(row[i].call);
		struct value v = { 0 };
		char why[200] = "";

		if (call_value(m, c, &c->param[call_param(c, row[i].param)], row[i].text, &v, why,
			       sizeof(why)))
			fail_msg("%s", why);
		assert_int_equal(v.type, row[i].type);
		if (v.type == V_DEVICE)
			assert_int_equal(v.id, row[i].u);
		else
			assert_int_equal(v.u, row[i].u);
	}
	machine_destroy(m);
}

static void what_is_missing_is_named(void **state)
{
	const struct call *c = call_find("devm_kmalloc");
	struct value arg[PARAMS_MAX] = { { .type = V_DEVICE, .id = 1 } };
	struct machine *m = boot("");
	char why[200];

	assert_int_equal(call_defaults(m, c, arg, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "needs size: devm_kmalloc DEV SIZE [GFP]");
	arg[1] = (struct value){ .type = V_UINT, .u = 64 };
	assert_int_equal(call_defaults(m, c, arg, why, sizeof(why)), 0);
	assert_int_equal(arg[2].u, 0xcc0);
	machine_destroy(m);
}

/* --- running --------------------------------------------------------------------------- */

static void a_call_of_another_release_says_so(void **state)
{
	const struct call *c = call_find("devm_release_action");
	struct value arg[PARAMS_MAX] = {
		{ .type = V_DEVICE, .id = 1 }, { .type = V_STR, .s = "a" }, { .type = V_ADDR },
	};
	struct machine *m = boot("release=4.19");
	struct result r = RESULT_INIT;

	assert_int_equal(call_run(m, c, arg, &r), -ENOSYS);
	assert_string_equal(r.why, "exists since 5.3; this machine runs 4.19");
	result_finish(&r);
	machine_destroy(m);
}

/*
 * Which of 4.9, 4.19, 5.10, 6.1, 6.12 and 7.2 have a call: an 'x' each, or '.'. Calls
 * that are not listed are in all of them.
 */
static const struct { const char *name, *has; } lives[] = {
	{ "devm_alloc_percpu", ".xxxxx" }, { "__devm_alloc_percpu", ".xxxxx" },
	{ "devm_free_percpu", ".xxxx." },
	{ "device_link_add", ".xxxxx" }, { "device_link_del", ".xxxxx" },
	{ "device_link_remove", ".xxxxx" },
	{ "devices_deferred", ".xxxxx" },
	{ "kvmalloc", ".xxxxx" }, { "kvzalloc", ".xxxxx" }, { "kvmalloc_array", ".xxxxx" },
	{ "kvcalloc", ".xxxxx" },
	{ "devm_krealloc", "..xxxx" }, { "devm_release_action", "..xxxx" },
	{ "devm_kstrdup_const", "..xxxx" }, { "dev_err_probe", "..xxxx" },
	{ "kfree_sensitive", "..xxxx" }, { "kzfree", "xx...." }, { "kvrealloc", "..xxxx" },
	{ "krealloc_array", "...xxx" }, { "kmalloc_size_roundup", "...xxx" },
	{ "devm_krealloc_array", "....xx" }, { "devm_kmemdup_array", "....xx" },
	{ "kmemdup_array", "....xx" },
	{ "devm_remove_action_nowarn", ".....x" }, { "devm_is_action_added", ".....x" },
	{ "devm_kmemdup_const", ".....x" },
	{ "devres_for_each_res", "xxxxx." },
};

static bool lives_in(const char *name, size_t release)
{
	for (size_t i = 0; i < COUNT(lives); i++)
		if (!strcmp(lives[i].name, name))
			return lives[i].has[release] == 'x';
	return true;
}

static void each_release_has_its_calls(void **state)
{
	static const char *const release[] = { "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" };
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	const struct call *c;

	for (size_t i = 0; i < COUNT(lives); i++)
		assert_non_null(call_find(lives[i].name));
	for (size_t i = 0; i < COUNT(release); i++) {
		char param[40], why[160];
		struct machine *m;

		snprintf(param, sizeof(param), "release=%s", release[i]);
		m = boot(param);
		for (size_t n = 0; (c = call_at(n)); n++) {
			if (call_exists(m, c, why, sizeof(why)) != lives_in(c->name, i))
				fail_msg("%s of %s on %s", c->name, why, release[i]);
			if (lives_in(c->name, i))
				continue;
			assert_int_equal(call_run(m, c, arg, &r), -ENOSYS);
			assert_string_equal(r.why, why);
			snprintf(param, sizeof(param), "this machine runs %s", release[i]);
			assert_non_null(strstr(why, param));
		}
		machine_destroy(m);
	}
	result_finish(&r);
}

static int drops;

static void drop(struct code *code)
{
	drops++;
}

static int run(struct code *code, const struct value *arg, int args, struct value *ret)
{
	return 0;
}

static void dead_handles_say_so_and_code_is_dropped(void **state)
{
	const struct call *bind = call_find("bind"), *add = call_find("devm_add_action");
	struct code code = { .run = run, .drop = drop };
	struct value arg[PARAMS_MAX] = {
		{ .type = V_DEVICE, .id = 99 }, { .type = V_DRIVER, .id = 98 },
	};
	struct machine *m = boot("");
	struct result r = RESULT_INIT;

	assert_int_equal(call_run(m, bind, arg, &r), -ENODEV);
	assert_string_equal(r.why, "dev: this device is gone");
	arg[0].id = 1; /* the root */
	assert_int_equal(call_run(m, bind, arg, &r), -ENODEV);
	assert_string_equal(r.why, "drv: this driver is gone");
	drops = 0;
	arg[0].id = 99;
	arg[1] = (struct value){ .type = V_CODE, .code = &code };
	arg[2] = (struct value){ .type = V_ADDR };
	assert_int_equal(call_run(m, add, arg, &r), -ENODEV);
	assert_int_equal(drops, 1);
	arg[0].id = 1;
	arg[1] = (struct value){ .type = V_CODE, .code = &code };
	assert_int_equal(call_run(m, add, arg, &r), 0);
	assert_int_equal(drops, 1);
	machine_destroy(m);
	assert_int_equal(drops, 2);
	result_finish(&r);
}

static void no_device_is_an_oops_and_the_next_call_works(void **state)
{
	const struct call *c = call_find("devm_kmalloc");
	struct value arg[PARAMS_MAX] = {
		{ .type = V_DEVICE }, { .type = V_UINT, .u = 64 }, { .type = V_UINT, .u = 0xcc0 },
	};
	struct machine *m = boot("");
	struct result r = RESULT_INIT;

	assert_int_equal(call_run(m, c, arg, &r), -EFAULT);
	assert_string_equal(r.why, "the kernel killed the task; see dmesg");
	arg[0].id = 1;
	assert_int_equal(call_run(m, c, arg, &r), 0);
	assert_true(r.value.u);
	assert_false(call_failed(c, &r));
	r.value.u = 0;
	assert_true(call_failed(c, &r));
	result_finish(&r);
	machine_destroy(m);
}

static void boot_makes_old_handles_dead(void **state)
{
	const struct call *device = call_find("device"), *node = call_find("dev_to_node");
	struct value arg[PARAMS_MAX] = { { .type = V_STR, .s = "eth0" } };
	struct machine *m = boot("");
	struct result r = RESULT_INIT;
	char why[200];
	uint32_t id;

	call_defaults(m, device, arg, why, sizeof(why));
	call_run(m, device, arg, &r);
	id = r.value.id;
	assert_int_equal(machine_boot_number(m), 1);
	assert_int_equal(machine_reboot(m, "nonsense", why, sizeof(why)), -EINVAL);
	assert_int_equal(machine_boot_number(m), 1);
	assert_int_equal(machine_reboot(m, "release=4.19", why, sizeof(why)), 0);
	assert_int_equal(machine_boot_number(m), 2);
	assert_string_equal(machine_cmdline(m), "release=4.19");
	memset(arg, 0, sizeof(arg));
	arg[0] = (struct value){ .type = V_STR, .s = "eth0" };
	call_defaults(m, device, arg, why, sizeof(why));
	call_run(m, device, arg, &r);
	assert_true(r.value.id > id);
	arg[0] = (struct value){ .type = V_DEVICE, .id = id };
	assert_int_equal(call_run(m, node, arg, &r), -ENODEV);
	result_finish(&r);
	machine_destroy(m);
}

/* The step count after a call with text arguments. */
static uint32_t step_after(struct machine *m, const char *name, const char *text)
{
	struct value arg[PARAMS_MAX] = { { 0 } };
	const struct call *c = call_find(name);
	struct result r = RESULT_INIT;
	char why[200];

	if (text)
		assert_int_equal(call_value(m, c, &c->param[0], text, &arg[0], why, sizeof(why)), 0);
	assert_int_equal(call_defaults(m, c, arg, why, sizeof(why)), 0);
	call_run(m, c, arg, &r);
	result_finish(&r);
	return m->kernel.step;
}

static void steps_are_calls_that_may_change_something(void **state)
{
	struct machine *m = boot("");
	const struct call *c;

	assert_int_equal(step_after(m, "device", "eth0"), 1);
	assert_int_equal(step_after(m, "devices", NULL), 1);
	assert_int_equal(step_after(m, "dmesg", NULL), 1);
	assert_int_equal(step_after(m, "machine", NULL), 1);
	assert_int_equal(step_after(m, "fail_function", NULL), 1);
	/* a failed call that got half-way is a step: this one logged why */
	assert_int_equal(step_after(m, "device", "eth0"), 2);
	assert_int_equal(step_after(m, "boot", "release=4.9"), 3);
	/* ... and one that did nothing is not */
	assert_int_equal(step_after(m, "boot", "nonsense"), 3);
	assert_int_equal(step_after(m, "unbind", "platform"), 3);
	assert_int_equal(step_after(m, "device", "eth0"), 4);
	/* nested calls belong to the step of the outer call */
	m->kernel.nesting = 1;
	assert_int_equal(step_after(m, "device", "eth1"), 4);
	m->kernel.nesting = 0;
	for (size_t i = 0; (c = call_at(i)); i++)
		assert_false(c->flags & CALL_LOOKS && c->flags & (CALL_BOOT | CALL_POINTER));
	machine_destroy(m);
}

static void errnos_have_names_both_ways(void **state)
{
	const char *name;
	int value;

	for (size_t i = 0; (name = errno_at(i, &value)); i++) {
		assert_int_equal(errno_value(name), value);
		assert_string_equal(errno_name(value), name);
		assert_true(*errno_text(value));
	}
	assert_int_equal(errno_value("EPROBE_DEFER"), 517);
	assert_int_equal(errno_value("ENOMEM"), 12);
	assert_int_equal(errno_value("ENOSUCH"), 0);
	assert_null(errno_name(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_is_described),
		cmocka_unit_test(names_are_unique_and_found),
		cmocka_unit_test(no_entry_is_lost),
		cmocka_unit_test(names_are_found_and_suggested),
		cmocka_unit_test(each_is_run_by_somebody),
		cmocka_unit_test(subjects_stand_together),
		cmocka_unit_test(usage_shows_what_may_be_left_out),
		cmocka_unit_test(arguments_that_do_not_fit_say_what_would),
		cmocka_unit_test(arguments_are_what_they_say),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(a_call_of_another_release_says_so),
		cmocka_unit_test(each_release_has_its_calls),
		cmocka_unit_test(dead_handles_say_so_and_code_is_dropped),
		cmocka_unit_test(no_device_is_an_oops_and_the_next_call_works),
		cmocka_unit_test(boot_makes_old_handles_dead),
		cmocka_unit_test(steps_are_calls_that_may_change_something),
		cmocka_unit_test(errnos_have_names_both_ways),
	};

	return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}

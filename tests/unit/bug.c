/* SPDX-License-Identifier: MIT */
/* WARN, BUG and Oops: their text, taint, and consequences. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"

/* All log lines from number `from` on; the caller frees the text. */
static char *log_text(const struct kernel *k, uint64_t from)
{
	char *text = calloc(1, 10000);

	for (uint32_t i = 0; i < k->log.count; i++)
		if (log_at(&k->log, i)->seq >= from)
			strcat(strcat(text, log_at(&k->log, i)->text), "\n");
	return text;
}

static void assert_log(const struct kernel *k, uint64_t from, const char *want)
{
	char *text = log_text(k, from);

	assert_string_equal(text, want);
	free(text);
}

/* The whole report of a driver's probe that frees a pointer it does not own. */
static void warn_reads_as_in_each_release(void **state)
{
	static const struct { const char *cmdline, *want; } row[] = {
		{ "release=4.9",
		  "------------[ cut here ]------------\n"
		  "WARNING: CPU: 0 PID: 1 at drivers/base/devres.c:888 devm_kfree+0x13/0x60\n"
		  "Modules linked in:\n"
		  "CPU: 0 PID: 1 Comm: devsh Not tainted 4.9.115-amd64 #1\n"
		  "Call Trace:\n"
		  " [<ffffffff817b2e10>] dump_stack+0x10/0x140\n"
		  " [<ffffffff81154143>] __warn+0x43/0x70\n"
		  " [<ffffffff81509318>] warn_slowpath_null+0x18/0x90\n"
		  " [<ffffffff8142a013>] devm_kfree+0x13/0x60\n"
		  " [<ffffffff8149b427>] demo_remove+0x27/0xa0\n"
		  " [<ffffffff8135aa3f>] devsh+0x3f/0x100\n"
		  "---[ end trace 910a2dec89025cc1 ]---\n" },
		{ "release=4.19 seed=2",
		  "WARNING: CPU: 0 PID: 1 at drivers/base/devres.c:899 devm_kfree+0x13/0x60\n"
		  "Modules linked in:\n"
		  "CPU: 0 PID: 1 Comm: devsh Not tainted 4.19.40-amd64 #1\n"
		  "RIP: 0010:devm_kfree+0x13/0x60\n"
		  "Call Trace:\n"
		  " demo_remove+0x27/0xa0\n"
		  " devsh+0x3f/0x100\n"
		  "---[ end trace 975835de1c9756ce ]---\n" },
		{ "release=6.12 kasan=off",
		  "------------[ cut here ]------------\n"
		  "WARNING: CPU: 0 PID: 1 at drivers/base/devres.c:1077 devm_kfree+0x13/0x60\n"
		  "Modules linked in:\n"
		  "CPU: 0 UID: 0 PID: 1 Comm: devsh Not tainted 6.12.117-amd64 #1\n"
		  "RIP: 0010:devm_kfree+0x13/0x60\n"
		  "Call Trace:\n"
		  " <TASK>\n"
		  " demo_remove+0x27/0xa0\n"
		  " devsh+0x3f/0x100\n"
		  " </TASK>\n"
		  "---[ end trace 0000000000000000 ]---\n" },
		{ "release=7.2 kasan=off arch=arm64",
		  "------------[ cut here ]------------\n"
		  "WARNING: drivers/base/devres.c:1184 at devm_kfree+0x13/0x60, CPU#0: devsh/1\n"
		  "Modules linked in:\n"
		  "CPU: 0 UID: 0 PID: 1 Comm: devsh Not tainted 7.2.13-arm64 #1 PREEMPTLAZY\n"
		  "pc : devm_kfree+0x13/0x60\n"
		  "Call trace:\n"
		  " devm_kfree+0x13/0x60 (P)\n"
		  " demo_remove+0x27/0xa0\n"
		  " devsh+0x3f/0x100\n"
		  "---[ end trace 0000000000000000 ]---\n" },
		{ "release=6.12 kasan=off arch=arm", /* devm_kfree() jumps to its WARN */
		  "------------[ cut here ]------------\n"
		  "WARNING: CPU: 0 PID: 1 at drivers/base/devres.c:1077 demo_remove+0x27/0xa0\n"
		  "Modules linked in:\n"
		  "CPU: 0 UID: 0 PID: 1 Comm: devsh Not tainted 6.12.117-armmp #1\n"
		  "Call trace: \n"
		  " unwind_backtrace from show_stack+0x43/0xa0\n"
		  " show_stack from dump_stack_lvl+0x19/0x100\n"
		  " dump_stack_lvl from __warn+0x43/0x70\n"
		  " __warn from warn_slowpath_fmt+0x3c/0xb0\n"
		  " warn_slowpath_fmt from demo_remove+0x27/0xa0\n"
		  " demo_remove from devsh+0x3f/0x100\n"
		  "---[ end trace 0000000000000000 ]---\n" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct kernel *k = boot(row[i].cmdline);

		fn_enter(k, "demo_remove");
		fn_enter(k, "devm_kfree");
		kernel_warn(k, "devm_kfree", NULL);
		fn_exit(k);
		fn_exit(k);
		assert_log(k, 0, row[i].want);
		assert_int_equal(kernel_reports(k), 1);
		assert_false(k->task_died);
		power_off(k);
	}
}

static void warn_once_is_once_for_each_place(void **state)
{
	struct kernel *k = boot("");
	uint64_t next;

	kernel_warn_once(k, ONCE_ALLOC_PAGES, "__alloc_pages", "text %d", 1);
	assert_string_equal(log_at(&k->log, 1)->text, "text 1");
	next = k->log.next_seq;
	kernel_warn_once(k, ONCE_ALLOC_PAGES, "__alloc_pages", "text %d", 2);
	assert_int_equal(k->log.next_seq, next);
	kernel_warn_once(k, ONCE_FREE_LARGE, "free_large_kmalloc", NULL);
	assert_true(k->log.next_seq > next);
	assert_int_equal(k->reports[REPORT_WARN], 2);
	power_off(k);
}

static void taint_adds_up(void **state)
{
	struct kernel *k = boot("release=6.1");
	char out[32];

	assert_string_equal(print_tainted(k, out), "Not tainted");
	kernel_warn(k, "a", NULL);
	assert_string_equal(print_tainted(k, out), "Tainted: G        W         ");
	kernel_taint(k, TAINT_BAD_PAGE);
	assert_string_equal(print_tainted(k, out), "Tainted: G    B   W         ");
	kernel_bug(k, "a");
	assert_string_equal(print_tainted(k, out), "Tainted: G    B D W         ");
	power_off(k);
}

static void bug_kills_the_task_and_not_the_machine(void **state)
{
	struct kernel *k = boot("release=6.12 kasan=off");

	kernel_bug(k, "add_dr");
	assert_true(k->task_died);
	assert_int_equal(k->reports[REPORT_BUG], 1);
	assert_string_equal(log_at(&k->log, 0)->text, "------------[ cut here ]------------");
	assert_string_equal(log_at(&k->log, 2)->text,
			    "Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI");
	power_off(k);
	k = boot("release=6.1 kasan=off");
	kernel_bug(k, "add_dr");
	assert_string_equal(log_at(&k->log, 1)->text, "kernel BUG at drivers/base/devres.c:132!");
	assert_string_equal(log_at(&k->log, 2)->text,
			    "invalid opcode: 0000 [#1] PREEMPT SMP NOPTI");
	power_off(k);
}

static void oops_names_the_address(void **state)
{
	struct kernel *k = boot("");
	int seconds = 0;

	kernel_oops(k, "demo_probe", 16);
	assert_string_equal(log_at(&k->log, 0)->text,
			    "BUG: kernel NULL pointer dereference, address: 0000000000000010");
	kernel_oops(k, "demo_probe", 0xdeadbeef000);
	assert_true(k->task_died);
	assert_int_equal(k->reports[REPORT_OOPS], 2);
	for (uint32_t i = 0; i < k->log.count; i++)
		seconds += strstr(log_at(&k->log, i)->text, "Oops: 0000 [#2]") != NULL;
	assert_int_equal(seconds, 1);
	power_off(k);
}

/* printk_ratelimited(): ten in five seconds, then the number of further ones. */
static void the_same_again_is_counted(void **state)
{
	struct kernel *k = boot("release=6.12");
	uint64_t next;

	for (int i = 0; i < 1000; i++)
		kernel_warn(k, "demo", NULL);
	assert_int_equal(k->reports[REPORT_WARN], 1000);
	next = k->log.next_seq;
	kernel_warn(k, "demo", NULL);
	assert_int_equal(k->log.next_seq, next);
	kernel_warn(k, "other", NULL); /* is not the same */
	assert_true(k->log.next_seq > next);
	k->now += 6000000000ull;
	next = k->log.next_seq;
	kernel_warn(k, "demo", NULL);
	assert_string_equal(log_at(&k->log, (uint32_t)next)->text, "demo: 991 callbacks suppressed");
	assert_string_equal(log_at(&k->log, (uint32_t)next + 1)->text,
			    "------------[ cut here ]------------");
	for (int i = 0; i < 20; i++)
		kernel_oops(k, "demo", 0);
	ratelimit_begin(k);
	assert_string_equal(log_at(&k->log, k->log.count - 1)->text, "demo: 10 callbacks suppressed");
	next = k->log.next_seq;
	ratelimit_begin(k);
	assert_int_equal(k->log.next_seq, next);
	/* more kinds than are tracked: the rest share an entry */
	for (int i = 0; i < 100; i++) {
		char name[16];

		snprintf(name, sizeof(name), "demo%d", i);
		kernel_warn(k, name, NULL);
	}
	assert_int_equal(k->reports[REPORT_WARN], 1103);
	assert_int_equal(k->reports[REPORT_OOPS], 20);
	power_off(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(warn_reads_as_in_each_release),
		cmocka_unit_test(warn_once_is_once_for_each_place),
		cmocka_unit_test(taint_adds_up),
		cmocka_unit_test(bug_kills_the_task_and_not_the_machine),
		cmocka_unit_test(oops_names_the_address),
		cmocka_unit_test(the_same_again_is_counted),
	};

	return cmocka_run_group_tests_name("bug", tests, NULL, NULL);
}

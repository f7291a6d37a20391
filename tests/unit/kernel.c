/* SPDX-License-Identifier: MIT */
/* Boot parameters, the log, symbols, events, WARN and its kin. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"

static struct kernel *boot(const char *cmdline)
{
	struct kernel *k = malloc(sizeof(*k));
	struct params p;
	char why[200] = "";

	assert_non_null(k);
	params_default(&p);
	if (params_parse(&p, cmdline, why, sizeof(why)))
		fail_msg("%s: %s", cmdline, why);
	assert_int_equal(kernel_init(k, &p), 0);
	return k;
}

static void power_off(struct kernel *k)
{
	kernel_finish(k);
	free(k);
}

/* --- parameters ---------------------------------------------------------------- */

static void sizes_are_what_people_write(void **state)
{
	static const struct { const char *text; int rc; uint64_t size; } row[] = {
		{ "0", 0, 0 }, { "64", 0, 64 }, { "0x40", 0, 64 }, { "0X4a", 0, 74 },
		{ "0b101", 0, 5 }, { "4k", 0, 4096 }, { "4K", 0, 4096 }, { "1kB", 0, 1024 },
		{ "16MiB", 0, 16 << 20 }, { "2G", 0, 2ull << 30 }, { "1T", 0, 1ull << 40 },
		{ "010", 0, 10 }, { "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 }, { "16777216T", -ERANGE, 0 },
		{ "", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "+1", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 }, { "k", -EINVAL, 0 },
		{ "4kk", -EINVAL, 0 }, { "4x", -EINVAL, 0 }, { "0x", -EINVAL, 0 },
		{ "0xg", -EINVAL, 0 }, { "0b2", -EINVAL, 0 }, { "0b", -EINVAL, 0 },
		{ "1.5", -EINVAL, 0 }, { "0x-1", -EINVAL, 0 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		uint64_t size = 0;
		int rc = parse_size(row[i].text, &size);

		if (rc != row[i].rc || size != row[i].size)
			fail_msg("'%s': %d, %llu", row[i].text, rc, (unsigned long long)size);
	}
}

static void command_line_sets_what_it_names(void **state)
{
	struct params p;
	char why[200];

	params_default(&p);
	assert_string_equal(p.profile->release, "6.12");
	assert_string_equal(p.arch->name, "x86_64");
	assert_int_equal(p.nodes, 1);
	assert_int_equal(params_parse(&p, "  release=4.19\tarch=aarch64 numa=fake=2 mem=64M\n"
				      "seed=7 devres.log=1 slub_debug=P ", why, sizeof(why)), 0);
	assert_string_equal(p.profile->release, "4.19");
	assert_string_equal(p.arch->name, "arm64");
	assert_int_equal(p.nodes, 2);
	assert_int_equal(p.mem, 64 << 20);
	assert_int_equal(p.seed, 7);
	assert_true(p.devres_log);
	assert_true(p.poison);
	assert_false(p.track);
	/* on top of what is there */
	assert_int_equal(params_parse(&p, "slub_debug=-", why, sizeof(why)), 0);
	assert_int_equal(p.nodes, 2);
	assert_false(p.poison);
	assert_int_equal(params_parse(&p, "slub_debug=", why, sizeof(why)), 0);
	assert_true(p.poison && p.track);
}

static void wrong_command_lines_say_what_is_right(void **state)
{
	static const struct { const char *cmdline, *why; } row[] = {
		{ "release=5.4", "release=5.4: no such profile; there are 4.9 4.19 5.10 6.1 6.12 7.2" },
		{ "arch=mips", "arch=mips: no such architecture; there are x86_64 arm64 riscv64 arm" },
		{ "memoryless_nodes=8", "memoryless_nodes=8: wants a number below 8" },
		{ "memoryless_nodes=-1", "memoryless_nodes=-1: wants a number below 8" },
		{ "numa=fake=4 memoryless_nodes=5",
		  "memoryless_nodes=5: with those of numa=fake=4 more than 8" },
		{ "release=4.9 memoryless_nodes=1",
		  "memoryless_nodes=1: release 4.9 is built without CONFIG_NUMA" },
		{ "numa=2", "numa=2: wants fake=N with N from 1 to 8" },
		{ "numa=fake=0", "numa=fake=0: wants fake=N with N from 1 to 8" },
		{ "numa=fake=9", "numa=fake=9: wants fake=N with N from 1 to 8" },
		{ "mem=1M", "mem=1M: wants a size from 4M to 16G" },
		{ "mem=17G", "mem=17G: wants a size from 4M to 16G" },
		{ "mem=lots", "mem=lots: wants a size from 4M to 16G" },
		{ "seed=x", "seed=x: wants a number" },
		{ "devres.log=2", "devres.log=2: wants 0 or 1" },
		{ "devres.log=yes", "devres.log=yes: wants 0 or 1" },
		{ "slub_debug=Q", "slub_debug=Q: wants letters of FZPUTAO, or - for none" },
		{ "release", "release: wants a value, as in release=..." },
		{ "quiet", "quiet: no such boot parameter; see 'help boot'" },
		{ "=", ": no such boot parameter; see 'help boot'" },
		{ "mem=8M numa=fake=4", "mem= is too small for 4 nodes: wants at least 4M each" },
		{ "release=4.9 numa=fake=2",
		  "numa=fake=2: release 4.9 is built without CONFIG_NUMA" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct params before, p;
		char why[200] = "";

		params_default(&before);
		p = before;
		assert_int_equal(params_parse(&p, row[i].cmdline, why, sizeof(why)), -EINVAL);
		assert_string_equal(why, row[i].why);
		assert_memory_equal(&p, &before, sizeof(p));
	}
}

static void command_lines_of_any_length_are_safe(void **state)
{
	char line[2000], why[40];
	struct params p;

	params_default(&p);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_int_equal(params_parse(&p, line, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "command line: longer than 255 bytes");
	line[255] = '\0';
	assert_int_equal(params_parse(&p, line, why, sizeof(why)), -EINVAL);
	assert_int_equal(strlen(why), sizeof(why) - 1);
	memcpy(line, "release=", 8);
	assert_int_equal(params_parse(&p, line, why, sizeof(why)), -EINVAL);
}

static void every_parameter_has_help(void **state)
{
	size_t n = 0;

	for (; params_name(n); n++)
		assert_true(params_help(n) && *params_help(n));
	assert_int_equal(n, 21);
	assert_null(params_help(n));
}

/* --- profiles ------------------------------------------------------------------- */

/* struct devres up to data[]: facts for 64-bit */
static void header_sizes_are_those_of_linux(void **state)
{
	static const struct { const char *release, *arch; unsigned plain, debug; } row[] = {
		{ "4.9", "x86_64", 24, 40 }, { "4.9", "arm64", 24, 40 },
		{ "4.19", "x86_64", 24, 40 }, { "4.19", "arm64", 24, 40 },
		{ "6.1", "x86_64", 40, 40 }, { "6.1", "arm64", 128, 128 },
		{ "6.12", "x86_64", 40, 40 }, { "6.12", "arm64", 128, 128 },
		{ "5.10", "x86_64", 24, 40 }, { "5.10", "arm64", 128, 128 },
		{ "5.10", "riscv64", 24, 40 }, { "6.1", "riscv64", 64, 64 },
		{ "6.12", "riscv64", 64, 64 }, { "7.2", "riscv64", 64, 64 },
		{ "7.2", "x86_64", 56, 56 }, { "7.2", "arm64", 128, 128 },
		/* 32 bits: three words, or five; DMA alignment of 64 from 5.0 on */
		{ "4.19", "arm", 16, 24 }, { "5.10", "arm", 64, 64 }, { "7.2", "arm", 64, 64 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct profile *p = profile_find(row[i].release);
		const struct arch *a = arch_find(row[i].arch);

		assert_int_equal(devres_layout(p, a, false).header, row[i].plain);
		assert_int_equal(devres_layout(p, a, true).header, row[i].debug);
	}
}

static void profiles_are_complete(void **state)
{
	const struct profile *p;

	for (size_t i = 0; (p = profile_at(i)); i++) {
		assert_ptr_equal(profile_find(p->release), p);
		assert_true(p->uname && p->about && p->lines);
		assert_true(p->devres_chain && p->devres_chain[0]);
		assert_true(p->kmalloc_chain && p->kmalloc_chain[0]);
		assert_true(p->gfp_atomic && p->gfp_nowait);
		assert_true(p->pages_function && p->limit_name);
	}
	assert_null(profile_find(""));
	assert_null(arch_find("x86"));
	assert_ptr_equal(arch_find("amd64"), arch_find("x86_64"));
}

/* --- the log -------------------------------------------------------------------- */

static void log_has_a_record_for_each_line(void **state)
{
	struct kernel *k = boot("");

	printk(k, KERN_ERR, "%s", "one\ntwo\n");
	printk(k, KERN_INFO, "a\tb\033[31m\001");
	assert_int_equal(k->log.count, 4);
	assert_string_equal(log_at(&k->log, 0)->text, "one");
	assert_string_equal(log_at(&k->log, 1)->text, "two");
	assert_string_equal(log_at(&k->log, 2)->text, "");
	/* nothing that moves a terminal's cursor */
	assert_string_equal(log_at(&k->log, 3)->text, "a?b?[31m?");
	assert_int_equal(log_at(&k->log, 0)->level, KERN_ERR);
	assert_int_equal(log_at(&k->log, 3)->level, KERN_INFO);
	assert_int_equal(log_at(&k->log, 3)->seq, 3);
	assert_true(log_at(&k->log, 3)->now > log_at(&k->log, 0)->now);
	assert_null(log_at(&k->log, 4));
	power_off(k);
}

static void log_drops_the_oldest_lines(void **state)
{
	struct kernel *k = boot("");
	const struct log_line *first, *last;
	char text[1001];
	uint32_t n = LOG_BYTES_MAX / 1000 + 500;

	memset(text, 'x', 1000);
	text[1000] = '\0';
	for (uint32_t i = 0; i < n; i++)
		printk(k, KERN_INFO, "%s", text);
	assert_true(k->log.bytes <= LOG_BYTES_MAX);
	assert_true(k->log.bytes > LOG_BYTES_MAX - 2000);
	first = log_at(&k->log, 0);
	last = log_at(&k->log, k->log.count - 1);
	/* numbers go on, so that a reader sees what is missing */
	assert_int_equal(last->seq, n - 1);
	assert_int_equal(first->seq, n - k->log.count);
	for (uint32_t i = 1; i < k->log.count; i++)
		assert_int_equal(log_at(&k->log, i)->seq, first->seq + i);
	log_clear(&k->log);
	assert_int_equal(k->log.count, 0);
	assert_int_equal(k->log.bytes, 0);
	printk(k, KERN_INFO, "again");
	assert_int_equal(log_at(&k->log, 0)->seq, n);
	power_off(k);
}

/* --- symbols --------------------------------------------------------------------- */

static int drops;

static void count_drop(void *ctx)
{
	assert_string_equal(ctx, "ctx");
	drops++;
}

static void symbols_have_one_address(void **state)
{
	struct kernel *k = boot("");
	uint64_t a = text_symbol(k, "a"), b = text_symbol(k, "b");
	char name[20];

	assert_int_equal(a, k->text.base);
	assert_int_equal(b, k->text.base + SYMBOL_STRIDE);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "fn_%d", i);
		text_symbol(k, name);
	}
	assert_int_equal(text_symbol(k, "a"), a);
	assert_string_equal(text_lookup(k, b)->name, "b");
	assert_null(text_lookup(k, b + 1));
	assert_null(text_lookup(k, k->text.base - SYMBOL_STRIDE));
	assert_null(text_lookup(k, k->text.base + 102 * SYMBOL_STRIDE));
	assert_null(text_lookup(k, 0));
	assert_null(text_lookup(k, UINT64_MAX));
	power_off(k);
}

static void symbols_own_what_they_do(void **state)
{
	struct kernel *k = boot("");
	struct symbol *s = text_lookup(k, text_symbol(k, "a"));
	char ctx[] = "ctx";

	drops = 0;
	text_define(s, NULL, ctx, count_drop);
	assert_int_equal(drops, 0);
	text_define(s, NULL, ctx, count_drop);
	assert_int_equal(drops, 1);
	power_off(k);
	assert_int_equal(drops, 2);
}

static void constants_are_in_rodata(void **state)
{
	struct kernel *k = boot("");
	uint64_t a = rodata_string(k, "text");

	assert_int_equal(a, k->rodata.base);
	assert_int_equal(rodata_string(k, "text"), a);
	assert_string_equal(rodata_lookup(k, a), "text");
	assert_true(is_rodata(k, a + SYMBOL_STRIDE - 1));
	assert_false(is_rodata(k, a + SYMBOL_STRIDE));
	assert_false(is_rodata(k, a - 1));
	assert_null(rodata_lookup(k, a + 8));
	power_off(k);
}

/* --- events ------------------------------------------------------------------------ */

struct seen {
	struct watcher watcher;
	struct kernel *kernel;
	int events;
	uint64_t last_seq;
	int last_depth;
	bool leave;
};

static void see(struct watcher *w, const struct event *e)
{
	struct seen *s = (struct seen *)w;

	s->events++;
	assert_true(e->seq > s->last_seq);
	s->last_seq = e->seq;
	s->last_depth = e->depth;
	if (s->leave)
		kernel_unwatch(s->kernel, w);
}

static void watchers_see_what_they_asked_for(void **state)
{
	struct kernel *k = boot("");
	struct seen log = { .watcher = { .mask = EV_BIT(EV_PRINTK), .see = see } };
	struct seen all = { .watcher = { .mask = EV_ALL, .see = see } };

	kernel_watch(k, &log.watcher);
	printk(k, KERN_INFO, "a");
	EVENT(k, EV_ALLOC);
	assert_int_equal(log.events, 1);
	kernel_watch(k, &all.watcher);
	fn_enter(k, "outer");
	EVENT(k, EV_ALLOC);
	assert_int_equal(all.last_depth, 1);
	fn_exit(k);
	assert_int_equal(all.last_depth, 0);
	assert_int_equal(all.events, 3);
	printk(k, KERN_INFO, "b");
	assert_int_equal(log.events, 2);
	assert_int_equal(all.events, 4);
	kernel_unwatch(k, &log.watcher);
	kernel_unwatch(k, &log.watcher);
	printk(k, KERN_INFO, "c");
	assert_int_equal(log.events, 2);
	assert_int_equal(all.events, 5);
	kernel_unwatch(k, &all.watcher);
	assert_int_equal(k->watching, EV_CHECKED);
	power_off(k);
}

static void a_watcher_may_leave_while_it_sees(void **state)
{
	struct kernel *k = boot("");
	struct seen stays = { .watcher = { .mask = EV_ALL, .see = see } };
	struct seen leaves = { .watcher = { .mask = EV_ALL, .see = see }, k, .leave = true };

	kernel_watch(k, &stays.watcher);
	kernel_watch(k, &leaves.watcher);
	printk(k, KERN_INFO, "a");
	printk(k, KERN_INFO, "b");
	assert_int_equal(leaves.events, 1);
	assert_int_equal(stays.events, 2);
	kernel_unwatch(k, &stays.watcher);
	power_off(k);
}

static void the_call_stack_may_be_deeper_than_it_is_kept(void **state)
{
	struct kernel *k = boot("");
	struct seen all = { .watcher = { .mask = EV_ALL, .see = see } };

	kernel_watch(k, &all.watcher);
	for (int i = 0; i < 2 * STACK_MAX; i++)
		fn_enter(k, "deep");
	dump_stack(k, KERN_INFO, "deep");
	for (int i = 0; i < 2 * STACK_MAX; i++)
		fn_exit(k);
	assert_int_equal(k->depth, 0);
	kernel_unwatch(k, &all.watcher);
	power_off(k);
}

static void nesting_without_end_is_an_oops(void **state)
{
	struct kernel *k = boot("");
	struct context saved[2 * NESTING_MAX], own = k->context;
	int depth = 0;

	while (upcall_begin(k, (struct context){ "demo_probe", "probe", 0 }, &saved[depth]))
		depth++;
	assert_int_equal(depth, NESTING_MAX);
	assert_true(k->task_died);
	assert_int_equal(k->reports[REPORT_OOPS], 1);
	assert_string_equal(log_at(&k->log, 0)->text,
			    "BUG: stack guard page was hit at ffffc90000000180");
	assert_string_equal(k->context.phase, "probe");
	while (depth--)
		upcall_end(k, saved[depth]);
	assert_string_equal(k->context.caller, own.caller);
	assert_int_equal(k->nesting, 0);
	power_off(k);
}

/* --- reports ------------------------------------------------------------------------- */

/* All lines of the log from number `from` on; the caller frees them. */
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

static void warn_reads_as_in_each_release(void **state)
{
	static const struct { const char *cmdline, *at, *uid, *uname, *trace; } row[] = {
		{ "release=4.19", "", "", "4.19.0", "910a2dec89025cc1" },
		{ "release=4.19 seed=2", "", "", "4.19.0", "975835de1c9756ce" },
		{ "release=6.1", "drivers/base/devres.c:1073 ", "", "6.1.0", "0000000000000000" },
		{ "release=6.12", "drivers/base/devres.c:1058 ", "UID: 0 ", "6.12.0",
		  "0000000000000000" },
	};
	bool marks;

	for (size_t i = 0; i < COUNT(row); i++) {
		struct kernel *k = boot(row[i].cmdline);
		char want[1000];

		/* since 5.16 */
		marks = k->profile->version > RELEASE(5, 15);
		fn_enter(k, "demo_remove");
		fn_enter(k, "devm_kfree");
		kernel_warn(k, "devm_kfree", NULL);
		fn_exit(k);
		fn_exit(k);
		snprintf(want, sizeof(want),
			 "------------[ cut here ]------------\n"
			 "WARNING: CPU: 0 PID: 1 at %sdevm_kfree+0x13/0x60\n"
			 "Modules linked in:\n"
			 "CPU: 0 %sPID: 1 Comm: devsh Not tainted %s #1\n"
			 "RIP: 0010:devm_kfree+0x13/0x60\n"
			 "Call Trace:\n"
			 "%s"
			 " devm_kfree+0x13/0x60\n"
			 " demo_remove+0x27/0xa0\n"
			 "%s"
			 "---[ end trace %s ]---\n",
			 row[i].at, row[i].uid, row[i].uname, marks ? " <TASK>\n" : "",
			 marks ? " </TASK>\n" : "", row[i].trace);
		assert_log(k, 0, want);
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
	assert_string_equal(print_tainted(k, out), "Tainted: G        W        ");
	kernel_taint(k, TAINT_BAD_PAGE);
	assert_string_equal(print_tainted(k, out), "Tainted: G    B   W        ");
	kernel_bug(k, "a");
	assert_string_equal(print_tainted(k, out), "Tainted: G    B D W        ");
	power_off(k);
}

static void bug_kills_the_task_and_not_the_machine(void **state)
{
	struct kernel *k = boot("release=6.12");

	kernel_bug(k, "add_dr");
	assert_true(k->task_died);
	assert_int_equal(k->reports[REPORT_BUG], 1);
	assert_string_equal(log_at(&k->log, 0)->text, "------------[ cut here ]------------");
	assert_string_equal(log_at(&k->log, 2)->text,
			    "Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI");
	power_off(k);
	k = boot("release=6.1");
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

/* printk_ratelimited(): ten in five seconds, and then how many there were more. */
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
	/* more kinds than are told apart: the rest is one */
	for (int i = 0; i < 100; i++) {
		char name[16];

		snprintf(name, sizeof(name), "demo%d", i);
		kernel_warn(k, name, NULL);
	}
	assert_int_equal(k->reports[REPORT_WARN], 1103);
	assert_int_equal(k->reports[REPORT_OOPS], 20);
	power_off(k);
}

static void random_is_the_seed_s(void **state)
{
	struct kernel *a = boot("seed=1"), *b = boot("seed=1"), *c = boot("seed=2");
	uint64_t first = kernel_random(a);

	assert_int_equal(first, kernel_random(b));
	assert_int_not_equal(first, kernel_random(c));
	assert_int_equal(first, 0x910a2dec89025cc1ull);
	power_off(a);
	power_off(b);
	power_off(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_what_people_write),
		cmocka_unit_test(command_line_sets_what_it_names),
		cmocka_unit_test(wrong_command_lines_say_what_is_right),
		cmocka_unit_test(command_lines_of_any_length_are_safe),
		cmocka_unit_test(every_parameter_has_help),
		cmocka_unit_test(header_sizes_are_those_of_linux),
		cmocka_unit_test(profiles_are_complete),
		cmocka_unit_test(log_has_a_record_for_each_line),
		cmocka_unit_test(log_drops_the_oldest_lines),
		cmocka_unit_test(symbols_have_one_address),
		cmocka_unit_test(symbols_own_what_they_do),
		cmocka_unit_test(constants_are_in_rodata),
		cmocka_unit_test(watchers_see_what_they_asked_for),
		cmocka_unit_test(a_watcher_may_leave_while_it_sees),
		cmocka_unit_test(the_call_stack_may_be_deeper_than_it_is_kept),
		cmocka_unit_test(nesting_without_end_is_an_oops),
		cmocka_unit_test(warn_reads_as_in_each_release),
		cmocka_unit_test(warn_once_is_once_for_each_place),
		cmocka_unit_test(taint_adds_up),
		cmocka_unit_test(bug_kills_the_task_and_not_the_machine),
		cmocka_unit_test(oops_names_the_address),
		cmocka_unit_test(the_same_again_is_counted),
		cmocka_unit_test(random_is_the_seed_s),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Events and watchers; the call stack. */
#include "unit.h"

#include <errno.h>

#include "kernel.h"
#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "kernel/upcall.h"

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

	while (upcall_begin(k, (struct context){ .caller = "demo_probe", .phase = "probe" }, &saved[depth]))
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(watchers_see_what_they_asked_for),
		cmocka_unit_test(a_watcher_may_leave_while_it_sees),
		cmocka_unit_test(the_call_stack_may_be_deeper_than_it_is_kept),
		cmocka_unit_test(nesting_without_end_is_an_oops),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}

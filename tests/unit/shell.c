/* SPDX-License-Identifier: MIT */
/* The interpreter's state: every line leaves the shell as it found it. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/registry.h"
#include "lib/array.h"
#include "machine/machine.h"
#include "shell/builtin.h"
#include "shell/source.h"
#include "shell/steps.h"

struct bench {
	struct shell sh;
	struct steps *steps;
	struct buf said;
};

static void set_up(struct bench *b)
{
	const struct shell_config config = {
		.confined = true, .embedded = true, .keep_going = true, .builtin = builtin_find,
	};
	char why[200];

	*b = (struct bench){ .steps = steps_create() };
	assert_non_null(b->steps);
	assert_int_equal(shell_init(&b->sh, &config, why, sizeof(why)), 0);
	b->sh.steps = b->steps;
	b->sh.out->to = &b->said;
}

static void put_away(struct bench *b)
{
	shell_finish(&b->sh);
	steps_destroy(b->steps);
	buf_finish(&b->said);
}

static int run(struct bench *b, const char *text)
{
	buf_reset(&b->said);
	return shell_text(&b->sh, "test", text, strlen(text));
}

/* Nothing of a line is left: all current values are the initial ones. */
static void at_the_outset(struct bench *b, const char *line)
{
	const struct shell *sh = &b->sh;

	if (sh->session != &sh->own_session || sh->out != &sh->own_output ||
	    sh->frame != &sh->own_frame || sh->reading != &sh->own_reading ||
	    sh->step != &sh->own_step)
		fail_msg("%s: something is still entered", line);
	assert_int_equal(sh->frame->depth, 0);
	assert_int_equal(sh->frame->inside, EXIT_OK);
	assert_false(sh->out->silent || sh->out->quiet || sh->out->around);
	assert_false(sh->session->copy || sh->session->over);
}

static void what_is_entered_is_left(void **state)
{
	static const char *const line[] = {
		"device eth0",
		"driver demo probe={ devm_kzalloc $dev 64; nosuch 1 }",
		"driver demo probe={ devm_kzalloc $dev 64; lua error('x') }",
		"bind eth0 demo", "! bind eth0 demo", "trace bind eth0 demo",
		"faults bind eth0 demo", "faults { devm_kmalloc eth0 8; quit }",
		"faults { verbose on }",
		"diff 1", "undo", "undo", "redo", "goto 1", "goto 99", "redo 2",
		"compare release=4.19,6.12 { device eth0; quit }",
		"compare release=4.19 { nosuch }",
		"echo 1 > /sys/bus/platform/drivers_probe", "nosuch > /proc/nosuch",
		"lua print(1) > /proc/self/fail-nth", "echo x | cat", "echo x > file",
		"source nosuch", "return", "{ }", "'quoted'", "a = $nosuch",
		"p = devm_kmalloc eth0 64", "! kfree $p", "warns kfree { kfree $p }",
		"warns '' { bind eth0 demo; devm_kfree eth0 $p; devm_kfree eth0 $p }",
		"= error('x')", "lua bind('eth0', 'nosuch')",
		"trace trace trace devm_kmalloc eth0 1",
	};
	struct bench b;

	set_up(&b);
	for (size_t i = 0; i < COUNT(line); i++) {
		run(&b, line[i]);
		at_the_outset(&b, line[i]);
	}
	put_away(&b);
}

static bool has_device(const struct session *s, const char *name)
{
	return device_by_name(&s->machine->core, name);
}

/* A session is a value: it can be copied, used silently, and discarded. */
static void a_session_is_made_again_and_thrown_away(void **state)
{
	static const char there[] = "device eth1\necho $n; machine\nquit";
	struct session copy;
	struct visit visit;
	struct bench b;
	char why[200];

	set_up(&b);
	assert_int_equal(run(&b, "device eth0\nn = 64"), EXIT_OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(steps_copy(&b.sh, &copy, why, sizeof(why)), 0);
		assert_true(has_device(&copy, "eth0"));
		buf_reset(&b.said);
		shell_visit(&b.sh, &visit, &copy, NULL);
		assert_int_equal(shell_text(&b.sh, NULL, there, strlen(there)), EXIT_OK);
		shell_return(&b.sh, &visit);
		assert_int_equal(b.said.len, 0);
		assert_true(has_device(&copy, "eth1") && copy.over);
		assert_false(has_device(b.sh.session, "eth1"));
		session_end(&copy);
		at_the_outset(&b, "a visit");
	}
	/* ... and one replaces the shell's */
	assert_int_equal(steps_copy(&b.sh, &copy, why, sizeof(why)), 0);
	session_end(b.sh.session);
	*b.sh.session = copy;
	b.sh.session->copy = false;
	assert_int_equal(run(&b, "echo $n; devm_kmalloc eth0 $n\nundo"), EXIT_OK);
	assert_non_null(strstr(buf_str(&b.said), "64"));
	put_away(&b);
}

/* Quitting in a trial ends only the trial. */
static void what_quits_on_a_copy_quits_the_copy(void **state)
{
	struct bench b;

	set_up(&b);
	assert_int_equal(run(&b, "device eth0\nfaults { devm_kmalloc eth0 8; quit }\necho here"), EXIT_OK);
	assert_non_null(strstr(buf_str(&b.said), "here"));
	assert_int_equal(run(&b, "quit\necho there"), EXIT_OK);
	assert_null(strstr(buf_str(&b.said), "there"));
	assert_true(b.sh.session->over);
	put_away(&b);
}

/* Outputs nest: the inner one is captured as text, the outer one gets the errors. */
static void outputs_nest(void **state)
{
	struct buf inner = BUF_INIT, text = BUF_INIT;
	struct output plain, captured, *before;
	struct bench b;

	set_up(&b);
	b.sh.out->style.colour = true;
	plain = output_plain(&b.sh, &text);
	before = output_enter(&b.sh, &plain);
	shell_write(&b.sh, "result", 6);
	shell_error(&b.sh, 1, 1, "an error");
	captured = output_captured(&b.sh, &inner);
	output_enter(&b.sh, &captured);
	shell_write(&b.sh, "deeper", 6);
	assert_false(b.sh.out->style.colour || b.sh.out->around);
	output_enter(&b.sh, before);
	assert_string_equal(buf_str(&text), "result");
	assert_string_equal(buf_str(&inner), "deeper");
	assert_string_equal(buf_str(&b.said), "an error\n");
	at_the_outset(&b, "outputs");
	b.sh.out->style.colour = false;
	buf_finish(&text);
	buf_finish(&inner);
	put_away(&b);
}

static int open_builtins(void **state)
{
	builtins_open();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_entered_is_left),
		cmocka_unit_test(a_session_is_made_again_and_thrown_away),
		cmocka_unit_test(what_quits_on_a_copy_quits_the_copy),
		cmocka_unit_test(outputs_nest),
	};

	return cmocka_run_group_tests(tests, open_builtins, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Lua without memory: any request to a script then returns an error, and no Lua error
 * leaves the layer, which would end the process.
 */
#include "unit.h"

#include <string.h>

#include <devsh/report.h>

#include "lua/script.h"
#include "machine/machine.h"

static const char setup[] =
	"driver{ name = 'demo', probe = function(dev) devm_kzalloc(dev, 64) return -12 end }\n"
	"device('eth0')\n"
	"driver{ name = 'liar', probe = function(dev) return { 'neither a number nor nothing' } end }\n"
	"describe('a', function() it('b', function() kfree(kmalloc(8)) end) end)\n"
	"collectgarbage()\n";

struct session {
	struct machine *machine;
	struct script *script;
};

static struct session begin(void)
{
	const struct script_host host = { 0 };
	struct buf error = BUF_INIT;
	struct session s;
	char why[200];

	s.machine = machine_create("mem=16M", why, sizeof(why));
	assert_non_null(s.machine);
	s.script = script_create(s.machine, &host);
	assert_non_null(s.script);
	if (script_run(s.script, "setup.lua", setup, strlen(setup), &error) != SCRIPT_OK)
		fail_msg("%s", buf_str(&error));
	buf_finish(&error);
	return s;
}

static void end(struct session *s)
{
	machine_destroy(s->machine);
	script_destroy(s->script);
}

static void bind(struct session *s, const char *driver)
{
	const struct call *c = call_find("bind");
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	struct buf error = BUF_INIT;
	char why[200];

	assert_int_equal(call_value(s->machine, c, &c->param[0], "eth0", &arg[0], why, sizeof(why)), 0);
	assert_int_equal(call_value(s->machine, c, &c->param[1], driver, &arg[1], why, sizeof(why)), 0);
	assert_int_not_equal(call_run(s->machine, c, arg, &r), 0);
	script_take_error(s->script, &error);
	buf_finish(&error);
	result_finish(&r);
}

static void count(void *ctx, const char *name)
{
	(void)name;
	++*(int *)ctx;
}

/* Enters the script in every possible way, once each. */
static void ask_everything(struct session *s)
{
	static char *const args[] = { (char *)"one", (char *)"two", NULL };
	struct buf text = BUF_INIT, why = BUF_INIT;
	struct outcome o;
	struct scenario about;
	struct value v;
	int globals = 0;

	script_set(s->script, "a_name_that_is_new", &(struct value){ .type = V_STR, .s = "a new text" });
	script_set(s->script, "pointer", &(struct value){ .type = V_ADDR, .u = 0xffff888001000000 });
	script_get(s->script, "another_name_that_is_new", &v, &text);
	script_globals(s->script, count, &globals);
	script_set_args(s->script, "a name", args, &why);
	script_eval(s->script, "1 + 1, {}, 'a text that is new'", &why);
	script_eval(s->script, "nosuch.field", &why);
	script_eval(s->script, "= (", &why);
	script_is_expression(s->script, "x + 1");
	script_incomplete(s->script, "for i = 1, 2 do");
	script_run(s->script, "file.lua", "local t = {} t.x = 'y'", 22, &why);
	script_run(s->script, "file.lua", "\033LuaX", 5, &why);
	bind(s, "demo");
	bind(s, "liar");
	assert_true(script_scenario(s->script, 0, &about));
	assert_string_equal(about.name, "a b");
	script_scenario_run(s->script, 0, "mem=16M", &o);
	assert_true(o.status == OUTCOME_PASSED || o.text[OUTCOME_MESSAGE].len);
	outcome_finish(&o);
	buf_finish(&text);
	buf_finish(&why);
}

static void no_error_leaves_the_layer(void **state)
{
	/*
	 * From too little, even after a garbage collection, to all that is needed, in
	 * steps smaller than most of Lua's objects.
	 */
	for (size_t more = 0; more < 20000; more += 56) {
		struct session s = begin();

		script_limit(s.script, script_memory(s.script) - 8000 + more);
		ask_everything(&s);
		end(&s);
	}
}

/*
 * A scenario uses up all memory and keeps it; the scenarios after it still get a verdict.
 */
static void a_full_state_is_a_failed_scenario(void **state)
{
	static const char text[] =
		"describe('x', function()\n"
		"it('fills', function() full = {} while true do full[#full + 1] = ('x'):rep(999) .. #full end end)\n"
		"it('is next', function() device('eth1') end)\n"
		"end)";
	struct buf why = BUF_INIT;
	struct session s = begin();
	struct scenario about;
	struct outcome o;

	script_limit(s.script, script_memory(s.script) + 300000);
	assert_int_equal(script_run(s.script, "full.lua", text, strlen(text), &why), SCRIPT_OK);
	for (size_t i = 1; i < 3; i++) {
		assert_true(script_scenario(s.script, i, &about));
		assert_string_equal(about.file, "full.lua");
		script_scenario_run(s.script, i, "mem=16M", &o);
		if (i == 1) {
			assert_int_equal(o.status, OUTCOME_FAILED);
			assert_non_null(strstr(buf_str(&o.text[OUTCOME_MESSAGE]), "not enough memory"));
		}
		outcome_finish(&o);
	}
	assert_false(script_scenario(s.script, 3, &about));
	buf_finish(&why);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_error_leaves_the_layer),
		cmocka_unit_test(a_full_state_is_a_failed_scenario),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What scripts can and cannot do: the sandbox, handles, errors in callbacks. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <devsh/report.h>

#include "lib/array.h"
#include "lib/interrupt.h"
#include "lua/script.h"

struct session {
	struct machine *machine;
	struct script *script;
	struct buf out, why;
};

static void print(void *ctx, const char *text, size_t len)
{
	buf_add(&((struct session *)ctx)->out, text, len);
}

static struct session *begin(void)
{
	struct session *s = calloc(1, sizeof(*s));
	struct script_host host = { .ctx = s, .print = print };
	char why[200];

	assert_non_null(s);
	s->machine = machine_create("", why, sizeof(why));
	assert_non_null(s->machine);
	s->script = script_create(s->machine, &host);
	assert_non_null(s->script);
	return s;
}

static void end(struct session *s)
{
	machine_destroy(s->machine);
	script_destroy(s->script);
	buf_finish(&s->out);
	buf_finish(&s->why);
	free(s);
}

static enum script_status run_text(struct session *s, const char *text, size_t len)
{
	buf_reset(&s->out);
	buf_reset(&s->why);
	return script_run(s->script, "test.lua", text, len, &s->why);
}

static void works(struct session *s, const char *text)
{
	if (run_text(s, text, strlen(text)) != SCRIPT_OK)
		fail_msg("%s: %s", text, buf_str(&s->why));
}

static void prints(struct session *s, const char *text, const char *want)
{
	works(s, text);
	assert_string_equal(buf_str(&s->out), want);
}

/* The error is one line, with its place. */
static void fails(struct session *s, const char *text, const char *why)
{
	assert_int_equal(run_text(s, text, strlen(text)), SCRIPT_ERROR);
	assert_string_equal(buf_str(&s->why), why);
}

/* --- the sandbox -------------------------------------------------------- */

static void no_way_leads_out(void **state)
{
	static const char *const gone[] = {
		"io", "os", "package", "debug", "require", "dofile", "loadfile", "string.dump",
	};
	struct session *s = begin();
	char text[200];

	for (size_t i = 0; i < COUNT(gone); i++) {
		snprintf(text, sizeof(text), "assert(%s == nil)", gone[i]);
		works(s, text);
	}
	works(s, "assert(not pcall(function() return ('').dump(print) end))");
	works(s, "assert(not pcall(collectgarbage, 'stop'))");
	works(s, "assert(getmetatable(device('x')) == 'locked')");
	works(s, "assert(getmetatable(kmalloc(8)) == 'locked')");
	works(s, "assert(not pcall(setmetatable, kmalloc(8), {}))");
	end(s);
}

static void bytecode_is_refused(void **state)
{
	static const char chunk[] = "\033LuaT\0\x19\x93\r\n\x1a\n";
	struct session *s = begin();

	assert_int_equal(run_text(s, chunk, sizeof(chunk) - 1), SCRIPT_SYNTAX);
	assert_string_equal(buf_str(&s->why), "test.lua: this is bytecode; wants Lua as text");
	prints(s, "print(load('\\27LuaT'))", "nil\tattempt to load a binary chunk (mode is 't')\n");
	prints(s, "print(load('\\27LuaT', 'x', 'b'))",
	       "nil\tattempt to load a binary chunk (mode is 't')\n");
	works(s, "assert(not pcall(load, function() return nil end))");
	end(s);
}

/* Nothing in the text may look like an address of this process. */
static void assert_no_address(const char *text)
{
	for (const char *at = strstr(text, "0x"); at; at = strstr(at + 2, "0x")) {
		size_t digits = strspn(at + 2, "0123456789abcdef");

		if (digits >= 8 && strncmp(at + 2, "ffff", 4))
			fail_msg("a host address: %s", text);
	}
}

static void no_text_shows_a_host_address(void **state)
{
	static const char *const values[] = {
		"{}", "print", "function() end", "coroutine.create(print)",
		"setmetatable({}, {__name = 'mine'})", "device('x')", "kmalloc(8)", "string.format",
		"coroutine.wrap(print)", "_G", "assert",
	};
	static const char *const shows[] = {
		"print(%s)", "print(tostring(%s))", "print(('%%s %%s'):format(%s, 1))",
		"print(('%%10s'):format(%s))", "error(%s)", "error(tostring(%s))",
		"print(select(2, pcall(error, %s)))", "kmalloc(%s)", "kfree(%s)",
		"boot{ release = %s }", "boot(%s)",
		"driver{ name = 'd', id_table = { %s } } print(drivers()[1].id_table)",
		"device(%s)", "devm_kmalloc(%s, 8)", "assert.equal(1, %s)",
		"assert.same({ %s }, {})", "print(#%s)", "print(%s + 1)", "print(%s .. 'x')",
		"print(%s < 1)", "print(load(%s))", "string.rep(%s, 2)", "string.format(%s)",
		"table.concat({ %s })", "describe(%s)", "it('x', %s) it(%s)",
		"local t = { [%s] = 1 } print(next(t))",
		"print(string.format('%%q', %s))", "print(table.unpack({ %s }))",
		"print(utf8.char(%s))",
		"print(math.type(%s), math.floor(%s))",
	};
	char text[400];

	for (size_t i = 0; i < COUNT(shows); i++)
		for (size_t v = 0; v < COUNT(values); v++) {
			struct session *s = begin();

			snprintf(text, sizeof(text), shows[i], values[v], values[v]);
			run_text(s, text, strlen(text));
			assert_no_address(buf_str(&s->out));
			assert_no_address(buf_str(&s->why));
			end(s);
		}
}

static void percent_p_does_not_exist(void **state)
{
	struct session *s = begin();

	fails(s, "print(('%p'):format({}))", "test.lua:1: string.format: %p is not available");
	fails(s, "print(string.format('%d %-20p', 1, print))",
	      "test.lua:1: string.format: %p is not available");
	prints(s, "print(('%%p %d'):format(1))", "%p 1\n");
	end(s);
}

static void what_takes_too_much_is_an_error(void **state)
{
	struct session *s = begin();

	fails(s, "local x = ('x'):rep(1e10)", "test.lua:1: string.rep: at most 64 MiB");
	fails(s, "local x = ('x'):rep(1 << 62, 'yyyyyyyy')",
		"test.lua:1: string.rep: at most 64 MiB");
	works(s, "assert(#('x'):rep(1 << 20) == 1 << 20)");
	works(s, "assert(#('x'):rep(-1) == 0 and ('ab'):rep(2, ',') == 'ab,ab')");
	run_text(s, "local function f() return f() + 1 end f()", 41);
	assert_non_null(strstr(buf_str(&s->why), "stack overflow"));
	works(s, "x = 1");
	end(s);
}

static void numbers_are_the_same_everywhere(void **state)
{
	struct session *a = begin(), *b = begin();

	works(a, "for i = 1, 5 do print(math.random(1000000)) end");
	works(b, "for i = 1, 5 do print(math.random(1000000)) end");
	works(a, "math.randomseed() print(math.random(1000000))");
	works(b, "math.randomseed() print(math.random(1000000))");
	works(a, "math.randomseed(7) print(math.random(1000000))");
	works(b, "math.randomseed(7) print(math.random(1000000))");
	assert_string_equal(buf_str(&a->out), buf_str(&b->out));
	end(a);
	end(b);
}

/* --- errors ------------------------------------------------------------- */

static void errors_are_one_line_with_a_place(void **state)
{
	static const struct { const char *text, *why; } row[] = {
		{ "devm_kmaloc()",
			"test.lua:1: attempt to call a nil value (global 'devm_kmaloc'); "
				   "did you mean 'devm_kmalloc'?" },
		{ "\n\nkmalloc()", "test.lua:3: kmalloc: needs size: kmalloc SIZE [GFP]" },
		{ "kmalloc(1, 2, 3)",
			"test.lua:1: kmalloc: too many arguments: kmalloc SIZE [GFP]" },
		{ "kmalloc('x')",
			"test.lua:1: kmalloc: size 'x': wants a number: 64, 0x40, 4k, 16M, "
				"SIZE_MAX" },
		{ "kmalloc({})", "test.lua:1: kmalloc: needs size: kmalloc SIZE [GFP]" },
		{ "kmalloc({ 64 })", "test.lua:1: kmalloc: wants named arguments in the table" },
		{ "kmalloc{ sice = 1 }", "test.lua:1: kmalloc: no argument is named 'sice'" },
		{ "kmalloc(1, { size = 2 })", "test.lua:1: kmalloc: size is given twice" },
		{ "kmalloc(print)",
			"test.lua:1: kmalloc: size: wants a whole number, got function" },
		{ "kmalloc(1.5)", "test.lua:1: kmalloc: size: wants a whole number, got 1.5" },
		{ "kmalloc(8, 1 << 32)", "test.lua:1: kmalloc: gfp: wants flags, 32 bits" },
		{ "devm_kmalloc('eth0', 8)",
			"test.lua:1: devm_kmalloc: dev 'eth0': no such device; "
					     "make it with 'device eth0'" },
		{ "devm_kmalloc(1, 8)", "test.lua:1: devm_kmalloc: dev: wants device, got number" },
		{ "devm_kmalloc(kmalloc(1), 8)",
			"test.lua:1: devm_kmalloc: dev: wants device, got userdata" },
		{ "driver{ name = 'd', probe = 1 }",
			"test.lua:1: driver: probe: wants a function, got number" },
		{ "kfree('here')",
			"test.lua:1: kfree: p 'here': wants a pointer: $p, an address, or NULL" },
		{ "kfree({})", "test.lua:1: kfree: needs p: kfree P" },
		{ "kfree(true)", "test.lua:1: kfree: p: wants a pointer, got boolean" },
		{ "boot{ release = '5.4' }",
			"test.lua:1: boot: release=5.4: no such profile; there are "
					     "4.9 (4.9.115) 4.19 (4.19.40) 5.10.223 5.10 (5.10.262) "
					     "6.1 (6.1.192) 6.12 (6.12.117) 7.2 (7.2.13)" },
		{ "local p = kmalloc(8) p[0] = 256", "test.lua:1: byte 256: wants 0 to 255" },
		{ "local p = kmalloc(8) p:fill(-1)", "test.lua:1: fill: byte -1: wants 0 to 255" },
		{ "local p = kmalloc(8) p:read(0, -1)",
			"test.lua:1: length -1: wants 0 to 64 MiB" },
		{ "local p = kmalloc(8) print((p + (1 << 40))[0])",
		  "test.lua:1: read: no memory at ffff898001000248" },
		{ "error('mine')", "test.lua:1: mine" },
		{ "error({})", "test.lua:1: error object is a table" },
		{ "error()", "error object is a nil" },
		{ "assert(false)", "test.lua:1: assertion failed!" },
		{ "assert(nil, 'reason')", "test.lua:1: reason" },
		{ "assert.equal(1, 2)", "test.lua:1: expected 1, got 2" },
		{ "assert.eqal(1, 2)", "test.lua:1: there is no assertion 'eqal'" },
	};
	struct session *s = begin();

	for (size_t i = 0; i < COUNT(row); i++)
		fails(s, row[i].text, row[i].why);
	end(s);
}

static void syntax_errors_say_where(void **state)
{
	struct session *s = begin();

	assert_int_equal(run_text(s, "\nlocal = 1", 10), SCRIPT_SYNTAX);
	assert_string_equal(buf_str(&s->why), "test.lua:2: <name> expected near '='");
	buf_reset(&s->why);
	assert_int_equal(script_eval(s->script, "6 *", &s->why), SCRIPT_SYNTAX);
	assert_true(script_incomplete(s->script, "6 *"));
	assert_true(script_incomplete(s->script, "for i = 1, 2 do"));
	assert_false(script_incomplete(s->script, "6 * 7"));
	assert_false(script_incomplete(s->script, "6 7"));
	buf_reset(&s->out);
	assert_int_equal(script_eval(s->script, "6 * 7, nil", &s->why), SCRIPT_OK);
	assert_string_equal(buf_str(&s->out), "42\tnil\n");
	end(s);
}

static void an_error_in_a_callback_unwinds_the_model_first(void **state)
{
	struct session *s = begin();

	works(s, "eth0 = device('eth0')\n"
	      "demo = driver{ name = 'demo', probe = function(d)\n"
	      "  devm_kmalloc(d, 64)\n  error('broken')\nend }");
	fails(s, "bind(eth0, demo)", "test.lua:4: broken");
	works(s, "assert.equal(0, #devres(eth0)); assert.equal(0, #objects())");
	/* the core got -EIO */
	works(s, "assert.logged('probe with driver demo failed with error -5')");
	/* when caught, it is an error like any other */
	works(s, "local ok, why = pcall(bind, eth0, demo); assert(not ok and why:find('broken'))");
	/* the driver can be replaced by one that works */
	works(s, "driver_unregister(demo)\n"
	      "demo = driver{ name = 'demo', probe = function(d) devm_kmalloc(d, 64) end }\n"
	      "assert.equal(0, bind(eth0, demo))\n"
	      "assert.equal(0, unbind(eth0))");
	end(s);
}

static void errors_in_every_kind_of_callback_are_heard(void **state)
{
	static const struct { const char *setup, *call; } row[] = {
		{ "driver{ name = 'uart', remove = function() error('broken') end } dev = "
			"device('uart.0')",
		  "unbind(dev)" },
		{ "dev = device('x') devm_add_action(dev, function() error('broken') end)",
		  "device_unregister(dev)" },
		{ "dev = device('x') devres_add(dev, devres_alloc(function() error('broken') end, "
			"8))",
		  "devres_release_all(dev)" },
		{ "dev = device('x')", "trace(function() error('broken') end)" },
		{ "drv = driver{ name = 'uart', probe = function() error('broken') end }",
		  "device('uart.0')" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct session *s = begin();

		works(s, row[i].setup);
		fails(s, row[i].call, "test.lua:1: broken");
		works(s, "assert.equal(0, #objects()); kfree(kmalloc(8))");
		end(s);
	}
}

static void no_error_is_lost(void **state)
{
	struct session *s = begin();

	works(s, "dev = device('x')\n"
	      "for i = 1, 3 do devm_add_action(dev, function() error('broken ' .. i, 0) end) end");
	fails(s, "device_unregister(dev)", "broken 3\nbroken 2\nbroken 1");
	/* and is not mistaken for an error of a later callback */
	works(s, "dev, n = device('x'), 0\n"
	      "for i = 1, 3 do devm_add_action(dev, function()\n"
	      "  kmalloc(8) n = n + 1 error('broken ' .. i, 0) end) end");
	fails(s, "device_unregister(dev)", "broken 3\nbroken 2\nbroken 1");
	prints(s, "print(n)", "3\n");
	end(s);
}

/* --- handles ------------------------------------------------------------ */

static void handles_die_with_what_they_name(void **state)
{
	struct session *s = begin();

	works(s, "dev, drv, p = device('eth0'), driver('demo'), kmalloc(8)");
	prints(s, "print(dev, drv, dev.name, dev == device_by, p)",
	       "eth0\tdemo\teth0\tfalse\tffff888001000008\n");
	works(s, "boot{ kasan = 'off', slub_debug = '-' } dev, drv = device('eth0'), driver('demo')");
	works(s, "device_unregister(dev) driver_unregister(drv)");
	prints(s, "print(dev, drv, dev.name)", "device (gone)\tdriver (gone)\tnil\n");
	/* calls of Linux treat it as a pointer, devsh's own as a name */
	works(s, "assert(devm_kmalloc(dev, 8))");
	fails(s, "bind(dev, driver('demo'))",
	      "test.lua:1: bind: dev: 'eth0' is gone: its last reference was put");
	fails(s, "bind(device('eth0'), drv)", "test.lua:1: bind: drv: this driver is gone");
	end(s);
}

static void handles_die_at_boot(void **state)
{
	struct session *s = begin();
	struct buf text = BUF_INIT;
	struct value v;

	works(s, "dev, p, n = device('eth0'), kmalloc(8), 5");
	assert_true(script_get(s->script, "p", &v, &text));
	works(s, "boot()");
	assert_false(script_get(s->script, "p", &v, &text));
	assert_true(script_get(s->script, "n", &v, &text));
	/* same name, same address: but different objects */
	works(s, "dev2, p2 = device('eth0'), kmalloc(8)\n"
	      "assert(dev ~= dev2 and p ~= p2 and tostring(p) == tostring(p2))");
	fails(s, "devm_kmalloc(dev, 8)", "test.lua:1: devm_kmalloc: dev: this device is gone");
	fails(s, "kfree(p)", "test.lua:1: this pointer is from an earlier boot of the machine");
	fails(s, "return p[0]", "test.lua:1: this pointer is from an earlier boot of the machine");
	fails(s, "return p + 1", "test.lua:1: this pointer is from an earlier boot of the machine");
	works(s, "kfree(p2)");
	buf_finish(&text);
	end(s);
}

static void no_boot_from_inside_of_a_callback(void **state)
{
	struct session *s = begin();

	works(s,
		"demo = driver{ name = 'demo', probe = function() boot() end } dev = "
			"device('eth0')");
	fails(s, "bind(dev, demo)",
	      "test.lua:1: boot: cannot boot while a driver's callback runs");
	end(s);
}

/* --- memory ------------------------------------------------------------- */

static void memory_is_reached_through_checks(void **state)
{
	struct session *s = begin();

	works(s, "p = kmalloc(16) p:fill(7) p[3] = 9 p:write(8, 'ab\\0c')");
	prints(s, "print(p[0], p[3], p[15], (p:read(8, 4):gsub('%z', '.')), p:size(), p:usable())",
	       "7\t9\t7\tab.c\t16\t16\n");
	prints(s, "print(p + 4 - p, p - 0 == p, p:state(), p:cache(), p:find_not(7))",
	       "4\ttrue\tallocated\tkmalloc-16\t3\t9\n");
	prints(s, "kfree(p) print(p:state(), p:find_not(107, 16))", "free\t15\t165\n");
	works(s, "assert(not pcall(function() return ZERO_SIZE_PTR[0] end))");
	assert_int_equal(report_complaints(s->machine), 1);
	/* that access did not kill a task */
	works(s, "kfree(kmalloc(8))");
	end(s);
}

/* --- Ctrl-C ------------------------------------------------------------- */

static void set_interrupted(void *ctx, const char *text, size_t len)
{
	interrupted = 1;
}

static void no_pcall_and_no_coroutine_survives_an_interrupt(void **state)
{
	static const char *const loop[] = {
		"print() while true do end",
		"print() while true do pcall(function() while true do end end) end",
		"print() coroutine.wrap(function() while true do end end)()",
		"local co = coroutine.create(function() print() while true do pcall(print) end "
			"end)\n"
		"while true do coroutine.resume(co) end",
		"dev = device('x') drv = driver{ name = 'd', probe = function() print() while "
			"true do end end }\n"
		"while true do pcall(bind, dev, drv) end",
	};

	for (size_t i = 0; i < COUNT(loop); i++) {
		struct script_host host = { .print = set_interrupted };
		char why[200];
		struct machine *m = machine_create("", why, sizeof(why));
		struct script *s = script_create(m, &host);
		struct buf text = BUF_INIT;

		assert_int_equal(script_run(s, "test.lua", loop[i], strlen(loop[i]), &text),
				 SCRIPT_INTERRUPTED);
		assert_non_null(strstr(buf_str(&text), "interrupted"));
		interrupted = 0;
		buf_reset(&text);
		assert_int_equal(script_run(s, "test.lua",
			"local n = 0 for i = 1, 1e5 do n = n + i end",
					    43, &text), SCRIPT_OK);
		buf_finish(&text);
		machine_destroy(m);
		script_destroy(s);
	}
}

/* --- scenarios ---------------------------------------------------------- */

static enum outcome_status judge(struct session *s, const char *body, struct outcome *o)
{
	struct buf text = BUF_INIT;
	enum outcome_status status;
	struct scenario about;
	size_t n = 0;

	while (script_scenario(s->script, n, &about))
		n++;
	buf_printf(&text, "describe('a', function() it('b', function() %s end) end)", body);
	works(s, buf_str(&text));
	assert_true(script_scenario(s->script, n, &about));
	assert_string_equal(about.name, "a b");
	assert_string_equal(about.file, "test.lua");
	script_scenario_run(s->script, n, "", o);
	status = o->status;
	buf_finish(&text);
	return status;
}

static void scenarios_are_judged(void **state)
{
	static const struct { const char *body, *message; } row[] = {
		{ "kfree(kmalloc(8))", NULL },
		{ "assert.warns(function() devm_kfree(device('x'), 4096) end, 'devm_kfree')",
		  NULL },
		{ "devm_kfree(device('x'), 4096)",
		  "the kernel complained 1 time, the scenario expected 0" },
		{ "assert.warns(function() devm_kfree(device('x'), 4096) end) devm_kfree('x', "
			"4096)",
		  "the kernel complained 2 times, the scenario expected 1" },
		{ "assert.warns(function() end)", "expected the kernel to complain, it did not" },
		{ "assert.warns(function() devm_kfree(device('x'), 4096) end, 'nonsense')",
		  "expected a log line with \"nonsense\"" },
		{ "devm_kfree(device('x'), 4096) boot()",
		  "boot: the kernel has complained since the last boot" },
		{ "assert.zeroed(kmalloc(8))",
		  "expected byte 0 of ffff888001000008 to be 0x00, got 0x6b" },
		{ "assert.aligned(kmalloc(8) + 1, 8)",
		  "expected ffff888001000009 to be aligned to 8, it is off by 1" },
		{ "assert.no_leak(function() kmalloc(8) end)",
		  "1 object leaked: ffff888001000008 (8 bytes, by devsh)" },
		{ "assert.freed(kmalloc(8))",
		  "expected ffff888001000008 to be freed, it is in use" },
		{ "assert.released_in_order{ 'a' }",
			"expected the release order { \"a\" }, got {  }" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct session *s = begin();
		struct outcome o;

		assert_int_equal(judge(s, row[i].body, &o),
				 row[i].message ? OUTCOME_FAILED : OUTCOME_PASSED);
		assert_string_equal(buf_str(&o.text[OUTCOME_MESSAGE]), row[i].message ? row[i].message : "");
		if (row[i].message) {
			assert_non_null(strstr(buf_str(&o.text[OUTCOME_AT]), "test.lua:1"));
			assert_true(o.text[OUTCOME_LOG].len && o.text[OUTCOME_LISTS].len);
		}
		outcome_finish(&o);
		end(s);
	}
}

static void each_scenario_has_a_fresh_machine(void **state)
{
	struct session *s = begin();
	struct outcome o;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(judge(s, "assert.equal(0, #objects()) device('eth0') kmalloc(8)",
				       &o),
				 OUTCOME_PASSED);
		outcome_finish(&o);
	}
	end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_way_leads_out),
		cmocka_unit_test(bytecode_is_refused),
		cmocka_unit_test(no_text_shows_a_host_address),
		cmocka_unit_test(percent_p_does_not_exist),
		cmocka_unit_test(what_takes_too_much_is_an_error),
		cmocka_unit_test(numbers_are_the_same_everywhere),
		cmocka_unit_test(errors_are_one_line_with_a_place),
		cmocka_unit_test(syntax_errors_say_where),
		cmocka_unit_test(an_error_in_a_callback_unwinds_the_model_first),
		cmocka_unit_test(errors_in_every_kind_of_callback_are_heard),
		cmocka_unit_test(no_error_is_lost),
		cmocka_unit_test(handles_die_with_what_they_name),
		cmocka_unit_test(handles_die_at_boot),
		cmocka_unit_test(no_boot_from_inside_of_a_callback),
		cmocka_unit_test(memory_is_reached_through_checks),
		cmocka_unit_test(no_pcall_and_no_coroutine_survives_an_interrupt),
		cmocka_unit_test(scenarios_are_judged),
		cmocka_unit_test(each_scenario_has_a_fresh_machine),
	};

	return cmocka_run_group_tests_name("lua", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Lua source in the sandbox, interrupted as by Ctrl-C if it runs long; then the scenarios
 * that it described, each on its own machine.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lua/script.h"
#include "machine/machine.h"

#define SCENARIOS_MAX 8

static const char *const seeds[] = {
	"d = device('eth0') p = devm_kmalloc(d, 64) p[0] = 1 print(p, d.name) devm_kfree(d, p)",
	("driver('demo', { probe = function(dev) return devm_kzalloc(dev, 8) and 0 end }) "
	"device('demo.0') device_unregister('demo.0')"),
	"local ok, e = pcall(bind, 'a', 'b') print(ok, e) for _, r in ipairs(devices()) do print(r) end",
	"co = coroutine.wrap(function() coroutine.yield(kmalloc(10)) end) print(co()) collectgarbage()",
	"describe('x', function() it('y', function() assert(1 == 1) end) end)",
	("p = kmalloc(100) p[1] = 255 print(p[1], p + 4, p:size(), p:usable(), p:state(), p:cache(), p:owner()) "
	"p:fill(0x41, 10) print(p:find_not(0x41), p:read(0, 4), p == p + 0) p:write(2, 'ab')"),
	("d = device('a') p = devm_kmalloc(d, 10) print(p:node(), p:owner(), who(p), leaks()) "
	"for _, r in ipairs(who(p)) do print(r.fact, r.text) end print(pcall(function() return p[11] end))"),
	("boot('release=6.1 slub_debug=T numa=fake=2') print(cat('/sys/kernel/slab/kmalloc-64/objects')) "
	"write('/sys/kernel/slab/kmalloc-64/shrink', '1') kmalloc(64) advance('1s')"),
	("describe('x', function() before_each(function() d = device('a') end) it('leaks', function() "
	"kmalloc(8) assert.no_leak(function() end) assert.warns('x', function() end) end) pending('z') end)"),
	("describe('y', function() it('fails', function() devm_kmalloc("
	"device('q'), 8) assert.equal(1, 2) end) it('waits') end)"),
	"print(pcall(faults, function() kfree(kmalloc(8)) end)) print(tostring(device('t')), load('x ='))",
	"setmetatable({}, { __gc = function() kmalloc(8) end }) print(string.format('%q', 'a\\0b'))",
};

size_t fuzz_seed(size_t i, const char **text)
{
	if (i >= COUNT(seeds))
		return 0;
	*text = seeds[i];
	return strlen(seeds[i]);
}

static void print(void *ctx, const char *text, size_t len)
{
	size_t *printed = ctx;

	(void)text;
	*printed += len;
}

static void called(void *ctx)
{
	(void)ctx;
}

static void run_scenarios(struct script *s)
{
	struct scenario about;

	script_no_leaks(s);
	for (size_t i = 0; i < SCENARIOS_MAX && script_scenario(s, i, &about); i++) {
		struct outcome o;

		script_scenario_run(s, i, "mem=32M", &o);
		if (o.status == OUTCOME_FAILED && !o.text[OUTCOME_MESSAGE].len)
			abort();
		outcome_finish(&o);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t printed = 0;
	struct script_host host = { .ctx = &printed, .print = print, .called = called };
	struct buf why = BUF_INIT;
	char text[200];
	struct machine *m = machine_create("mem=32M", text, sizeof(text));
	struct script *s = m ? script_create(m, &host) : NULL;
	enum script_status status;

	if (!s)
		abort();
	fuzz_time_limit(150);
	status = script_run(s, "fuzz", (const char *)data, size, &why);
	fuzz_time_limit_off();
	fuzz_check(m);
	if (status == SCRIPT_OK) {
		fuzz_time_limit(150);
		run_scenarios(s);
		fuzz_time_limit_off();
	}
	if (status == SCRIPT_ERROR && !why.len)
		abort(); /* an error has a message */
	fuzz_check(m);
	buf_finish(&why);
	/* functions held by drivers belong to the script, which belongs to no machine */
	machine_destroy(m);
	script_destroy(s);
	return 0;
}

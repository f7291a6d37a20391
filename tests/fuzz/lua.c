/* SPDX-License-Identifier: MIT */
/* Lua source in the sandbox, stopped as Ctrl-C would when it runs long. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lua/script.h"
#include "machine/machine.h"

static const char *const seeds[] = {
	"d = device('eth0') p = devm_kmalloc(d, 64) p[0] = 1 print(p, d.name) devm_kfree(d, p)",
	("driver('demo', { probe = function(dev) return devm_kzalloc(dev, 8) and 0 end }) "
	"device('demo.0') device_unregister('demo.0')"),
	"local ok, e = pcall(bind, 'a', 'b') print(ok, e) for _, r in ipairs(devices()) do print(r) end",
	"co = coroutine.wrap(function() coroutine.yield(kmalloc(10)) end) print(co()) collectgarbage()",
	"describe('x', function() it('y', function() assert(1 == 1) end) end)",
	"setmetatable({}, { __gc = function() kmalloc(8) end }) print(string.format('%q', 'a\\0b'))",
};

size_t fuzz_seed(size_t i, const char **text)
{
	if (i >= sizeof(seeds) / sizeof(seeds[0]))
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
	fuzz_time_limit(300);
	status = script_run(s, "fuzz", (const char *)data, size, &why);
	fuzz_time_limit_off();
	if (status == SCRIPT_ERROR && !why.len)
		abort(); /* an error says what */
	fuzz_check(m);
	buf_finish(&why);
	/* functions that drivers hold belong to the script, which belongs to no machine */
	machine_destroy(m);
	script_destroy(s);
	return 0;
}

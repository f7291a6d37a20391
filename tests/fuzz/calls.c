/* SPDX-License-Identifier: MIT */
/*
 * Interprets bytes as a sequence of calls from the table, with arguments of the right
 * types: handles that are alive, stale or invalid, pointers that calls returned,
 * callbacks that make calls themselves. The machine is checked after each call. A bit of
 * the first byte selects running everything twice, with the same result.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <devsh/call.h>

#include "call/type.h"
#include "lib/interrupt.h"
#include "machine/machine.h"

#define POINTERS 16
#define CALLS_MAX 400 /* in one input, including those of callbacks */
#define DEPTH_MAX 6
#define SLOTS 256     /* number range of calls */

enum { BOOT_MORE = 64, BOOT_TWICE = 128 };

/* The rest of the input; zeros after its end. */
struct bytes {
	const uint8_t *at;
	size_t left;
};

struct run {
	struct machine *m;
	uint64_t pointer[POINTERS];
	unsigned pointers;
	int calls, depth;
	const struct call *call[SLOTS];
	uint64_t digest;        /* of all results */
	const struct call *now; /* the call whose arguments are being made */
};

struct fuzz_code {
	struct code code;
	struct run *run;
	size_t size;
	uint8_t bytes[];
};

static void make_call(struct run *run, struct bytes *in, uint32_t self);

static uint8_t byte(struct bytes *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

static uint64_t hash(uint64_t h, const void *p, size_t n)
{
	for (const uint8_t *at = p; n--; at++)
		h = (h ^ *at) * 1099511628211u;
	return h;
}

/* --- callbacks ---------------------------------------------------------------- */

static int run_code(struct code *code, const struct value *arg, int args, struct value *ret)
{
	static const int64_t answers[] = { 0, 0, 0, 1, -12, -19, -517, -22 };
	struct fuzz_code *c = (struct fuzz_code *)code;
	struct bytes in = { c->bytes, c->size };
	struct run *run = c->run;
	uint8_t answer = byte(&in);
	uint32_t self = 0;

	for (int i = 0; i < args; i++)
		if (arg[i].type == V_DEVICE)
			self = arg[i].id;
	/* drop() may be called while it runs: do not touch c from here on */
	if (run->depth < DEPTH_MAX) {
		uint8_t copy[64];

		memcpy(copy, in.at, in.left);
		in.at = copy;
		run->depth++;
		while (in.left && run->calls < CALLS_MAX)
			make_call(run, &in, self);
		run->depth--;
	}
	*ret = (struct value){ .type = V_INT, .i = answers[answer % 8] };
	return 0;
}

static void drop_code(struct code *code)
{
	free(code);
}

static struct value make_code(struct run *run, struct bytes *in)
{
	size_t size = byte(in) % 64;
	struct fuzz_code *c;

	if (size > in->left)
		size = in->left;
	c = malloc(sizeof(*c) + size + 1);
	if (!c)
		abort();
	*c = (struct fuzz_code){ { .run = run_code, .drop = drop_code }, run, size };
	memcpy(c->bytes, in->at, size);
	in->at += size;
	in->left -= size;
	return (struct value){ .type = V_CODE, .code = &c->code };
}

/* --- arguments ------------------------------------------------------------------ */

/* Add new words at the end: inputs refer to them by number. */
static const char *const words[64] = {
	"eth0", "eth1", "demo", "pci", "net", "platform", "f0", "f1", "f2", "eth0,eth1", "10ms", "",
	"device_add", "really_probe", "/sys/bus", "/sys/devices/platform/eth0", "%s %d", "%p%x",
	"release=4.19", "kmalloc", "AUTOREMOVE_CONSUMER", "STATELESS", "-ENOMEM", "a/b", "..",
	"all", "1", "0", "/sys/kernel/debug/kmemleak", "scan", "/sys/kernel/slab/kmalloc-64/shrink",
	"/sys/kernel/slab/kmalloc-64/validate", "/sys/kernel/slab/kmalloc-64/failslab", "700s",
	"/sys/kernel/slab/kmalloc-64", "/sys/kernel/debug/slab/kmalloc-64/alloc_traces",
	"/sys/kernel/debug/slab/kmalloc-192/free_traces", "/proc/slabinfo", "/proc/buddyinfo",
	"/sys/kernel/debug/failslab/probability", "/sys/kernel/debug/failslab/times", "100",
	"/proc/self/fail-nth", "kmalloc-64", "/sys/bus/platform/drivers/demo/unbind",
};

static const char *word(uint8_t b)
{
	return words[b % 64] ? words[b % 64] : "";
}

static struct value str(const char *s)
{
	return (struct value){ .type = V_STR, .s = s };
}

/* The name of something that exists, or no argument. */
static struct value known(struct run *run, const struct param *p, const char *name)
{
	struct value v = { 0 };
	char why[256];

	if (call_value(run->m, run->now, p, name, &v, why, sizeof(why)))
		return (struct value){ 0 };
	return v;
}

static uint64_t size_of(uint8_t b)
{
	static const uint64_t sizes[] = {
		0, 1, 8, 64, 100, 192, 1024, 4096, 8192, 65536, 4 << 20, (4 << 20) + 1, 1ull << 31,
		1ull << 32, UINT64_MAX - 40, UINT64_MAX,
	};

	return b < 128 ? b : sizes[b % 16];
}

static uint64_t address(struct run *run, struct bytes *in)
{
	static const int64_t offsets[] = { 0, 0, 0, 0, -40, 8, -24, 4096 };
	uint8_t b = byte(in);

	if (b < 224 && run->pointers)
		return run->pointer[b % (run->pointers < POINTERS ? run->pointers : POINTERS)] +
		       (uint64_t)offsets[b >> 5];
	return b & 1 ? 0 : b & 2 ? 16 : b & 4 ? 0xdeadbeef : run->m->mm.page_offset + run->m->mm.size - 1;
}

static uint32_t handle(struct run *run, struct bytes *in, uint32_t self)
{
	uint8_t b = byte(in);

	return b >= 224 && self ? self : b % (run->m->core.next_id + 1);
}

static struct value argument(struct run *run, const struct param *p, struct bytes *in,
			     uint32_t self)
{
	static const int64_t ints[] = { 0, 1, -1, -12, -517, 255, 256, -4096, INT64_MAX, INT64_MIN };
	static const uint64_t gfps[] = { 0, 0xcc0, 0xdc0, 0xa20, 0x1, 0x4, 0x2cc0, 0x200cc0, UINT64_MAX };
	uint8_t b = byte(in);

	if (p->def && b & 1)
		return (struct value){ 0 };
	b = byte(in);
	if (p->type == P_DEVICE || p->type == P_THING)
		return (struct value){ .type = V_DEVICE, .id = handle(run, in, self) };
	if (p->type == P_DRIVER)
		return (struct value){ .type = V_DRIVER, .id = handle(run, in, self) };
	if (p->type == P_SIZE)
		return (struct value){ .type = V_UINT, .u = size_of(b) };
	if (p->type == P_BOOL)
		return (struct value){ .type = V_BOOL, .b = b & 1 };
	if (p->type == P_INT)
		return (struct value){ .type = V_INT, .i = ints[b % 10] };
	if (p->type == P_NODE)
		return (struct value){ .type = V_INT, .i = b % 4 - 1 };
	if (p->type == P_GFP)
		return (struct value){ .type = V_UINT, .u = gfps[b % 9] };
	if (p->type == P_ADDR || (p->type == P_CSTR && !(b & 1)) || (p->type == P_MATCH && b & 2))
		return (struct value){ .type = V_ADDR, .u = address(run, in) };
	if (p->type == P_CSTR)
		return str(word(b));
	if (p->type == P_CODE || p->type == P_CALLS)
		return make_code(run, in);
	if (p->type->code != NO_CODE)
		return b & 1 ? make_code(run, in) : str(words[6 + b % 3]);
	if (p->type == P_BUS)
		return known(run, p, b & 1 ? "pci" : "platform");
	if (p->type == P_CLASS)
		return known(run, p, "net");
	if (p->type == P_MODULE)
		return known(run, p, "demo");
	if (p->choices)
		return str(p->choices[b % 2 && p->choices[1]]);
	if (!strcmp(p->name, "call"))
		return str(run->call[b]->name);
	return str(word(b));
}

/* --- calls ---------------------------------------------------------------------------- */

static void keep_pointer(struct run *run, const struct result *r)
{
	if (!r->err && r->value.type == V_ADDR && r->value.u)
		run->pointer[run->pointers++ % POINTERS] = r->value.u;
}

static void add_value(struct run *run, const struct value *v)
{
	run->digest = hash(run->digest, &v->type, sizeof(v->type));
	if (v->type == V_STR && v->s)
		run->digest = hash(run->digest, v->s, strlen(v->s));
	else if (v->type == V_INT || v->type == V_UINT || v->type == V_ADDR)
		run->digest = hash(run->digest, &v->u, sizeof(v->u));
	else if (v->type == V_DEVICE || v->type == V_DRIVER)
		run->digest = hash(run->digest, &v->id, sizeof(v->id));
}

static void add_result(struct run *run, const struct result *r)
{
	run->digest = hash(run->digest, &r->err, sizeof(r->err));
	run->digest = hash(run->digest, r->why, strlen(r->why));
	run->digest = hash(run->digest, r->note, strlen(r->note));
	add_value(run, &r->value);
	for (size_t i = 0; i < r->rows * r->columns; i++)
		add_value(run, &r->cell[i]);
}

static void make_call(struct run *run, struct bytes *in, uint32_t self)
{
	const struct call *c = run->call[byte(in)];
	struct value arg[PARAMS_MAX + 1] = { { 0 } };
	struct result r = RESULT_INIT;
	char why[256] = "";
	int n = call_params(c);

	run->calls++;
	run->now = c;
	for (int i = 0; i < n; i++)
		arg[i] = argument(run, &c->param[i], in, self);
	if (call_defaults(run->m, c, arg, why, sizeof(why))) {
		for (int i = 0; i < n; i++)
			if (arg[i].type == V_CODE)
				arg[i].code->drop(arg[i].code);
		return;
	}
	if (call_run(run->m, c, arg, &r) && !*r.why) {
		fprintf(stderr, "%s: error %d without a word\n", c->name, r.err);
		abort();
	}
	keep_pointer(run, &r);
	add_result(run, &r);
	result_finish(&r);
}

/*
 * All calls except the shell's own and boot, which invalidates everything. The number of
 * a call is derived from its name: inputs keep their meaning when calls are added, except
 * for unused numbers, which refer to the next call.
 */
static void find_calls(struct run *run)
{
	const struct call *c;
	int callable = 0;

	for (size_t i = 0; (c = call_at(i)) && callable < SLOTS; i++) {
		unsigned at = (unsigned)(hash(14695981039346656037u, c->name, strlen(c->name)) >> 32);

		if (c->flags & CALL_BOOT || !c->run)
			continue;
		while (run->call[at % SLOTS])
			at++;
		run->call[at % SLOTS] = c;
		callable++;
	}
	for (int turn = 0; turn < 2; turn++)
		for (int i = SLOTS - 1; i >= 0; i--)
			if (!run->call[i])
				run->call[i] = run->call[(i + 1) % SLOTS];
}

static void boot(struct run *run, struct bytes *in)
{
	static const char *const release[] = {
		"6.12", "4.9", "4.19", "5.10", "6.1", "7.2", "6.12 arch=arm64", "6.12 slub_debug=-",
	};
	static const char *const more[] = {
		"", "slub_debug=T", "slub_debug=FZA", "slub_debug=O,kmalloc-*", "kmemleak=on",
		"kasan=off", "kasan_multi_shot=0", "kasan.quarantine=0", "slub_min_order=2",
		"slub_max_order=0", "nr_cpus=64", "slub_min_objects=1", "failslab=1,30,0,-1",
		"fail_page_alloc=1,30,0,-1", "driver_async_probe=*", "deferred_probe_timeout=1",
		"slub_debug=FZ kasan=off", "slub_debug=P,kmalloc-64", "kmemleak=off", "seed=7",
	};
	static const char *const pages[] = {
		"", "release=6.12 arch=arm64 page_size=16k", "release=6.1 arch=arm64 page_size=64k",
		"release=6.12 memoryless_nodes=1", "release=6.1 numa=fake=2 memoryless_nodes=2",
		"release=7.2 arch=arm64 page_size=16k",
		"release=4.9 arch=arm", "release=6.12 arch=arm slub_debug=T",
	};
	char line[256], why[200];
	uint8_t b = byte(in), a = b & BOOT_MORE ? byte(in) : 0;

	snprintf(line, sizeof(line), "mem=%s release=%s%s%s %s %s", b & 8 ? "8M" : "32M",
		 release[b % 8], b & 16 && b % 8 != 1 ? " numa=fake=2" : "",
		 b & 32 ? " devres.log=1" : "", more[a % 32 < 20 ? a % 32 : 0], pages[a >> 5]);
	run->m = machine_create(line, why, sizeof(why));
	/* some combinations are refused, with a reason */
	if (!run->m && a)
		run->m = machine_create("mem=16M", why, sizeof(why));
	if (!run->m) {
		fprintf(stderr, "%s: %s\n", line, why);
		abort();
	}
}

/* A device, then each call in turn with callbacks and arguments from a simple pattern. */
size_t fuzz_seed(size_t i, const char **text)
{
	static char seed[160];

	if (i >= 64)
		return 0;
	for (size_t at = 0; at < sizeof(seed); at++)
		seed[at] = (char)(at % 8 < 2 ? i * 4 + at / 16 : at * (2 * i + 1) + i);
	*text = seed;
	return sizeof(seed);
}

/* Returns a digest of all results. */
static uint64_t run_input(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	struct run *run = calloc(1, sizeof(*run));
	uint64_t digest;

	if (!run)
		abort();
	find_calls(run);
	boot(run, &in);
	fuzz_time_limit(2000);
	while (in.left && run->calls < CALLS_MAX) {
		make_call(run, &in, 0);
		fuzz_check(run->m);
	}
	digest = interrupted ? 0 : run->digest;
	fuzz_time_limit_off();
	machine_destroy(run->m);
	free(run);
	return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t digest = run_input(data, size);

	if (size && *data & BOOT_TWICE && digest) {
		uint64_t again = run_input(data, size);

		if (again && again != digest) {
			fprintf(stderr, "the second time came out differently\n");
			abort();
		}
	}
	return 0;
}

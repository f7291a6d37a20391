/* SPDX-License-Identifier: MIT */
/* Plain memory: kmalloc and its family, and writing to memory. */
#include "call/entry.h"

#include "explain/frees.h"
#include "explain/reports.h"
#include "lib/buf.h"
#include "mm/access.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/kmem_cache.h"
#include "mm/slub_debug.h"
#include "mm/vmalloc.h"

#include <stdio.h>
#include <string.h>

static int run_kmalloc(struct call_ctx *c)
{
	return result_pointer(c, kmalloc(&c->machine->mm, c->arg[0].u, (gfp_t)c->arg[1].u));
}

static int run_kzalloc(struct call_ctx *c)
{
	return result_pointer(c, kmalloc(&c->machine->mm, c->arg[0].u,
					 (gfp_t)c->arg[1].u | __GFP_ZERO));
}

static int run_kmalloc_node(struct call_ctx *c)
{
	return result_pointer(c, kmalloc_node(&c->machine->mm, c->arg[0].u,
					      (gfp_t)c->arg[1].u, (int)c->arg[2].i));
}

static int run_kmalloc_array(struct call_ctx *c)
{
	return result_pointer(c, kmalloc_array(&c->machine->mm, c->arg[0].u, c->arg[1].u,
					       (gfp_t)c->arg[2].u));
}

static int run_kcalloc(struct call_ctx *c)
{
	return result_pointer(c, kmalloc_array(&c->machine->mm, c->arg[0].u, c->arg[1].u,
					       (gfp_t)c->arg[2].u | __GFP_ZERO));
}

static int run_kfree(struct call_ctx *c)
{
	uint32_t before = report_complaints(c->machine);
	struct mm *mm = &c->machine->mm;
	/* CONFIG_SLAB detects double frees by their red zones */
	const char *letters = mm->kernel->profile->slab ? "FZ on x86_64" : "F";
	struct buf text = BUF_INIT;

	note_release(c, 0);
	mm->unnoticed = false;
	kfree(mm, arg_ptr(c, 0));
	if (report_complaints(c->machine) == before && !mm->unnoticed)
		return 0;
	if (is_vmalloc_addr(mm, c->arg[0].u))
		buf_puts(&text, "an address of vmalloc(): vfree() or kvfree() takes it");
	else
		explain_kfree(c->machine, c->arg[0].u, &text);
	if (mm->unnoticed)
		buf_printf(&text, "%sNothing checks that here: the log is silent, as on Linux.\n"
			   "boot slub_debug=%s or kasan=on for a report.", text.len ? "\n" : "", letters);
	note_text(c, &text);
	return 0;
}

static int run_ksize(struct call_ctx *c)
{
	return result_uint(c->result, ksize(&c->machine->mm, arg_ptr(c, 0)));
}

/* Adds a note if a wrong write was not reported. */
static void note_unseen(struct call_ctx *c, uint64_t addr, uint64_t len)
{
	struct buf text = BUF_INIT;
	struct machine_place p;

	if (report_complaints(c->machine) == c->complaints)
		c->result->unseen = explain_unseen(c->machine, addr, len, &p, &text);
	if (c->result->unseen)
		note(c, "%s", buf_str(&text));
	buf_finish(&text);
}

/* Sets the result of memset() and memcpy(): NULL if KASAN prevented them. */
static int touched(struct call_ctx *c, int rc)
{
	note_unseen(c, c->arg[0].u, c->arg[2].u);
	c->result->value = c->arg[0];
	if (rc == -EACCES)
		c->result->value.u = 0;
	return 0;
}

static int run_memset(struct call_ctx *c)
{
	int rc;

	if (c->arg[1].i < -128 || c->arg[1].i > 255)
		return result_error(c->result, -ERANGE, "c: wants a byte, 0 to 255");
	/* an Oops is in the log */
	rc = mm_fill(&c->machine->mm, c->arg[0].u, (uint8_t)c->arg[1].i, c->arg[2].u);
	return touched(c, rc);
}

static int run_slab_validate(struct call_ctx *c)
{
	struct mm *mm = &c->machine->mm;
	const char *name = c->arg[0].s ? c->arg[0].s : "";
	uint64_t bad = 0, unchecked = 0;
	bool found = !*name;

	for (int i = 0; i < CACHES; i++) {
		struct kmem_cache *cache = &mm->caches[i];
		int64_t rc;

		if (!cache->object_size || cache->lost || (*name && strcmp(cache->name, name)))
			continue;
		found = true;
		rc = kmem_cache_validate(mm, cache);
		if (rc < 0)
			unchecked++;
		else
			bad += (uint64_t)rc;
	}
	if (!found)
		return result_error(c->result, -ENOENT, "%.40s: no such cache; 'slabinfo' lists them", name);
	if (unchecked)
		return result_error(c->result, -ENOMEM, "no memory to check %llu cache%s; %llu damaged "
				    "object%s elsewhere", (unsigned long long)unchecked,
				    plural(unchecked), (unsigned long long)bad, plural(bad));
	return result_uint(c->result, bad);
}

static int run_memcpy(struct call_ctx *c)
{
	/* an Oops is in the log */
	return touched(c, mm_copy(&c->machine->mm, c->arg[0].u, c->arg[1].u, c->arg[2].u));
}

#define SUBJECT .subject = "Plain memory"

const struct call memory_calls[] = {
	{
		.name = "kmalloc", SUBJECT,
		.summary = "allocate memory, to be freed with kfree()",
		.param = { { "size", P_SIZE, NULL, false, "bytes" }, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out, ZERO_SIZE_PTR for size 0",
		.detail = "Not zeroed. Powers of two are naturally aligned. More than 8 KiB "
			  "come from the page allocator, at most 4 MiB.",
		.example = "q = kmalloc 100 GFP_ATOMIC\nkfree $q",
		.flags = CALL_POINTER, .run = run_kmalloc,
	},
	{
		.name = "kzalloc", SUBJECT,
		.summary = "kmalloc, zeroed",
		.param = { { "size", P_SIZE, NULL, false, "bytes" }, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "q = kzalloc 64\nx $q\nkfree $q",
		.flags = CALL_POINTER, .run = run_kzalloc,
	},
	{
		.name = "kmalloc_node", SUBJECT,
		.summary = "kmalloc, on a NUMA node",
		.param = {
			{ "size", P_SIZE, NULL, false, "bytes" }, GFP_PARAM,
			{ "node", P_NODE, "-1", false, "NUMA node that is preferred" },
		},
		.returns = "pointer, NULL when memory runs out",
		.detail = "Other nodes help out unless gfp has __GFP_THISNODE.",
		.example = "boot numa=fake=2\nq = kmalloc_node 64 GFP_KERNEL 1\nkfree $q",
		.flags = CALL_POINTER, .run = run_kmalloc_node,
	},
	{
		.name = "kmalloc_array", SUBJECT,
		.summary = "kmalloc of n * size bytes, checked for overflow",
		.param = {
			{ "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "q = kmalloc_array 8 16\nkfree $q",
		.flags = CALL_POINTER, .run = run_kmalloc_array,
	},
	{
		.name = "kcalloc", SUBJECT,
		.summary = "kmalloc_array, zeroed",
		.param = {
			{ "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "q = kcalloc 8 16\nkfree $q",
		.flags = CALL_POINTER, .run = run_kcalloc,
	},
	{
		.name = "kfree", SUBJECT,
		.summary = "free memory from kmalloc and its family",
		.param = { { "p", P_ADDR, NULL, false, "what kmalloc returned; NULL is fine" } },
		.returns = "nothing",
		.detail = "Memory from devm_kmalloc must not come here: the pointer is not the "
			  "start of the object, and the device's list still holds the node.",
		.example = "q = kmalloc 100\nkfree $q",
		.run = run_kfree,
	},
	{
		.name = "ksize", SUBJECT,
		.summary = "usable bytes of an allocation: its whole bucket",
		.param = { { "p", P_ADDR, NULL, false, "what kmalloc returned" } },
		.returns = "bytes; 0 for NULL, for what is not an object, and for what KASAN reports",
		.example = "q = kmalloc 100\nksize $q\nkfree $q",
		.run = run_ksize,
	},
	{
		.name = "memset", SUBJECT,
		.summary = "fill memory with a byte",
		.param = {
			{ "p", P_ADDR, NULL, false, "first byte" },
			{ "c", P_INT, NULL, false, "value, 0 to 255" },
			{ "n", P_SIZE, NULL, false, "bytes" },
		},
		.returns = "p",
		.example = "q = kmalloc 32\nmemset $q 0xff 16\nx $q\nkfree $q",
		.run = run_memset,
	},
	{
		.name = "memcpy", SUBJECT,
		.summary = "copy memory",
		.param = {
			{ "dest", P_ADDR, NULL, false, "where to" },
			{ "src", P_ADDR, NULL, false, "where from" },
			{ "n", P_SIZE, NULL, false, "bytes" },
		},
		.returns = "dest",
		.example = "q = kstrdup hello\nr = kzalloc 16\nmemcpy $r $q 6\nx $r\nkfree $q; kfree $r",
		.run = run_memcpy,
	},
	{
		.name = "slab_validate", SUBJECT,
		.summary = "check red zones, poison and padding of all objects now",
		.param = { { "cache", P_CACHE, "", false, "only this cache: kmalloc-64" } },
		.returns = "number of objects that were damaged, or -ENOMEM",
		.detail = "Otherwise objects are only checked when allocated and freed. What was "
			  "overwritten is reported and restored. As writing 1 to "
			  "/sys/kernel/slab/CACHE/validate.",
		.example = "q = kmalloc 100\nkfree $q\nslab_validate",
		.run = run_slab_validate,
	},
	{ 0 },
};

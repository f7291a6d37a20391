/* SPDX-License-Identifier: MIT */
/* Memory as rows, with header, data and slack in separate rows. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "lib/buf.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slab_debug.h"

enum { BYTES_PER_ROW = 16, DUMP_DEFAULT = 256, DUMP_MAX = 65536 };

struct dump {
	struct call_ctx *c;
	struct machine_place place;
	uint64_t data;      /* offsets are relative to this */
};

/* The part of an object that an address is in, and where that part ends. */
static const char *part_at(const struct dump *d, uint64_t addr, uint64_t *end)
{
	const struct machine_place *p = &d->place;
	const struct mm *mm = &d->c->machine->mm;
	uint64_t header_end = p->start + p->header, data_end = header_end + p->asked;
	int64_t off = (int64_t)(addr - p->start);
	struct cache_part part;
	uint64_t red;

	*end = p->start + p->size;
	if (!p->has_object)
		return !strcmp(p->kind, "free page") ? "free" : "memory";
	if (p->object.cache && (addr < p->start || addr >= *end)) {
		part = cache_part(mm, p->object.cache, off);
		*end = p->start + (uint64_t)part.from + part.len;
		return part.mark;
	}
	if (!p->allocated)
		return "free";
	if (addr < header_end) {
		*end = header_end;
		return "header";
	}
	if (addr < data_end) {
		*end = data_end;
		return "data";
	}
	red = p->start + slub_kmalloc_red(mm, &p->object);
	if (addr >= red)
		return "red";
	*end = red;
	return "slack";
}

/* Where the object, with all that belongs to it, ends. */
static uint64_t place_end(const struct machine_place *p)
{
	const struct kmem_cache *c = p->has_object ? p->object.cache : NULL;

	return c ? p->start - c->left + c->stride : p->start + p->size;
}

/* The word of the header at this offset; NULL: the gap after it. */
static const char *word_name(const struct machine *m, const struct machine_place *p, uint64_t off)
{
	const struct devres_layout *l = &m->core.layout;
	unsigned i = (unsigned)off / l->word, node = l->node / l->word;

	if (p->info.kind >= NODE_GROUP_OPEN && i >= 2 * node)
		return i == 2 * node ? "id" : i == 2 * node + 1 ? "color" : NULL;
	if (p->info.kind >= NODE_GROUP_OPEN)
		i %= node;
	if (i < 3)
		return i == 0 ? "next" : i == 1 ? "prev" : "release";
	if (i == l->name && l->name)
		return "name";
	if (i == l->size && l->size)
		return "size";
	if (i == 3 && l->own_release)
		return "free_node";
	return i == l->own_release && i && p->info.kind == NODE_RES ? "release" : NULL;
}

/* What a word of the header means. */
static void header_text(const struct dump *d, uint64_t addr, const uint8_t *bytes,
			char *out, size_t size)
{
	struct machine *m = d->c->machine;
	unsigned word_size = m->core.layout.word;
	const char *member = word_name(m, &d->place, addr - d->place.start), *name = NULL;
	uint64_t word = 0;
	struct symbol *s;

	memcpy(&word, bytes, word_size);
	if (!member) {
		snprintf(out, size, "(gap)");
		return;
	}
	s = text_lookup(&m->kernel, word);
	if (!strcmp(member, "release") || !strcmp(member, "free_node"))
		name = s ? s->name : NULL;
	if (!strcmp(member, "name"))
		name = rodata_lookup(&m->kernel, word);
	if ((member[1] == 'e' || member[1] == 'r') && d->place.owner &&
	    word == devres_head(d->place.owner))
		snprintf(out, size, "%s list head of %s", member, d->place.owner->name);
	else if (!strcmp(member, "size") || !strcmp(member, "color"))
		snprintf(out, size, "%s %llu", member, (unsigned long long)word);
	else if (name)
		snprintf(out, size, "%s %s", member, name);
	else
		snprintf(out, size, "%s %0*llx", member, addr_digits(m->kernel.arch),
			 (unsigned long long)word);
}

/*
 * The value of a free pointer; and before each track, the function in it: devsh stores
 * tracks elsewhere, so their bytes mean nothing.
 */
static void part_text(const struct dump *d, uint64_t addr, const uint8_t *bytes, char *out,
		      size_t size)
{
	const struct machine_place *p = &d->place;
	int64_t off = (int64_t)(addr - p->start);
	struct cache_part part = cache_part(&d->c->machine->mm, p->object.cache, off);
	uint64_t next = 0;
	const char *by;

	*out = '\0';
	if (!strcmp(part.name, "free pointer")) {
		memcpy(&next, bytes, d->c->machine->core.layout.word);
		if (next)
			snprintf(out, size, "%llx", (unsigned long long)next);
		else
			snprintf(out, size, "NULL");
	} else if (!strcmp(part.name, "last caller") && off == part.from) {
		by = slab_last_user(&d->c->machine->mm, &p->object, &next);
		if (by)
			snprintf(out, size, "%sby %s", p->allocated ? "" : "freed ", by);
	} else if (!p->track || off != part.from) {
		return;
	} else if (!strcmp(part.name, "allocation track") && p->track->alloc_by) {
		snprintf(out, size, "by %s", p->track->alloc_by);
	} else if (!strcmp(part.name, "free track") && p->track->free_by) {
		snprintf(out, size, "freed by %s", p->track->free_by);
	}
}

/* Whether one of the bytes is not what SLUB had stored. */
static bool overwritten(const struct dump *d, uint64_t addr, const uint8_t *bytes, size_t n)
{
	const struct machine_place *p = &d->place;

	for (size_t i = 0; p->has_object && p->object.cache && i < n; i++) {
		int value = slub_value_at(&d->c->machine->mm, &p->object,
					  (int64_t)(addr + i - p->start));

		if (value >= 0 && bytes[i] != value)
			return true;
	}
	return false;
}

static void dump_row(const struct dump *d, const char *part, uint64_t addr,
		     const uint8_t *bytes, size_t n)
{
	struct result *r = d->c->result;
	struct value *row = result_row(r);
	char hex[BYTES_PER_ROW * 3 + 1] = "", text[NAME_MAX_BYTES + 32];

	if (!row)
		return;
	for (size_t i = 0; i < n; i++) {
		snprintf(hex + 3 * i, 4, "%02x ", bytes[i]);
		text[i] = bytes[i] >= ' ' && bytes[i] < 0x7f ? (char)bytes[i] : '.';
	}
	hex[3 * n - 1] = '\0';
	text[n] = '\0';
	if (!strcmp(part, "header") && n == d->c->machine->core.layout.word)
		header_text(d, addr, bytes, text, sizeof(text));
	else if (!strcmp(part, "next") || !strcmp(part, "track") || !strcmp(part, "user"))
		part_text(d, addr, bytes, text, sizeof(text));
	else if (overwritten(d, addr, bytes, n))
		snprintf(text, sizeof(text), "<- overwritten");
	row[BYTES_part] = v_str(r, part);
	row[BYTES_addr] = v_addr(addr);
	row[BYTES_offset] = v_int((int64_t)(addr - d->data));
	row[BYTES_bytes] = v_str(r, hex);
	row[BYTES_text] = v_str(r, text);
}

static void place_row(const struct dump *d, uint64_t addr, uint64_t end, bool ends)
{
	const struct mm *mm = &d->c->machine->mm;
	const struct machine_place *p = &d->place;
	int first = pfn_node(mm, mm_pfn(mm, mm_ptr(mm, addr, 1)));
	int last = pfn_node(mm, mm_pfn(mm, mm_ptr(mm, end - 1, 1)));
	struct result *r = d->c->result;
	struct value *row = result_row(r);
	struct buf text = BUF_INIT;

	if (!row)
		return;
	buf_puts(&text, p->kind);
	if (p->has_object)
		buf_printf(&text, ", %zu bytes of %s", p->size, object_cache_name(&p->object));
	if (p->allocated && p->header)
		buf_printf(&text, ", %s%s", p->owner ? "owned by " : "on no list",
			   p->owner ? p->owner->name : "");
	if (p->track && p->track->alloc_by)
		buf_printf(&text, ", allocated by %s", p->track->alloc_by);
	if (p->has_object && !p->allocated && p->track && p->track->free_by)
		buf_printf(&text, ", freed by %s", p->track->free_by);
	if (mm->nodes > 1)
		buf_printf(&text, ", on node %d", first);
	if (mm_ptr(mm, end - 1, 1) && last != first)
		buf_printf(&text, " up to %0*llx, then on node %d", addr_digits(d->c->machine->kernel.arch),
			   (unsigned long long)mm_addr(mm, pfn_ptr(mm, mm->node[last].start)) - 1, last);
	if (ends)
		buf_puts(&text, "; the memory ends here");
	else if (p->has_object && end < p->start + p->size)
		buf_printf(&text, "; %llu more bytes follow",
			   (unsigned long long)(p->start + p->size - end));
	row[BYTES_part] = v_str(r, "place");
	row[BYTES_addr] = v_addr(p->has_object ? p->start : addr);
	row[BYTES_offset] = v_int((int64_t)((p->has_object ? p->start : addr) - d->data));
	row[BYTES_bytes] = v_str(r, "");
	row[BYTES_text] = v_str(r, buf_str(&text));
	buf_finish(&text);
}

/* Adds rows up to `end`, each for one part only. */
static void dump_rows(struct dump *d, uint64_t addr, uint64_t end)
{
	struct machine *m = d->c->machine;
	size_t word = m->core.layout.word;
	uint8_t bytes[BYTES_PER_ROW];

	while (addr < end && !d->c->result->err) {
		uint64_t part_end;
		size_t n = BYTES_PER_ROW;
		const char *part;

		if (addr >= place_end(&d->place)) {
			bool pages = !d->place.has_object;

			machine_place(m, addr, &d->place);
			if (d->place.has_object || !pages)
				place_row(d, addr, end, false);
		}
		part = part_at(d, addr, &part_end);
		if (!strcmp(part, "header"))
			n = word - (addr - d->place.start) % word;
		else if (!strcmp(part, "next"))
			n = 8;
		if (n > part_end - addr)
			n = part_end - addr;
		if (n > end - addr)
			n = end - addr;
		memcpy(bytes, mm_ptr(&m->mm, addr, n), n);
		dump_row(d, part, addr, bytes, n);
		addr += n;
	}
}

static int run_x(struct call_ctx *c)
{
	struct mm *mm = &c->machine->mm;
	struct dump d = { .c = c };
	uint64_t addr = c->arg[0].u, len = c->arg[1].u;
	bool ends = false;
	int digits = addr_digits(c->machine->kernel.arch);

	RESULT_COLUMNS(c->result, BYTES);
	if (!machine_place(c->machine, addr, &d.place))
		return result_error(c->result, -EFAULT, "no memory at %0*llx; the machine has %0*llx to %0*llx",
				    digits, (unsigned long long)addr, digits,
				    (unsigned long long)mm->page_offset, digits,
				    (unsigned long long)(mm->page_offset + mm->size - 1));
	d.data = d.place.has_object ? d.place.start : addr;
	if (d.place.node && d.place.info.kind < NODE_GROUP_OPEN)
		d.data += d.place.header;
	if (len > DUMP_MAX)
		return result_error(c->result, -ERANGE, "len: at most %d bytes at a time", DUMP_MAX);
	if (!len) {
		if (d.place.has_object && addr - d.place.start < DUMP_DEFAULT)
			addr = d.place.start;
		len = d.place.has_object ? d.place.start + d.place.size - addr : 64;
		if (len > DUMP_DEFAULT)
			len = DUMP_DEFAULT;
	}
	if (!mm_ptr(mm, addr, len)) {
		len = mm_room(mm, addr, len);
		ends = true;
	}
	place_row(&d, addr, addr + len, ends);
	dump_rows(&d, addr, addr + len);
	return c->result->err;
}

#define SUBJECT .subject = "Looking"

const struct call dump_calls[] = {
	{
		.name = "x", SUBJECT,
		.summary = "dump memory; header, data, slack, red zones apart",
		.param = {
			{ "addr", P_ADDR, NULL, false, "any address" },
			{ "len", P_SIZE, "0", false, "bytes; 0: the object there, at most 256" },
		},
		.returns = "a row for each 16 bytes",
		.example = "device eth0\np = devm_kzalloc eth0 64\nx $p",
		.view = "x", .flags = CALL_LOOKS, .run = run_x,
	},
	{ 0 },
};

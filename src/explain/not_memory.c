/* SPDX-License-Identifier: MIT */
/* What addresses are where the machine has no memory. */
#include "explain/not_memory.h"

#include <devsh/errno.h>

#include "base/device.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "lib/array.h"
#include "mm/poison.h"
#include "mm/vmalloc.h"

#define NEAR 65536 /* largest offset of a member from its pointer, bytes */

static bool near(const struct kernel *k, uint64_t addr, uint64_t pattern)
{
	uint64_t mask = k->arch->word == 8 ? UINT64_MAX : UINT32_MAX;

	return ((addr - pattern) & mask) < NEAR || ((pattern - addr) & mask) < NEAR;
}

/* The pointer was read from memory filled with one byte value. */
static enum wrong poison(const struct kernel *k, uint64_t addr, struct buf *out)
{
	static const struct { uint8_t byte; const char *what; enum wrong w; } pattern[] = {
		{ POISON_FREE, "the poison of freed memory", THROUGH_POISON },
		{ POISON_INUSE, "the padding after objects", THROUGH_RED_ZONE },
		{ POISON_END, "the last byte of freed memory", THROUGH_POISON },
		{ RED_INACTIVE, "a free object's red zone", THROUGH_RED_ZONE },
		{ RED_ACTIVE, "a red zone", THROUGH_RED_ZONE },
		{ PAGE_POISON, "the poison of free pages", THROUGH_POISON },
	};

	for (size_t i = 0; i < COUNT(pattern); i++) {
		uint64_t word = pattern[i].byte * 0x0101010101010101ull;

		if (k->arch->word == 4)
			word &= UINT32_MAX;
		if (!near(k, addr, word))
			continue;
		buf_printf(out, "not an address but bytes: %02x is %s", pattern[i].byte,
			   pattern[i].what);
		return pattern[i].w;
	}
	return WRONG_NOTHING;
}

static bool list_poison(const struct kernel *k, uint64_t addr, struct buf *out)
{
	uint64_t delta = k->arch->word == 8 ? 0xdead000000000000ull : 0;

	if (addr != delta + 0x100 && addr != delta + 0x108 && addr != delta + 0x122)
		return false;
	buf_printf(out, "LIST_POISON%d: a link of an entry that was taken off its list",
		   addr == delta + 0x122 ? 2 : 1);
	return true;
}

static bool error_pointer(const struct kernel *k, uint64_t addr, struct buf *out)
{
	uint64_t err = (k->arch->word == 8 ? 0 : 1ull << 32) - addr;
	const char *name = err < 4096 ? errno_name((int)err) : NULL;

	if (!err || err >= 4096)
		return false;
	buf_printf(out, "an error pointer: ");
	if (name)
		buf_printf(out, "-%s", name);
	else
		buf_printf(out, "-%llu", (unsigned long long)err);
	return true;
}

static bool device_head(struct machine *m, uint64_t addr, struct buf *out)
{
	struct device *dev;

	list_each(dev, &m->core.devices, struct device, all) {
		if (addr - dev->devres.addr >= 2u * m->core.layout.word)
			continue;
		buf_printf(out, "the head of %.60s's devres list, in its struct device", dev->name);
		return true;
	}
	return false;
}

static bool symbol(struct kernel *k, uint64_t addr, struct buf *out)
{
	struct symbol *s = text_lookup(k, addr);
	const char *text = rodata_lookup(k, addr);

	if (s)
		buf_printf(out, "the function %.60s", s->name);
	else if (text)
		buf_printf(out, "a kernel constant: \"%.120s\", which is never freed", text);
	return s || text;
}

enum wrong not_memory(struct machine *m, uint64_t addr, struct buf *out)
{
	struct kernel *k = &m->kernel;
	uint64_t end = m->mm.page_offset + m->mm.size;
	enum wrong w;

	if (addr >= 16 && addr < 32) {
		buf_puts(out, "ZERO_SIZE_PTR: what an allocation of 0 bytes gives");
		return THROUGH_ZERO_SIZE;
	}
	if (list_poison(k, addr, out))
		return THROUGH_LIST_POISON;
	if (addr < page_size(&m->mm)) {
		buf_printf(out, addr ? "NULL, or a member of what it points to" : "NULL: no memory is there");
		return THROUGH_NULL;
	}
	if (error_pointer(k, addr, out))
		return THROUGH_ERROR;
	if ((w = poison(k, addr, out)))
		return w;
	if (symbol(k, addr, out) || device_head(m, addr, out))
		return WRONG_NOTHING;
	if (addr < (k->arch->word == 8 ? 1ull << 47 : m->mm.page_offset)) {
		buf_puts(out, "a user-space address");
		return THROUGH_USER;
	}
	if (is_vmalloc_addr(&m->mm, addr))
		buf_puts(out, "in the vmalloc() area, but nothing is there: past the end of an allocation, "
			 "or already freed");
	else if (addr >= end && addr - end < m->mm.size)
		buf_printf(out, "past the end of memory, which is at %0*llx",
			   addr_digits(k->arch), (unsigned long long)end);
	else if (k->arch->word == 8 && addr < 0ull - (1ull << 47) && addr < k->arch->page_offset)
		buf_puts(out, "not an address: its upper bits are neither all 0 nor all 1");
	else
		buf_puts(out, "a kernel address where nothing is");
	return THROUGH_NOTHING;
}

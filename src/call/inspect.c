/* SPDX-License-Identifier: MIT */
/*
 * Looking: lists, memory, log, caches, the function graph. Nothing changes
 * here, so none is a step; the call that is traced may be one.
 */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "lib/buf.h"

static int run_devres(struct call_ctx *c);
static int run_devices(struct call_ctx *c);
static int run_drivers(struct call_ctx *c);
static int run_x(struct call_ctx *c);
static int run_dmesg(struct call_ctx *c);
static int run_slabinfo(struct call_ctx *c);
static int run_objects(struct call_ctx *c);
static int run_trace(struct call_ctx *c);

#define SUBJECT .subject = "Looking"

const struct call inspect_calls[] = {
	{
		.name = "devres", SUBJECT,
		.summary = "show managed resources in the order of their release",
		.param = { { "dev", P_DEVICE, "", false, "only this device" } },
		.returns = "a row for each node",
		.detail = "walk is the number of nodes that Linux looks at to find this one.",
		.example = "device eth0\ndevm_kmalloc eth0 100\ndevm_kzalloc eth0 64\ndevres eth0",
		.view = "devres", .flags = CALL_LOOKS, .run = run_devres,
	},
	{
		.name = "devices", SUBJECT,
		.summary = "show the tree of devices",
		.returns = "a row for each device, parents first",
		.example = "device eth0\ndevice eth1 parent=eth0\ndevices",
		.view = "devices", .flags = CALL_LOOKS, .run = run_devices,
	},
	{
		.name = "drivers", SUBJECT,
		.summary = "show the drivers and what is bound to them",
		.returns = "a row for each bound device, one without device for idle drivers",
		.example = "driver demo probe={ devm_kzalloc $dev 64 }\ndevice demo.0\ndrivers",
		.view = "drivers", .flags = CALL_LOOKS, .run = run_drivers,
	},
	{
		.name = "x", SUBJECT,
		.summary = "dump memory; header, data and slack apart",
		.param = {
			{ "addr", P_ADDR, NULL, false, "any address" },
			{ "len", P_SIZE, "0", false, "bytes; 0: the object there, at most 256" },
		},
		.returns = "a row for each 16 bytes",
		.example = "device eth0\np = devm_kzalloc eth0 64\nx $p",
		.view = "x", .flags = CALL_LOOKS, .run = run_x,
	},
	{
		.name = "dmesg", SUBJECT,
		.summary = "show the kernel log",
		.param = { { "last", P_SIZE, "0", false, "only the last lines; 0: all" } },
		.returns = "a row for each line",
		.example = "device eth0\ndev_info eth0 link is up\ndmesg",
		.view = "dmesg", .flags = CALL_LOOKS, .run = run_dmesg,
	},
	{
		.name = "slabinfo", SUBJECT,
		.summary = "show the caches that hold objects",
		.returns = "a row for each cache, as /proc/slabinfo counts",
		.example = "q = kmalloc 100\nslabinfo",
		.flags = CALL_LOOKS, .run = run_slabinfo,
	},
	{
		.name = "objects", SUBJECT,
		.summary = "show all memory that is in use",
		.returns = "a row for each object, by address",
		.detail = "What is left here after an unbind, and no device owns, has leaked.",
		.example = "q = kmalloc 100\nobjects",
		.flags = CALL_LOOKS, .run = run_objects,
	},
	{
		.name = "trace", SUBJECT,
		.summary = "show the functions that a call goes through",
		.param = { { "calls", P_CALLS, NULL, false, "the call" } },
		.returns = "a row for each function entered or left",
		.example = "device eth0\ntrace devm_kmalloc eth0 64",
		.view = "trace", .flags = CALL_LOOKS, .run = run_trace,
	},
	{ 0 },
};

/* --- devres -------------------------------------------------------------- */

static const char *const devres_columns[] = {
	"device", "driver", "number", "walk", "addr", "size", "header", "slack", "align",
	"cache", "release", "by", "phase", "node", "group", "closed", "bound",
};

static size_t low_bit(size_t n)
{
	return n & -n;
}

static void devres_row(struct call_ctx *c, struct device *dev, uint32_t walk,
		       const struct devres_info *i)
{
	struct machine *m = c->machine;
	struct value *row = result_row(c->result);
	bool marker = i->kind >= NODE_GROUP_OPEN;
	size_t align = object_align(&i->object), header = i->header;
	size_t used = header + i->size;

	if (!row)
		return;
	if (low_bit(header) < align)
		align = low_bit(header);
	*row++ = v_str(c->result, dev->name);
	*row++ = v_str(c->result, dev->driver ? dev->driver->name : NULL);
	*row++ = v_uint(dev->devres.count - walk + 1);
	*row++ = v_uint(walk);
	*row++ = v_addr(marker ? i->addr : mm_addr(&m->mm, i->data));
	*row++ = v_uint(i->size);
	*row++ = v_uint(header);
	*row++ = v_uint(i->object.size > used ? i->object.size - used : 0);
	*row++ = v_uint(align);
	*row++ = v_str(c->result, object_cache_name(&i->object));
	*row++ = v_str(c->result, i->release_name);
	*row++ = v_str(c->result, i->track ? i->track->alloc_by : NULL);
	*row++ = v_str(c->result, i->track ? i->track->alloc_phase : NULL);
	*row++ = v_int(pfn_node(&m->mm, mm_pfn(&m->mm, i->data)));
	*row++ = marker ? v_addr(i->group) : (struct value){ 0 };
	*row++ = marker ? v_bool(i->closed) : (struct value){ 0 };
	*row++ = v_bool(device_is_bound(dev));
}

static void devres_of(struct call_ctx *c, struct device *dev)
{
	struct devres_info info;
	uint64_t at = 0;
	uint32_t walk = 0;

	while (walk < dev->devres.count && devres_walk(dev, &at, &info))
		devres_row(c, dev, ++walk, &info);
}

static int run_devres(struct call_ctx *c)
{
	struct device *dev;

	result_columns(c->result, devres_columns,
		       sizeof(devres_columns) / sizeof(devres_columns[0]));
	if (c->arg[0].type == V_DEVICE) {
		devres_of(c, arg_device(c, 0));
		return c->result->err;
	}
	list_each(dev, &c->machine->core.devices, struct device, all)
		devres_of(c, dev);
	return c->result->err;
}

/* --- trees --------------------------------------------------------------- */

static const char *const device_columns[] = {
	"device", "parent", "depth", "driver", "refs", "node", "resources", "bytes", "seen", "state",
	"bus", "class", "reason",
};

static size_t devres_bytes(const struct device *dev)
{
	struct devres_info info;
	uint64_t at = 0;
	size_t bytes = 0;

	for (uint32_t i = 0; i < dev->devres.count && devres_walk(dev, &at, &info); i++)
		bytes += info.object.size;
	return bytes;
}

static const char *device_state(const struct device *dev)
{
	if (dev->deadlocked)
		return "locked by a dead task";
	if (dev == dev->core->root)
		return "root";
	if (!dev->registered)
		return dev->dead ? "unregistered" : "not added";
	if (!list_empty(&dev->deferred))
		return "deferred";
	return dev->driver ? "bound" : "unbound";
}

static void device_rows(struct call_ctx *c, struct device *dev, unsigned depth)
{
	struct driver_core *core = &c->machine->core;
	struct value *row = result_row(c->result);
	struct device *child;
	uint32_t children = dev->children;

	if (!row)
		return;
	*row++ = v_str(c->result, dev->name);
	*row++ = v_str(c->result, dev->parent ? dev->parent->name : NULL);
	*row++ = v_uint(depth);
	*row++ = v_str(c->result, dev->driver ? dev->driver->name : NULL);
	*row++ = v_int(dev->refcount);
	*row++ = v_int(dev->numa_node);
	*row++ = v_uint(dev->devres.count);
	*row++ = v_uint(devres_bytes(dev));
	*row++ = v_uint(dev->devres_seen);
	*row++ = v_str(c->result, device_state(dev));
	*row++ = v_str(c->result, dev->bus ? dev->bus->name : NULL);
	*row++ = v_str(c->result, dev->more && dev->more->class ? dev->more->class->name : NULL);
	*row++ = v_str(c->result, *device_deferred_reason(dev) ? device_deferred_reason(dev) : NULL);
	if (depth > 200)
		return;
	/* children are made after their parent: only what follows can be one */
	for (struct list *l = dev->all.next; children && l != &core->devices; l = l->next) {
		child = list_entry(l, struct device, all);
		if (child->parent != dev)
			continue;
		children--;
		device_rows(c, child, depth + 1);
	}
}

static int run_devices(struct call_ctx *c)
{
	struct device *dev;

	result_columns(c->result, device_columns,
		       sizeof(device_columns) / sizeof(device_columns[0]));
	list_each(dev, &c->machine->core.devices, struct device, all)
		if (!dev->parent)
			device_rows(c, dev, 0);
	return c->result->err;
}

static const char *const driver_columns[] = {
	"driver", "bus", "device", "resources", "probe", "remove", "id_table",
};

static const char *join_names(struct result *r, char *const *names)
{
	char text[256] = "";
	size_t len = 0;

	for (; names && *names && len < sizeof(text); names++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len ? "," : "", *names);
	return result_string(r, text);
}

static void driver_row(struct call_ctx *c, struct device_driver *drv, struct device *dev)
{
	struct value *row = result_row(c->result);

	if (!row)
		return;
	*row++ = v_str(c->result, drv->name);
	*row++ = v_str(c->result, drv->bus->name);
	*row++ = v_str(c->result, dev ? dev->name : NULL);
	*row++ = v_uint(dev ? dev->devres.count : 0);
	*row++ = v_bool(drv->probe);
	*row++ = v_bool(drv->remove);
	*row++ = (struct value){ .type = V_STR, .s = join_names(c->result, drv->id_table) };
}

static int run_drivers(struct call_ctx *c)
{
	struct driver_core *core = &c->machine->core;
	struct bus_type *bus;
	struct device_driver *drv;
	struct device *dev;

	result_columns(c->result, driver_columns,
		       sizeof(driver_columns) / sizeof(driver_columns[0]));
	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		list_each(drv, &bus->drivers, struct device_driver, on_bus) {
			if (list_empty(&drv->devices))
				driver_row(c, drv, NULL);
			list_each(dev, &drv->devices, struct device, bound)
				driver_row(c, drv, dev);
		}
	return c->result->err;
}

/* --- memory -------------------------------------------------------------- */

static const char *const x_columns[] = {
	"part", "addr", "offset", "bytes", "text",
};

enum { BYTES_PER_ROW = 16, DUMP_DEFAULT = 256, DUMP_MAX = 65536 };

struct dump {
	struct call_ctx *c;
	struct machine_place place;
	uint64_t data;      /* offsets count from here */
};

/* Which part of an object an address is in, and how far that part goes. */
static const char *part_at(const struct dump *d, uint64_t addr, uint64_t *end)
{
	const struct machine_place *p = &d->place;
	uint64_t header_end = p->start + p->header, data_end = header_end + p->asked;

	*end = p->start + p->size;
	if (p->has_object && addr < p->start) {
		*end = p->start;
		return "zone";
	}
	/* the rest of what the allocator keeps for the object, up to the next one's */
	if (p->has_object && p->object.cache && addr >= *end &&
	    addr < p->start - p->object.cache->left + p->object.cache->stride) {
		*end = p->start - p->object.cache->left + p->object.cache->stride;
		return "zone";
	}
	if (!p->has_object || addr >= *end) {
		*end = UINT64_MAX;
		return "memory";
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
	return "slack";
}

/* Which word of the header an offset is; NULL: the gap behind it. */
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
	*row++ = v_str(r, part);
	*row++ = v_addr(addr);
	*row++ = v_int((int64_t)(addr - d->data));
	*row++ = v_str(r, hex);
	*row++ = v_str(r, text);
}

static void place_row(const struct dump *d, uint64_t addr, uint64_t end)
{
	const struct machine_place *p = &d->place;
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
	if (p->has_object && end < p->start + p->size)
		buf_printf(&text, "; %llu bytes more behind these",
			   (unsigned long long)(p->start + p->size - end));
	*row++ = v_str(r, "place");
	*row++ = v_addr(p->has_object ? p->start : addr);
	*row++ = v_int((int64_t)((p->has_object ? p->start : addr) - d->data));
	*row++ = v_str(r, "");
	*row++ = v_str(r, buf_str(&text));
	buf_finish(&text);
}

static int run_x(struct call_ctx *c)
{
	struct mm *mm = &c->machine->mm;
	struct dump d = { .c = c };
	uint64_t addr = c->arg[0].u, len = c->arg[1].u, end;
	uint8_t bytes[BYTES_PER_ROW];
	int digits = addr_digits(c->machine->kernel.arch);

	result_columns(c->result, x_columns, sizeof(x_columns) / sizeof(x_columns[0]));
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
	if (!mm_ptr(mm, addr, len))
		len = mm->page_offset + mm->size - addr;
	place_row(&d, addr, addr + len);
	for (end = addr + len; addr < end && !c->result->err;) {
		uint64_t part_end;
		const char *part = part_at(&d, addr, &part_end);
		size_t word = c->machine->core.layout.word;
		size_t n = !strcmp(part, "header") ? word - (addr - d.place.start) % word
						   : BYTES_PER_ROW;

		if (n > part_end - addr)
			n = part_end - addr;
		if (n > end - addr)
			n = end - addr;
		memcpy(bytes, mm_ptr(mm, addr, n), n);
		dump_row(&d, part, addr, bytes, n);
		addr += n;
	}
	return c->result->err;
}

static const char *const slabinfo_columns[] = {
	"name", "active_objs", "num_objs", "objsize", "objperslab", "pagesperslab", "slabs",
};

static int run_slabinfo(struct call_ctx *c)
{
	struct mm *mm = &c->machine->mm;
	struct value *row;

	result_columns(c->result, slabinfo_columns,
		       sizeof(slabinfo_columns) / sizeof(slabinfo_columns[0]));
	for (int i = 0; i < CACHE_TYPES * CLASSES; i++) {
		struct kmem_cache *cache = &mm->caches[i];
		struct machine_cache held;

		machine_cache(c->machine, cache, -1, &held);
		row = held.slabs ? result_row(c->result) : NULL;
		if (!row)
			continue;
		*row++ = v_str(c->result, cache->name);
		*row++ = v_uint(held.inuse);
		*row++ = v_uint(held.objects);
		*row++ = v_uint(cache->stride);
		*row++ = v_uint(cache->objects);
		*row++ = v_uint(1u << cache->order);
		*row++ = v_uint(held.slabs);
	}
	return c->result->err;
}

static const char *const object_columns[] = {
	"addr", "size", "cache", "node", "owner", "by", "phase", "step",
};

static const char *owner_name(const struct machine *m, uint32_t tag)
{
	struct device *dev = devres_owner(&m->core, tag);

	return dev ? dev->name : tag == TAG_KMALLOC ? NULL : tag == TAG_PAGES ? "(pages)" :
	       tag == TAG_PERCPU ? "(percpu)" : "(no list)";
}

static int run_objects(struct call_ctx *c)
{
	struct machine *m = c->machine;
	struct machine_object o;
	uint64_t at = 0;
	struct value *row;

	result_columns(c->result, object_columns,
		       sizeof(object_columns) / sizeof(object_columns[0]));
	while (machine_objects(m, &at, &o)) {
		struct machine_place place;

		machine_place(m, o.addr, &place);
		row = result_row(c->result);
		if (!row)
			break;
		*row++ = v_addr(o.addr + place.header);
		*row++ = v_uint(place.asked);
		*row++ = v_str(c->result, object_cache_name(&o.object));
		*row++ = v_int(pfn_node(&m->mm, o.object.page->head));
		*row++ = v_str(c->result, owner_name(m, o.tag));
		*row++ = v_str(c->result, o.track ? o.track->alloc_by : NULL);
		*row++ = v_str(c->result, o.track ? o.track->alloc_phase : NULL);
		*row++ = o.track ? v_uint(o.track->alloc_step) : (struct value){ 0 };
	}
	return c->result->err;
}

/* --- log ----------------------------------------------------------------- */

static const char *const dmesg_columns[] = { "seq", "time", "level", "text" };

static int run_dmesg(struct call_ctx *c)
{
	uint64_t next = report_next(c->machine), last = c->arg[0].u;
	struct report_line line = { .seq = last && last < next ? next - last : 0 };
	struct value *row;

	result_columns(c->result, dmesg_columns, 4);
	for (uint64_t seq = line.seq; report_line(c->machine, seq, &line); seq = line.seq + 1) {
		row = result_row(c->result);
		if (!row)
			break;
		*row++ = v_uint(line.seq);
		*row++ = v_uint(line.now);
		*row++ = v_int(line.level);
		*row++ = v_str(c->result, line.text);
	}
	return c->result->err;
}

/* --- function graph -------------------------------------------------------- */

static const char *const trace_columns[] = {
	"event", "depth", "function", "ns", "name", "addr", "size", "asked", "returned",
};

enum { TRACE_ROWS_MAX = 100000 };

struct tracer {
	struct watcher watcher;
	struct result *r;
	int base;
};

static void see_event(struct watcher *w, const struct event *e)
{
	static const char *const word[] = {
		[EV_ENTER] = "enter", [EV_EXIT] = "exit", [EV_ALLOC] = "alloc",
		[EV_FREE] = "free", [EV_NOMEM] = "nomem", [EV_DEVRES] = "devres",
	};
	struct tracer *t = (struct tracer *)w;
	struct value *row = t->r->rows < TRACE_ROWS_MAX ? result_row(t->r) : NULL;

	if (!row)
		return;
	*row++ = v_str(t->r, word[e->type]);
	*row++ = v_int(e->depth - t->base);
	*row++ = v_str(t->r, e->what);
	*row++ = e->type == EV_EXIT ? v_int(e->value) : (struct value){ 0 };
	*row++ = v_str(t->r, e->name);
	*row++ = e->addr ? v_addr(e->addr) : (struct value){ 0 };
	*row++ = e->size ? v_uint(e->size) : (struct value){ 0 };
	*row++ = e->type == EV_ALLOC ? v_int(e->value) : (struct value){ 0 };
	*row++ = e->returned ? v_int(*e->returned) : (struct value){ 0 };
}

static int run_trace(struct call_ctx *c)
{
	struct tracer t = {
		.watcher = {
			.mask = EV_BIT(EV_ENTER) | EV_BIT(EV_EXIT) | EV_BIT(EV_ALLOC) |
				EV_BIT(EV_FREE) | EV_BIT(EV_NOMEM) | EV_BIT(EV_DEVRES),
			.see = see_event,
		},
		.r = c->result, .base = ctx_kernel(c)->depth,
	};
	struct code *code = c->arg[0].code;
	struct value ret = { 0 };
	int rc;

	result_columns(c->result, trace_columns, sizeof(trace_columns) / sizeof(trace_columns[0]));
	kernel_watch(ctx_kernel(c), &t.watcher);
	rc = code->run(code, NULL, 0, &ret);
	kernel_unwatch(ctx_kernel(c), &t.watcher);
	if (rc && !c->result->err)
		result_error(c->result, rc, "the traced call failed");
	if (ret.type != V_STR)
		c->result->value = ret;
	return c->result->err;
}

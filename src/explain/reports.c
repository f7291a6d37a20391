/* SPDX-License-Identifier: MIT */
/*
 * What KASAN and SLUB cannot say: whose memory it was, who freed it in which step, and
 * what would have been right. One paragraph of plain text.
 */
#include "explain/reports.h"

#include <string.h>

#include "base/device.h"
#include "base/owner.h"
#include "explain/not_memory.h"
#include "explain/owner_words.h"
#include "lib/buf.h"
#include "mm/object.h"
#include "mm/track.h"

const char *who_wrote(const struct machine *m)
{
	return m->mm.kasan.shadow ? "KASAN's report of that write says who it was."
				  : "kasan=on shows who wrote.";
}

/* The pointer may have been meant for the previous owner's memory. */
static void explain_earlier(struct machine *m, const struct machine_place *p, struct buf *out)
{
	const struct life *life = p->track ? life_at(&m->mm, p->track->life) : NULL;
	const struct owner *owner = life ? owner_of(&m->core, life->owner) : NULL;

	if (owner && owner != p->by)
		buf_printf(out, ".\nUntil step %u it was %.60s's: the pointer may be from then",
			   life->free_step, owner->device);
}

void explain_freed(struct machine *m, const struct machine_place *p, enum wrong w, struct buf *out)
{
	if (!p->track || !p->track->free_by) {
		buf_printf(out, "a free object of %s; slub_debug=U would know who freed it",
			   object_cache_name(&p->object));
	} else {
		owner_words(m, p, out);
		buf_printf(out, ", gone since step %u.\n", p->track->free_step);
		free_words(m, p, " freed it", out);
	}
	explain_earlier(m, p, out);
	if (w == USED_WITHOUT_REMOVE)
		buf_printf(out, ".\n%.60s%s", freed_for(p)->driver, usual_repair(w));
	else
		end_with_repair(out, w);
}

static void bytes_off(struct buf *out, uint64_t n, const char *where)
{
	buf_printf(out, "%llu byte%s %s ", (unsigned long long)n, plural(n), where);
}

static void explain_bounds(struct machine *m, const struct kasan_report *r,
			   const struct machine_place *p, struct buf *out)
{
	uint64_t end = p->start + p->header + p->asked;
	bool front = r->bad < p->start;

	if (front)
		bytes_off(out, p->start - r->bad, "before");
	else if (r->bad > end)
		bytes_off(out, r->bad - end, "after");
	else
		buf_puts(out, "right after ");
	owner_words(m, p, out);
	end_with_repair(out, front ? UNDERRUN : OVERRUN);
}

static bool released_by_list(enum wrong used)
{
	return used == USED_AFTER_REMOVE || used == USED_WITHOUT_REMOVE ||
	       used == USED_AFTER_DEVICE || used == USED_AFTER_FAILED_PROBE ||
	       used == USED_AFTER_GROUP;
}

void explain_second_free(struct machine *m, uint64_t addr, const struct machine_place *p,
			 struct buf *out)
{
	unsigned header = p->number ? m->core.header : 0;
	enum wrong used = used_after(m, p), w = INTERIOR;

	if (addr == p->start || addr == p->start + header)
		w = released_by_list(used) ? FREED_BY_THE_LIST : FREED_TWICE;
	else if (addr < p->start)
		bytes_off(out, p->start - addr, "before");
	else
		bytes_off(out, addr - p->start, "into");
	explain_freed(m, p, w, out);
}

/* Once per boot: why the log has no report. */
static void explain_withheld(struct machine *m, struct buf *out)
{
	if (!m->mm.kasan.withheld || m->explained.withheld)
		return;
	m->explained.withheld = true;
	buf_puts(out, "\n  KASAN prints only the first report of a boot "
		 "(kasan_multi_shot=on: all).");
}

static void explain_access(struct machine *m, struct buf *out)
{
	const struct kasan_report *r = &m->mm.kasan.last;
	struct machine_place p;

	if (!machine_place(m, r->addr, &p)) {
		end_with_repair(out, not_memory(m, r->addr, out));
	} else if (!p.has_object) {
		buf_puts(out, "free pages: this memory has no owner any more");
		end_with_repair(out, FREE_PAGES);
	} else if (!p.allocated && r->free) {
		explain_second_free(m, r->addr, &p, out);
	} else if (!p.allocated) {
		explain_freed(m, &p, used_after(m, &p), out);
	} else if (r->free) {
		bytes_off(out, r->addr - p.start, "into");
		owner_words(m, &p, out);
		end_with_repair(out, INTERIOR);
	} else {
		explain_bounds(m, r, &p, out);
	}
	explain_withheld(m, out);
}

/* "Right Redzone": what was overwritten shows what went wrong. */
static enum wrong damage_of(const char *what)
{
	if (strstr(what, "oison"))
		return DAMAGED_FREE;
	return !strncmp(what, "Left", 4) ? DAMAGED_FRONT : DAMAGED_END;
}

static void explain_damage(struct machine *m, struct buf *out)
{
	const struct slub_report *d = &m->mm.damage;
	enum wrong w = damage_of(d->what);
	struct machine_place p;

	if (!machine_place(m, d->start, &p) || !p.has_object)
		return;
	buf_printf(out, "something wrote %s ", w == DAMAGED_FREE ? "to" : w == DAMAGED_FRONT
		   ? "before" : "after");
	if (!p.allocated && d->then != DAMAGED_FREED) {
		explain_freed(m, &p, w, out);
	} else if (d->then == DAMAGED_HANDED_OUT) {
		buf_printf(out, "an object of %s while it was free", object_cache_name(&p.object));
		explain_earlier(m, &p, out);
		end_with_repair(out, w);
	} else {
		owner_words(m, &p, out);
		end_with_repair(out, w);
	}
	buf_printf(out, "\n%s", who_wrote(m));
}

/*
 * The device whose devres_lock is held because a callback is running under it; NULL:
 * none.
 */
static const struct device *locked_device(const struct machine *m)
{
	const struct device *dev;

	list_each(dev, &m->core.devices, struct device, all)
		if (dev->devres_locked)
			return dev;
	return NULL;
}

static void explain_sleep(struct machine *m, struct buf *out)
{
	static const char *const what[] = {
		[SLEEP_FOR_MEMORY] = "GFP_KERNEL", [SLEEP_FOR_OWN_MEMORY] = "its own GFP_KERNEL",
		[SLEEP_FOR_MUTEX] = "device_lock()", [SLEEP_FOR_WORK] = "flush_work()",
	};
	const struct sleeps *s = &m->kernel.slept;
	const struct device *dev = locked_device(m);
	bool memory = s->what == SLEEP_FOR_MEMORY;

	buf_printf(out, "%s may sleep, and ", what[s->what]);
	if (dev)
		buf_printf(out, "the devres_lock of %.60s is held", dev->name);
	else
		buf_printf(out, "%s%s%s", s->atomic ? "a spinlock is held" : "",
			   s->atomic && s->irqs_off ? " with " : "",
			   !s->irqs_off ? "" : s->atomic ? "interrupts off" :
			   "interrupts are off");
	end_with_repair(out, s->atomic ? memory ? SLEPT_IN_LOCK : WAITED_IN_LOCK
				: memory ? SLEPT_WITH_IRQS_OFF : WAITED_WITH_IRQS_OFF);
}

static void all_explained(struct machine *m)
{
	for (int i = 0; i < REPORT_KINDS; i++)
		m->explained.kind[i] = reports_of(m, (enum report_kind)i);
}

struct explain_mark explain_begin(struct machine *m)
{
	struct explain_mark mark = { .outer = m->explained, .boot = m->boot_number };

	all_explained(m);
	mark.begun = m->explained;
	return mark;
}

void explain_end(struct machine *m, const struct explain_mark *mark)
{
	struct explained *now = &m->explained;

	m->kernel.slept.silent = false;
	m->core.endless = 0;
	m->core.undone.by = NULL;
	all_explained(m);
	if (m->boot_number != mark->boot)
		return;
	for (int i = 0; i < REPORT_KINDS; i++)
		if (now->kind[i] == mark->begun.kind[i])
			now->kind[i] = mark->outer.kind[i];
}

bool explain_report(struct machine *m, struct buf *out)
{
#define REPORT_ROW(kind, words, kills, explain) [REPORT_##kind] = explain,
	static void (*const explain[])(struct machine *m, struct buf *out) = { REPORT_ROWS(REPORT_ROW) };
#undef REPORT_ROW
	size_t len = out->len;
	int i = REPORT_KINDS;

	while (i-- > 0)
		if (explain[i] && report_is_new(m, (enum report_kind)i))
			break;
	if (i < 0)
		return false;
	explain[i](m, out);
	all_explained(m);
	return out->len > len;
}

bool explain_silence(struct machine *m, struct buf *out)
{
	uint32_t report = m->kernel.reports[REPORT_SLEEP];

	if (!m->kernel.slept.silent || m->explained.silence == report)
		return false;
	m->explained.silence = report;
	buf_puts(out, "this sleeps too: as in Linux, one report a second.\n"
		 "'advance 1s' allows the next one.");
	return true;
}

/* Whether KASAN does not check a node's slack. */
static bool hides_slack(const struct machine *m)
{
	return m->core.whole_bucket || m->mm.kasan.opens_all;
}

bool explain_unseen(struct machine *m, uint64_t addr, uint64_t len, struct machine_place *p,
		    struct buf *out)
{
	uint64_t data, end;

	if (!m->mm.kasan.shadow || !len || !machine_place(m, addr, p) || !p->allocated || !p->node)
		return false;
	data = p->start + p->header;
	end = data + p->asked;
	if (addr < data)
		buf_puts(out, "this is the node's header, not its data: no checker sees that");
	else if (addr + len > end && addr + len <= p->start + p->size && hides_slack(m))
		buf_printf(out, "byte %llu of %zu is slack of the bucket: %s does not see it, 6.1 does",
			   (unsigned long long)((addr > end ? addr : end) - data), p->asked,
			   m->kernel.profile->release);
	else
		return false;
	return true;
}

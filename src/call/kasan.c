/* SPDX-License-Identifier: MIT */
/*
 * What KASAN and SLUB cannot say: whose memory it was about, who freed it in
 * which step, and what would have been right. One plain paragraph.
 */
#include "call/whose.h"

#include <stdio.h>
#include <string.h>

/* The repair is the last line. */
static void end_with(struct buf *out, enum wrong w)
{
	buf_printf(out, ".%s%s", *usual_repair(w) ? "\n" : "", usual_repair(w));
}

/* Whoever uses it may have meant what lived here before: nobody can tell. */
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
		whose_memory(m, p, out);
		buf_printf(out, ", gone since step %u.\n", p->track->free_step);
		whose_free(m, p, " freed it", out);
	}
	explain_earlier(m, p, out);
	if (w == USED_WITHOUT_REMOVE)
		buf_printf(out, ".\n%.60s%s", freed_for(p)->driver, usual_repair(w));
	else
		end_with(out, w);
}

static void bytes_off(struct buf *out, uint64_t n, const char *where)
{
	buf_printf(out, "%llu byte%s %s ", (unsigned long long)n, n == 1 ? "" : "s", where);
}

static void explain_bounds(struct machine *m, const struct kasan_report *r,
			   const struct machine_place *p, struct buf *out)
{
	uint64_t end = p->start + p->header + p->asked;
	bool front = r->bad < p->start;

	if (front)
		bytes_off(out, p->start - r->bad, "in front of");
	else if (r->bad > end)
		bytes_off(out, r->bad - end, "behind");
	else
		buf_puts(out, "right behind ");
	whose_memory(m, p, out);
	end_with(out, front ? UNDERRUN : OVERRUN);
}

void explain_second_free(struct machine *m, uint64_t addr, const struct machine_place *p,
			 struct buf *out)
{
	unsigned header = p->number ? m->core.header : 0;
	enum wrong used = used_after(m, p), w = INTERIOR;

	if (addr == p->start || addr == p->start + header)
		w = used == USED_AFTER_REMOVE || used == USED_WITHOUT_REMOVE ||
		    used == USED_AFTER_DEVICE ||
		    used == USED_AFTER_FAILED_PROBE || used == USED_AFTER_GROUP
			    ? FREED_BY_THE_LIST : FREED_TWICE;
	else if (addr < p->start)
		bytes_off(out, p->start - addr, "in front of");
	else
		bytes_off(out, addr - p->start, "into");
	explain_freed(m, p, w, out);
}

static void explain_access(struct machine *m, const struct kasan_report *r, struct buf *out)
{
	struct machine_place p;

	if (!machine_place(m, r->addr, &p)) {
		end_with(out, what_else(m, r->addr, out));
	} else if (!p.has_object) {
		buf_puts(out, "free pages: nobody owns this memory any more");
		end_with(out, FREE_PAGES);
	} else if (!p.allocated && r->free) {
		explain_second_free(m, r->addr, &p, out);
	} else if (!p.allocated) {
		explain_freed(m, &p, used_after(m, &p), out);
	} else if (r->free) {
		bytes_off(out, r->addr - p.start, "into");
		whose_memory(m, &p, out);
		end_with(out, INTERIOR);
	} else {
		explain_bounds(m, r, &p, out);
	}
}

/* "Right Redzone": what was written over says what went wrong. */
static enum wrong damage_of(const char *what)
{
	if (strstr(what, "oison"))
		return DAMAGED_FREE;
	return !strncmp(what, "Left", 4) ? DAMAGED_FRONT : DAMAGED_END;
}

static void explain_damage(struct machine *m, const struct slub_report *d, struct buf *out)
{
	enum wrong w = damage_of(d->what);
	struct machine_place p;

	if (!machine_place(m, d->start, &p) || !p.has_object)
		return;
	buf_printf(out, "somebody wrote %s ", w == DAMAGED_FREE ? "to" : w == DAMAGED_FRONT
		   ? "in front of" : "behind");
	if (!p.allocated && d->then != DAMAGED_FREED) {
		explain_freed(m, &p, w, out);
	} else if (d->then == DAMAGED_HANDED_OUT) {
		buf_printf(out, "an object of %s while it was free", object_cache_name(&p.object));
		explain_earlier(m, &p, out);
		end_with(out, w);
	} else {
		whose_memory(m, &p, out);
		end_with(out, w);
	}
	buf_printf(out, "\n%s", who_wrote(m));
}

/* The device whose devres_lock is held: a callback runs under it. NULL: none. */
static const struct device *locked_device(const struct machine *m)
{
	const struct device *dev;

	list_each(dev, &m->core.devices, struct device, all)
		if (dev->devres_locked)
			return dev;
	return NULL;
}

static void explain_sleep(struct machine *m, const struct sleeps *s, struct buf *out)
{
	static const char *const what[] = {
		[SLEEP_FOR_MEMORY] = "GFP_KERNEL", [SLEEP_FOR_OWN_MEMORY] = "its own GFP_KERNEL",
		[SLEEP_FOR_MUTEX] = "device_lock()", [SLEEP_FOR_WORK] = "flush_work()",
	};
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
	end_with(out, s->atomic ? memory ? SLEPT_IN_LOCK : WAITED_IN_LOCK
				: memory ? SLEPT_WITH_IRQS_OFF : WAITED_WITH_IRQS_OFF);
}

void reports_told(struct machine *m)
{
	m->mm.kasan.told = m->mm.kasan.reports;
	m->mm.damage.told = m->mm.damage.reports;
	m->kernel.slept.told = m->kernel.reports[REPORT_SLEEP];
}

bool explain_report(struct machine *m, char *out, size_t size)
{
	struct kasan *kasan = &m->mm.kasan;
	struct slub_report *damage = &m->mm.damage;
	struct sleeps *slept = &m->kernel.slept;
	struct buf text = BUF_INIT;

	if (kasan->reports != kasan->told)
		explain_access(m, &kasan->last, &text);
	else if (damage->reports != damage->told)
		explain_damage(m, damage, &text);
	else if (m->kernel.reports[REPORT_SLEEP] != slept->told)
		explain_sleep(m, slept, &text);
	else
		return false;
	reports_told(m);
	snprintf(out, size, "%s", buf_str(&text));
	buf_finish(&text);
	return *out;
}

void explain_silence(struct call_ctx *c)
{
	struct sleeps *s = &ctx_kernel(c)->slept;

	bool silent = s->silent;

	s->silent = false;
	if (!silent || s->silence_told || *c->result->note)
		return;
	s->silence_told = true;
	snprintf(c->result->note, sizeof(c->result->note),
		 "sleeps here too: not reported again, one a second as in Linux.\n"
		 "advance 1s for the next report.");
}

/* A node's slack is accessible for KASAN. */
static bool hides_slack(const struct machine *m)
{
	return m->core.whole_bucket || m->mm.kasan.opens_all;
}

bool explain_unseen(struct machine *m, uint64_t addr, uint64_t len, struct machine_place *p,
		    char *out, size_t size)
{
	uint64_t data, end;

	if (!m->mm.kasan.shadow || !len || !machine_place(m, addr, p) || !p->allocated || !p->node)
		return false;
	data = p->start + p->header;
	end = data + p->asked;
	if (addr < data)
		snprintf(out, size, "this is the node's header, not its data: no checker sees that");
	else if (addr + len > end && addr + len <= p->start + p->size && hides_slack(m))
		snprintf(out, size,
			 "byte %llu of %zu is slack of the bucket: %s does not see it, 6.1 does",
			 (unsigned long long)((addr > end ? addr : end) - data), p->asked,
			 m->kernel.profile->release);
	else
		return false;
	return true;
}

void explain_slack(struct call_ctx *c, uint64_t addr, uint64_t len)
{
	struct result *r = c->result;
	struct machine_place p;

	if (!*r->note)
		r->unseen = explain_unseen(c->machine, addr, len, &p, r->note, sizeof(r->note));
}

/* SPDX-License-Identifier: MIT */
/*
 * The note with a result: what the kernel would not say. Calls add what only they know;
 * src/explain/ finds out the rest after the call.
 */
#include "call/entry.h"

#include <stdio.h>

#include "base/device.h"
#include "base/registry.h"
#include "explain/devices.h"
#include "explain/frees.h"
#include "explain/null.h"
#include "explain/reports.h"
#include "lib/array.h"

void note(struct call_ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->result->note, sizeof(c->result->note), fmt, ap);
	va_end(ap);
}

void note_text(struct call_ctx *c, struct buf *text)
{
	note(c, "%s", buf_str(text));
	buf_finish(text);
}

void note_devm_kfree(struct call_ctx *c, struct device *dev, uint64_t addr)
{
	struct buf text = BUF_INIT;

	explain_devm_kfree(c->machine, dev, addr, &text);
	note_text(c, &text);
}

void note_kfree(struct call_ctx *c, uint64_t addr)
{
	struct buf text = BUF_INIT;

	explain_kfree(c->machine, addr, &text);
	note_text(c, &text);
}

void note_gone(struct call_ctx *c, const struct device *dev)
{
	struct buf text = BUF_INIT;

	explain_gone(dev, c->call->name, &text);
	note_text(c, &text);
}

/* --- after the call ------------------------------------------------------------- */

static uint64_t argument(const struct call_ctx *c, const char *name, uint64_t other)
{
	int i = call_param(c->call, name);

	return i >= 0 && c->arg[i].type == V_UINT ? c->arg[i].u : other;
}

/* A report that was not printed needs no explanation. */
static bool report(struct call_ctx *c, struct buf *out)
{
	struct sleeps *slept = &ctx_kernel(c)->slept;

	/* the caller cannot change flags that the call chooses */
	if (report_is_new(c->machine, REPORT_SLEEP) && slept->what == SLEEP_FOR_MEMORY &&
	    call_param(c->call, "gfp") < 0)
		slept->what = SLEEP_FOR_OWN_MEMORY;
	return !c->kept_back && explain_report(c->machine, out);
}

static bool silence(struct call_ctx *c, struct buf *out)
{
	return !c->kept_back && explain_silence(c->machine, out);
}

static bool null(struct call_ctx *c, struct buf *out)
{
	struct asked asked;

	if (c->kept_back || c->result->err || !call_failed(c->call, c->result) ||
	    (call_param(c->call, "size") < 0 && call_param(c->call, "order") < 0))
		return false;
	asked = (struct asked){
		.size = argument(c, "size", 0), .n = argument(c, "n", 1),
		.order = argument(c, "order", 0), .gfp = argument(c, "gfp", 0),
		.managed = call_param(c->call, "dev") >= 0, .complaints = c->complaints,
	};
	explain_null(c->machine, &asked, out);
	return true;
}

static bool endless(struct call_ctx *c, struct buf *out)
{
	return explain_endless(c->machine, out);
}

static bool left(struct call_ctx *c, struct buf *out)
{
	return explain_left(c->machine, out);
}

/* The call continued with a released device as if nothing was wrong. */
static bool stale(struct call_ctx *c, struct buf *out)
{
	struct device *dev = device_ghost(&c->machine->core, c->stale);

	if (!dev || c->result->err)
		return false;
	explain_gone(dev, c->call->name, out);
	return true;
}

/* Tried in this order until one has an explanation. */
static bool (*const explainers[])(struct call_ctx *c, struct buf *out) = {
	report, silence, null, endless, left, stale,
};

void note_what_happened(struct call_ctx *c)
{
	struct buf text = BUF_INIT;

	/*
	 * a report of sleeping matters more than a hint; without a report there is no
	 * note about it
	 */
	if (c->kept_back || report_is_new(c->machine, REPORT_SLEEP))
		*c->result->note = '\0';
	for (size_t i = 0; i < COUNT(explainers) && !*c->result->note; i++)
		if (explainers[i](c, &text))
			note(c, "%s", buf_str(&text));
	buf_finish(&text);
}

/* SPDX-License-Identifier: MIT */
/* The two sides of a run: model.c and rules.c; run.c runs both. */
#ifndef DEVSH_TESTS_RUN_H
#define DEVSH_TESTS_RUN_H

#include <devsh/call.h>

#include "machine/fsck.h"
#include "naive.h"
#include "random.h"

enum record_type {
	R_CALL, R_RESULT, R_CALLBACK, R_LOG, R_COMPLAINTS, R_DEVICE, R_DRIVER, R_NODE, R_UNSOUND,
	R_END,
};

struct record {
	enum record_type type;
	int64_t a;
	uint64_t b, c;
	char what[28], name[24], text[96]; /* text: what fsck found */
};

/* The outcome of a call on the machine: addresses are the allocator's choice. */
struct outcome {
	const struct op *op;
	int err;
	uint64_t value;
	bool complained;
};

struct outcomes {
	struct outcome *at;
	size_t count, room, read;
};

struct calls {
	const struct call *call[KINDS], *devices, *drivers, *devres;
};

struct answer {
	int err;
	uint64_t value;
	uint32_t handle;   /* of a created device or driver */
	bool noted;        /* devsh explains what Linux would not report */
};

struct side {
	const struct sequence *s;
	const struct calls *calls;
	struct outcomes *outcomes;
	void (*run)(struct side *side, const struct op *op, uint32_t dev, struct answer *a);
	int depth;         /* 1: no callback is running */
	bool runs_stale;   /* also make calls with released devices */
	uint64_t *var;
	uint32_t dev[DEVICES], drv[DRIVERS]; /* the latest of each name; 0: none yet */
	struct record *record;
	size_t records, room;

	struct machine *machine;
	unsigned states;   /* states that were checked */
	struct watcher watcher;
	uint64_t gfp[GFPS];
	struct result rows;

	struct naive *naive;
	const struct outcome *now;
	const struct op *searching;
	const struct body *function[FUNCTIONS], *probe[DRIVERS], *remove[DRIVERS];
	uint64_t invented;
};

void record(struct side *side, enum record_type type, const char *what, const char *name,
	    int64_t a, uint64_t b, uint64_t c);
bool records_equal(const struct record *x, const struct record *y);
uint64_t ref_value(const struct side *side, struct ref r);
/* Whether the call needs a device, or a driver. */
bool wants_device(enum op_kind kind);
bool wants_driver(enum op_kind kind);
/* The result of a callback: the errno of its first failing call, or its return value. */
int exec_body(struct side *side, const struct body *b, uint32_t self);

/* model.c */
void model_begin(struct side *side);
void model_end(struct side *side);
void model_state(struct side *side);

/* stale.c: after all others; false: the reason is in d, if not NULL */
bool stale_calls(struct side *side, struct difference *d);

/* rules.c */
void naive_begin(struct side *side);
void naive_state_records(struct side *side);

#endif

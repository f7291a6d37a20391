/* SPDX-License-Identifier: MIT */
/*
 * What the reports of this layer share: how a release and an architecture lays
 * them out, and the calls that a trace lists. For files that print reports.
 */
#ifndef DEVSH_KERNEL_BUG_H
#define DEVSH_KERNEL_BUG_H

#include "kernel/kernel.h"
#include "kernel/log.h"

/* Where the text of a WARN() is printed. */
enum warn_text {
	TEXT_FIRST,     /* cut here / text / WARNING */
	TEXT_SECOND,    /* cut here / WARNING / text */
	TEXT_ABOVE_CUT, /* text / cut here / WARNING */
	TEXT_NO_CUT,    /* as TEXT_FIRST, but without the cut line when there is no text */
};

/* report_style.c: how reports look from a release on */
struct report_style {
	const char *arch;
	int since;
	/* call traces */
	const char *header;       /* the line above one */
	const char *const *dump;  /* functions of dump_stack(), newest first, ended by NULL */
	bool frame_pointers;      /* jumps between functions are calls, and in the trace */
	bool task_marks;          /* <TASK> around it */
	bool addresses;           /* "[<ffffffff81000000>] " in front of a function */
	bool pairs;               /* "function from its caller" */
	bool pc_apart;            /* the function of the PC has a line, and is not in the trace */
	bool bare;                /* no header in a report of a trap */
	bool origin;              /* (P): from the registers; (C): from its caller */
	/* lines of a report */
	enum warn_text warn_text;
	bool warn_call;           /* a WARN is a call, not a trap: no PC, __warn() in the trace */
	bool trace_last;          /* a WARN's trace comes after its end marker */
	bool modules_last;        /* an Oops names modules after its trace, and then repeats the PC */
	const char *pc;           /* "RIP: 0010:%s" */
	const char *die;          /* in front of what happened in the line that ends in [#1] */
	const char *bug;          /* what a BUG is there */
	const char *words;        /* what kind of kernel it is, after the number */
	const char *words_end;    /* ... and after the word KASAN, which is printed where this is not NULL */
	const char *preempt;      /* the same after #1 in the CPU line */
	const char *bug_panics;   /* text of the panic that every BUG ends in; NULL: it does not panic */
};

const struct report_style *report_style(const struct kernel *k);

/* stack.c: the functions of a call trace, newest first */
struct call_path {
	const char *frame[2 * STACK_MAX];
	int n;
};

/*
 * The calls that lead to the last of `above` (ended by NULL; what the model
 * does not enter), as this release's compiler left them.
 */
void call_path(const struct kernel *k, const char *const *above, struct call_path *p);
/* The same of calls that were kept; shown: the first one is in the trace. */
void call_path_of(const struct kernel *k, const struct call_path *all, bool shown,
		  struct call_path *p);
/* Prints from frame `from` on; trap: the first one comes from a trap's registers. */
void print_call_path(struct kernel *k, enum log_level level, const struct call_path *p,
		     int from, bool trap);

/* frames.c: what a trace has between a function and its caller */
struct frame_step {
	const char *function;
	const char *caller;     /* NULL: any */
	int since, until;       /* RELEASE(); 0: forever */
	unsigned arches;        /* ARCH_ bits; 0: all */
	const char *shown;      /* ... by this name; NULL: its own */
	bool inlined;           /* the function is part of its caller */
	bool jumps;             /* the caller's last act: only frame pointers keep it */
	const char *between[10]; /* newest first; "-name": jumps, as above */
};

const struct frame_step *frame_step(const struct kernel *k, const char *function,
				    const char *caller);

/* source_line.c: where a report is in the source; NULL: not known */
struct source_line {
	const char *file;
	int line;
};

bool source_line(const struct kernel *k, const char *function, const char *text,
		 struct source_line *l);

/* taint.c */
/* "CPU: 0 PID: 1 Comm: ..." and what a release says below it. */
void print_cpu_line(struct kernel *k, enum log_level level);
void print_modules(struct kernel *k);

/* bug.c */
void print_end_trace(struct kernel *k);

/* "RIP: 0010:devm_kfree+0x4a/0x60" */
void print_pc(struct kernel *k, const char *function);
/* From the CPU line to the end of what is left of a task that died in `pc`. */
void print_dead(struct kernel *k, const char *pc, const struct call_path *p, bool page_fault,
		uint64_t addr);
/* "Oops: invalid opcode: 0000 [#1] SMP NOPTI", with what is in front of the number */
void print_die(struct kernel *k, const char *what);

#endif

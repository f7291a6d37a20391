/* SPDX-License-Identifier: MIT */
/*
 * What the files of this layer that print reports share: the layout of reports on each
 * release and architecture, and the functions that a call trace lists.
 */
#ifndef DEVSH_KERNEL_BUG_H
#define DEVSH_KERNEL_BUG_H

#include "kernel/kernel.h"
#include "kernel/log.h"

/* Where the text of a WARN() goes. */
enum warn_text {
	TEXT_FIRST,     /* cut here / text / WARNING */
	TEXT_SECOND,    /* cut here / WARNING / text */
	TEXT_ABOVE_CUT, /* text / cut here / WARNING */
	TEXT_NO_CUT,    /* as TEXT_FIRST, but no cut line if there is no text */
};

/* report_style.c: the layout of reports, from a release on */
struct report_style {
	const char *arch;
	int since;
	/* call traces */
	const char *header;       /* the line above the trace */
	const char *const *dump;  /* functions of dump_stack(), newest first, ended by NULL */
	bool frame_pointers;      /* a tail call, a jump, still leaves a frame in the trace */
	bool task_marks;          /* <TASK> around it */
	bool addresses;           /* "[<ffffffff81000000>] " before a function */
	bool pairs;               /* "function from its caller" */
	bool pc_apart;            /* the PC's function has a line of its own and is not in the
				   * trace */
	bool bare;                /* no header in the report of a trap */
	bool origin;              /* (P): the frame comes from the registers; (C): from the
				   * caller */
	/* lines of a report */
	enum warn_text warn_text;
	bool warn_call;           /* a WARN is a call, not a trap: no PC, and __warn() is in the
				   * trace */
	bool trace_last;          /* a WARN's trace comes after its end marker */
	bool modules_last;        /* an Oops lists modules after its trace, and then repeats the
				   * PC */
	const char *pc;           /* "RIP: 0010:%s" */
	const char *die;          /* starts the line that ends in [#1] */
	const char *bug;          /* what that line calls a BUG */
	const char *words;        /* kernel options, after the number */
	const char *words_end;    /* ... and after KASAN, which is printed unless this is NULL */
	const char *preempt;      /* such options in the CPU line, after #1 */
	const char *bug_panics;   /* text of the panic that follows every BUG; NULL: none */
};

const struct report_style *report_style(const struct kernel *k);

/* stack.c: the functions of a call trace, newest first */
struct call_path {
	const char *frame[2 * STACK_MAX];
	int n;
};

/*
 * The calls that lead to the last function of `above`, as this release's compiler left
 * them. `above` lists functions that the model does not enter, newest first, and ends
 * with NULL.
 */
void call_path(const struct kernel *k, const char *const *above, struct call_path *p);
/* The same for calls that were saved; shown: the first one is part of the trace. */
void call_path_of(const struct kernel *k, const struct call_path *all, bool shown,
		  struct call_path *p);
/*
 * Prints frames, starting with number `from`. trap: the first one comes from a trap's
 * registers.
 */
void print_call_path(struct kernel *k, enum log_level level, const struct call_path *p,
		     int from, bool trap);

/* frames.c: what a trace has between a function and its caller */
struct frame_step {
	const char *function;
	const char *caller;     /* NULL: any */
	int since, until;       /* RELEASE(); 0: no limit */
	unsigned arches;        /* ARCH_ bits; 0: all */
	const char *shown;      /* ... under this name; NULL: its own */
	bool inlined;           /* the function is part of its caller */
	bool jumps;             /* it is tail-called: its caller stays in the trace only with
				 * frame pointers */
	const char *between[10]; /* newest first; "-name": ends in a tail call, as above */
};

const struct frame_step *frame_step(const struct kernel *k, const char *function,
				    const char *caller);

/* source_line.c: where in the source a report comes from; false: not known */
struct source_line {
	const char *file;
	int line;
};

bool source_line(const struct kernel *k, const char *function, const char *text,
		 struct source_line *l);

/* taint.c */
/* "CPU: 0 PID: 1 Comm: ..." and what some releases print below it. */
void print_cpu_line(struct kernel *k, enum log_level level);
void print_modules(struct kernel *k);

/* bug.c */
void print_end_trace(struct kernel *k);

/* "RIP: 0010:devm_kfree+0x4a/0x60" */
void print_pc(struct kernel *k, const char *function);
/* From the CPU line to the end of the report of a task that died in `pc`. */
void print_dead(struct kernel *k, const char *pc, const struct call_path *p, bool page_fault,
		uint64_t addr);
/* "Oops: invalid opcode: 0000 [#1] SMP NOPTI"; `what` is the part before the number. */
void print_die(struct kernel *k, const char *what);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the kernel reports: WARN, BUG, Oops, taint, and call stacks. What is shared by the
 * files that print them is in bug.h.
 */
#ifndef DEVSH_KERNEL_REPORT_H
#define DEVSH_KERNEL_REPORT_H

#include "kernel/kernel.h"
#include "kernel/log.h"

#define TAINT_DIE  (1u << 7)
#define TAINT_WARN (1u << 9)
#define TAINT_BAD_PAGE (1u << 5)
#define TAINT_OOT_MODULE (1u << 12)
#define TAINT_ALL ((1u << 18) - 1)

/* Digits of an address as this architecture prints it. */
static inline int addr_digits(const struct arch *a)
{
	return 2 * a->word;
}

/* WARN at `function`; fmt may be NULL (WARN_ON). */
__attribute__((format(printf, 3, 4)))
void kernel_warn(struct kernel *k, const char *function, const char *fmt, ...);

/*
 * A WARN that ends another report: neither counted nor limited. It is in the first
 * function of `above`, which lists functions that the model does not enter, newest first,
 * ended by NULL.
 */
void kernel_warn_end(struct kernel *k, const char *const *above);

/* True: it warned this time. */
__attribute__((format(printf, 4, 5)))
bool kernel_warn_once(struct kernel *k, enum once site, const char *function,
		      const char *fmt, ...);

/* BUG(): the task is dead, the machine continues. */
void kernel_bug(struct kernel *k, const char *function);
/* For a function with several BUG()s: source_line.c knows this one as `site`. */
void kernel_bug_at(struct kernel *k, const char *function, const char *site);

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/*
 * A bad access to `addr` in `function`: an Oops, and the task is dead. ACCESS_EXEC:
 * `function` called an address that has no code.
 */
void kernel_fault(struct kernel *k, const char *function, uint64_t addr, enum access access);
static inline void kernel_oops(struct kernel *k, const char *function, uint64_t addr)
{
	kernel_fault(k, function, addr, ACCESS_READ);
}
/* Marks the task as dead, and counts the report. */
void kernel_die(struct kernel *k, enum report_kind kind, const char *function, uint64_t addr);

/* Counts a report that was printed, and sends the event. */
void kernel_count_report(struct kernel *k, enum report_kind kind, const char *function, uint64_t addr);

void dump_stack(struct kernel *k, enum log_level level, const char *function);
/* The same with functions that the model does not enter on top; `above` ends with NULL. */
void dump_stack_above(struct kernel *k, enum log_level level, const char *const *above);
/* The same where a function calls dump_stack_lvl() itself, which the trace then shows. */
void dump_stack_lvl_above(struct kernel *k, enum log_level level, const char *const *above);

/* "devm_kfree+0x4a/0x60": always the same for a name; only the form is real. */
const char *symbolic(const char *function, char out[96]);
/* Where the code of a function is, as call traces print it. */
unsigned long long code_address(const struct kernel *k, const char *function);

/* Sets a bit. The first time it also prints the line that lockdep is off. */
void kernel_taint(struct kernel *k, uint32_t bit);

/* "Not tainted" or "Tainted: G W  ". */
const char *print_tainted(const struct kernel *k, char out[32]);

/* WARNs, BUGs, oopses and allocator reports since boot. */
uint32_t kernel_reports(const struct kernel *k);
/* Those of them that killed a task. */
uint32_t kernel_deaths(const struct kernel *k);

#endif

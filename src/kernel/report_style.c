/* SPDX-License-Identifier: MIT */
/*
 * How each release and architecture lays out its reports. No kernel file corresponds to
 * it: there each architecture prints its own. Rows come from console logs where there are
 * any; the newest that is not too new for the release applies. The words in a die line
 * are those of Debian's kernels from 5.10 on.
 */
#include "kernel/bug.h"

#include <string.h>

#include "lib/array.h"

static const char *const dump_plain[] = { "dump_stack", NULL };
static const char *const dump_lvl[] = { "dump_stack_lvl", "-dump_stack", NULL };
static const char *const dump_shown[] = { "dump_backtrace", "show_stack", "dump_stack", NULL };
static const char *const dump_lvl_shown[] = {
	"dump_backtrace", "show_stack", "dump_stack_lvl", "dump_stack", NULL,
};
static const char *const dump_lvl_origin[] = { "show_stack", "dump_stack_lvl", "dump_stack", NULL };
static const char *const dump_unwind[] = {
	"unwind_backtrace", "show_stack", "dump_stack_lvl", "-dump_stack", NULL,
};

#define X86 .arch = "x86_64", .header = "Call Trace:", .pc_apart = true, \
	.bug = "invalid opcode: 0000"
/* since 4.19 a WARN is a trap on x86_64, and an Oops lists modules after its trace */
#define X86_TRAP X86, .pc = "RIP: 0010:%s", .modules_last = true
#define X86_6_12 X86_TRAP, .task_marks = true, .dump = dump_lvl, .die = "Oops: "

#define ARM64 .arch = "arm64", .header = "Call trace:", .die = "Internal error: ", \
	.frame_pointers = true
#define ARM64_5_10 ARM64, .pc = "pc : %s", .bug = "Oops - BUG: 00000000f2000800", .words = " SMP"

#define RISCV .arch = "riscv64", .header = "Call Trace:", .addresses = true, .bare = true, \
	.frame_pointers = true, .pc = "epc : %s", .die = "", .bug = "Kernel BUG", .words = ""
#define RISCV_6_12 RISCV, .dump = dump_lvl_shown, \
	.bug_panics = "Fatal exception in interrupt"

#define ARM .arch = "arm", .pairs = true, .warn_call = true, .warn_text = TEXT_SECOND, \
	.pc = "PC is at %s", .die = "Internal error: ", .bug = "Oops - BUG: 0"
#define ARM_BACKTRACE ARM, .header = "Backtrace: ", .addresses = true, .frame_pointers = true, \
	.dump = dump_shown
#define ARM_UNWIND ARM, .header = "Call trace: ", .dump = dump_unwind

static const struct report_style styles[] = {
	{ X86, .since = RELEASE(4, 9), .dump = dump_plain, .addresses = true,
	  .pc = "RIP: 0010:[<%1$016llx>]  [<%1$016llx>] %2$s",
	  .warn_call = true, .warn_text = TEXT_SECOND,
	  .words = " PREEMPT SMP", .words_end = "" },
	{ X86_TRAP, .since = RELEASE(4, 19), .dump = dump_plain, .warn_text = TEXT_NO_CUT,
	  .words = " PREEMPT SMP", .words_end = " NOPTI" },
	{ X86_TRAP, .since = RELEASE(5, 10), .dump = dump_plain,
	  .words = " SMP", .words_end = " NOPTI" },
	{ X86_TRAP, .since = RELEASE(6, 1), .dump = dump_lvl, .task_marks = true,
	  .words = " PREEMPT SMP", .words_end = " NOPTI" },
	{ X86_6_12, .since = RELEASE(6, 12), .words = " PREEMPT SMP", .words_end = " NOPTI" },
	{ X86_6_12, .since = RELEASE(7, 2), .words = " SMP", .words_end = " NOPTI",
	  .preempt = " PREEMPT(lazy)" },

	{ ARM64, .since = RELEASE(4, 9), .dump = dump_shown, .addresses = true,
	  .pc = "PC is at %s", .bug = "Oops - BUG: 0", .words = " PREEMPT SMP",
	  .warn_text = TEXT_ABOVE_CUT, .trace_last = true },
	{ ARM64, .since = RELEASE(4, 19), .dump = dump_shown, .warn_text = TEXT_NO_CUT,
	  .pc = "pc : %s", .bug = "Oops - BUG: 0", .words = " PREEMPT SMP" },
	{ ARM64_5_10, .since = RELEASE(5, 10), .dump = dump_shown },
	{ ARM64_5_10, .since = RELEASE(6, 1), .dump = dump_lvl_shown },
	{ ARM64, .since = RELEASE(7, 2), .dump = dump_lvl_origin, .origin = true,
	  .pc = "pc : %s", .bug = "Oops - BUG: 00000000f2000800", .words = "  SMP",
	  .preempt = " PREEMPTLAZY" },

	{ RISCV, .since = RELEASE(4, 15), .dump = dump_shown, .warn_text = TEXT_SECOND },
	{ RISCV, .since = RELEASE(5, 10), .dump = dump_shown },
	{ RISCV, .since = RELEASE(6, 1), .dump = dump_lvl_shown },
	{ RISCV_6_12, .since = RELEASE(6, 12) },
	{ RISCV_6_12, .since = RELEASE(7, 2), .preempt = " PREEMPTLAZY" },

	{ ARM_BACKTRACE, .since = RELEASE(4, 9), .words = " PREEMPT SMP ARM" },
	{ ARM_BACKTRACE, .since = RELEASE(5, 10), .words = " SMP ARM" },
	{ ARM_UNWIND, .since = RELEASE(6, 1), .words = " SMP ARM" },
	{ ARM_UNWIND, .since = RELEASE(7, 2), .words = " SMP ARM", .preempt = " PREEMPTLAZY" },
};

const struct report_style *report_style(const struct kernel *k)
{
	const struct report_style *found = NULL;

	for (size_t i = 0; i < COUNT(styles); i++)
		if (!strcmp(styles[i].arch, k->arch->name) &&
		    (!found || styles[i].since <= k->profile->version))
			found = &styles[i];
	return found;
}

/* SPDX-License-Identifier: MIT */
/*
 * Faults that a test build can switch on, to prove that the scenarios see
 * them. In every other build BROKEN() is the constant 0.
 */
#ifndef DEVSH_KERNEL_BREAKAGE_H
#define DEVSH_KERNEL_BREAKAGE_H

enum breakage {
	BREAK_NONE,
	BREAK_ZERO_FIRST_BYTE,  /* zero only the first byte */
	BREAK_RELEASE_FORWARD,  /* release oldest first */
	BREAK_KFREE_NEWEST,     /* devm_kfree frees the newest node */
	BREAK_NO_OVERFLOW,      /* sizes wrap */
	BREAK_FOREIGN_POINTER,  /* devm_kfree takes another device's memory */
	BREAK_DATA_OFF_BY_8,    /* data[] is 8 bytes too far back */
	BREAK_WRONG_NODE,       /* memory comes from another NUMA node */
	BREAK_NO_PROBE_RELEASE, /* a failed probe releases nothing */
	BREAK_KINDS
};

#ifdef DEVSH_BREAKABLE
extern enum breakage broken;
/* "release-forward" and the like; NULL behind the last. */
extern const char *const breakage_names[];
/* BREAK_KINDS: there is none of this name. */
enum breakage breakage_find(const char *name);
#define BROKEN(what) (broken == (what))
#define BROKEN_ANY (broken != BREAK_NONE)
#else
#define BROKEN(what) 0
#define BROKEN_ANY 0
#endif

#endif

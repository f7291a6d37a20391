/* SPDX-License-Identifier: MIT */
/*
 * Faults that a test build can switch on, to prove that the scenarios notice them. In
 * every other build MUTANT() is the constant 0.
 */
#ifndef DEVSH_KERNEL_MUTANTS_H
#define DEVSH_KERNEL_MUTANTS_H

enum mutant {
	MUTANT_NONE,
	MUTANT_ZERO_FIRST_BYTE,  /* zero only the first byte */
	MUTANT_RELEASE_FORWARD,  /* release oldest first */
	MUTANT_KFREE_NEWEST,     /* devm_kfree frees the newest node */
	MUTANT_NO_OVERFLOW,      /* sizes wrap */
	MUTANT_FOREIGN_POINTER,  /* devm_kfree takes another device's memory */
	MUTANT_DATA_OFF_BY_8,    /* data[] starts 8 bytes too late */
	MUTANT_WRONG_NODE,       /* memory comes from another NUMA node */
	MUTANT_NO_PROBE_RELEASE, /* a failed probe releases nothing */
	MUTANT_KINDS
};

#ifdef DEVSH_BREAKABLE
extern enum mutant mutant;
/* "release-forward" and the like; NULL after the last. */
extern const char *const mutant_names[];
/* MUTANT_KINDS: no mutant has this name. */
enum mutant mutant_find(const char *name);
#define MUTANT(name) (mutant == MUTANT_##name)
#define MUTANT_ANY (mutant != MUTANT_NONE)
#else
#define MUTANT(name) 0
#define MUTANT_ANY 0
#endif

#endif

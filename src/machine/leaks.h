/* SPDX-License-Identifier: MIT */
/*
 * Who holds memory, and what nobody does. Devices hold what is on their lists
 * and what their drvdata leads to; variables of a front end hold as well, but
 * are not part of the machine: what only they lead to is in nobody's hands once
 * the driver that allocated it is gone.
 */
#ifndef DEVSH_MACHINE_LEAKS_H
#define DEVSH_MACHINE_LEAKS_H

#include "machine/machine.h"
#include "mm/kmemleak.h"
#include "mm/object.h"

struct machine_leak {
	struct object object;
	const struct track *track;
	uint64_t addr;       /* what kmalloc() returned */
	size_t size;         /* bytes that were asked for */
	const char *holder;  /* the variable that leads to it, "" has no name; NULL: nobody */
	bool over;           /* held, and the driver's callback that allocated it is undone */
};

/*
 * machine_leaks - all memory that no device leads to
 *
 * First what nobody points to, by address, then what variables lead to, by their
 * names. No age counts. The machine must not be changed from found(). 0, -ENOMEM.
 */
typedef void (*leak_found_t)(void *ctx, const struct machine_leak *leak);
int machine_leaks(struct machine *m, leak_found_t found, void *ctx);

/*
 * Objects that the probe which was undone last allocated, and that are still
 * there although no device leads to them; *by is that function. 0 while devices
 * are bound by a probe of the same step: nobody knows whose they are. Asked
 * again, it has forgotten.
 */
uint32_t machine_left_by_probe(struct machine *m, const char **by);

/* --- kmemleak.c ------------------------------------------------------------- */

/* As kmemleak_scan(), with the machine's roots. */
int machine_kmemleak_scan(struct machine *m);
/* Scans begin by themselves from now on, or from `seconds` on again and again; 0: no more. */
void machine_kmemleak_thread(struct machine *m, uint32_t seconds);
/* The time has come for a scan that begins by itself. */
void machine_kmemleak_poll(struct machine *m);
/* Time passes, with the scans that are due meanwhile. */
void machine_advance(struct machine *m, uint64_t ns);

/* private to machine/: what devices hold; what the front end does */
void leak_hold_devices(const struct machine *m, struct leak_scan *s);
struct leak_holding { uint64_t addr; char name[32]; bool stack; };
/* Those that lead into memory, by name: *n of them, the caller's to free. */
struct leak_holding *leak_holdings(struct machine *m, size_t *n);

#endif

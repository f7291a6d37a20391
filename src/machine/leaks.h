/* SPDX-License-Identifier: MIT */
/*
 * Which memory is in use, and which is leaked. Devices keep what is on their lists and
 * what their drvdata leads to. Variables of a front end keep memory, too, but are not
 * part of the machine: memory that only they lead to has leaked once the driver that
 * allocated it is gone.
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
	size_t size;         /* requested bytes */
	const char *holder;  /* variable that leads to it, "" if it has no name; NULL: leaked */
	bool over;           /* a variable leads to it, but the callback that allocated it was
			      * undone */
};

/*
 * machine_leaks - find all memory that cannot be reached from a device
 *
 * First what nothing points to, by address, then what variables lead to, by their names.
 * Age does not matter. found() must not change the machine. 0 or -ENOMEM.
 */
typedef void (*leak_found_t)(void *ctx, const struct machine_leak *leak);
int machine_leaks(struct machine *m, leak_found_t found, void *ctx);

/*
 * The number of objects that the last undone probe allocated and that still exist
 * although no device leads to them; *by is the probe function. 0 while devices are bound
 * by a probe of the same step, as the objects could be theirs. The next call returns 0.
 */
uint32_t machine_left_by_probe(struct machine *m, const char **by);

/* --- kmemleak.c ------------------------------------------------------------- */

/* kmemleak_scan() with the machine's roots. */
int machine_kmemleak_scan(struct machine *m);
/* Starts automatic scans: one now, then one every `seconds`; 0: stops them. */
void machine_kmemleak_thread(struct machine *m, uint32_t seconds);
/* Scans if an automatic scan is due. */
void machine_kmemleak_poll(struct machine *m);
/* Advances the time, and runs the scans that become due meanwhile. */
void machine_advance(struct machine *m, uint64_t ns);

/* private to machine/: memory kept by devices, and by the front end */
void leak_hold_devices(const struct machine *m, struct leak_scan *s);
struct leak_holding { uint64_t addr; char name[32]; bool stack; };
/*
 * Pointers into memory that the front end holds, sorted by name; *n is their number. The
 * caller frees the array.
 */
struct leak_holding *leak_holdings(struct machine *m, size_t *n);

#endif

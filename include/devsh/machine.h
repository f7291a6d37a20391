/* SPDX-License-Identifier: MIT */
/*
 * A simulated machine: boot it, make calls on it (call.h), read its log (report.h),
 * destroy it. Machines are independent of each other; one machine can be used by one
 * thread at a time.
 */
#ifndef DEVSH_MACHINE_H
#define DEVSH_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/*
 * machine_create - boot a machine
 * @cmdline: boot parameters, as "release=6.12 arch=x86_64 mem=256M"; "" for all defaults
 * @why: gets one line on error; whysize bytes
 *
 * Returns the machine, which the caller must destroy, or NULL and errno: EINVAL, a
 * parameter is wrong, or ENOMEM, the host has no memory.
 */
struct machine *machine_create(const char *cmdline, char *why, size_t whysize);

/*
 * machine_reboot - discard the state and boot again
 *
 * All devices, drivers and pointers of the earlier boot are gone, and their handles are
 * invalid. Returns 0, -EINVAL with a line in why, -ENOMEM, or -EBUSY from a driver's
 * callback. On error the machine continues to run.
 */
int machine_reboot(struct machine *m, const char *cmdline, char *why, size_t whysize);

/* m may be NULL. No callbacks run. */
void machine_destroy(struct machine *m);

/*
 * The addresses that the owner of the machine holds, for instance in variables. Memory
 * that can be reached from them is not leaked. each() calls root() for every address; the
 * name may be NULL. `stack`: only a running function holds it.
 */
typedef void (*machine_root_fn)(void *to, uint64_t addr, const char *name, bool stack);

struct machine_roots {
	void (*each)(struct machine_roots *r, machine_root_fn root, void *to);
};

/* The caller keeps the roots, even across boots. NULL: there are none. */
void machine_set_roots(struct machine *m, struct machine_roots *r);

/* Counts boots from 1; handles from another boot are invalid. */
uint32_t machine_boot_number(const struct machine *m);

/* The present boot parameters, "" for all defaults. */
const char *machine_cmdline(const struct machine *m);

#endif

/* SPDX-License-Identifier: MIT */
/* The check as a whole. */
#include "machine/fsck.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/report.h"
#include "lib/host_memory.h"

int64_t machine_fsck(struct machine *m, fsck_found_t found, void *ctx)
{
	const struct kernel *k = &m->kernel;
	struct fsck f = { .m = m, .found = found, .ctx = ctx };
	size_t bytes = m->mm.slots_used / 8 + 1, ids = m->core.next_id - m->core.first_id + 1;
	size_t tags = m->core.lists_used / 8 + 1;

	f.calm = !k->nesting && !k->task_died && !m->core.hung && !k->panic.panicked &&
		 !kernel_deaths(k);
	f.memory = m->mm.tampered ? FSCK_OVERWRITTEN : FSCK_UNSOUND;
	f.free_list = host_calloc(4, bytes);
	f.refs = host_calloc(2 * ids, sizeof(*f.refs));
	f.free_tag = host_calloc(2, tags);
	if (!f.free_list || !f.refs || !f.free_tag) {
		free(f.free_list);
		free(f.refs);
		free(f.free_tag);
		return -ENOMEM;
	}
	f.sheaf = f.free_list + bytes;
	f.row = f.sheaf + bytes;
	f.on_list = f.row + bytes;
	f.children = f.refs + ids;
	f.used_tag = f.free_tag + tags;
	fsck_kernel(&f);
	fsck_core(&f);
	fsck_lists(&f);
	fsck_mm(&f);
	fsck_tags(&f);
	free(f.free_list);
	free(f.refs);
	free(f.free_tag);
	return f.findings;
}

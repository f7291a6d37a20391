/* SPDX-License-Identifier: MIT */
/* Explanations about released devices, and about probes. */
#include "explain/devices.h"

#include <string.h>

#include "base/device.h"
#include "base/registry.h"
#include "explain/repairs.h"
#include "lib/buf.h"
#include "machine/leaks.h"

void explain_gone(const struct device *dev, const char *function, struct buf *out)
{
	bool put = !strcmp(function, "put_device");

	buf_printf(out, "%.60s is gone: its last reference was put, and release() %s.\n%s", dev->name,
		   !dev->gone ? "is running" : dev->grave ? "freed the memory that it was in"
						    : "left the memory that it is in alone",
		   put ? usual_repair(PUT_TOO_MANY)
		       : "Whoever keeps a pointer to a device holds a reference: get_device().");
}

bool explain_endless(struct machine *m, struct buf *out)
{
	struct device *dev = device_by_id(&m->core, m->core.endless);

	if (!dev)
		return false;
	buf_printf(out, "the deferred probe of %.60s was retried endlessly, and is stopped here.\n"
		   "'why %.60s' says what triggers it; Linux would go on.", dev->name, dev->name);
	return true;
}

bool explain_left(struct machine *m, struct buf *out)
{
	const char *probe;
	uint32_t left = m->core.undone.by ? machine_left_by_probe(m, &probe) : 0;

	if (!left || m->kernel.task_died)
		return false;
	buf_printf(out, "%u object%s that %.40s allocated %s still there: leaks shows %s", left,
		   plural(left), probe, left == 1 ? "is" : "are", left == 1 ? "it" : "them");
	return true;
}

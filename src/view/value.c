/* SPDX-License-Identifier: MIT */
/* One value as text. */
#include "machine/machine.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "kernel/report.h"
#include "mm/kmalloc.h"
#include "view/view.h"

static void add_device(const struct machine *m, uint32_t id, struct buf *out)
{
	struct device *dev = device_by_id((struct driver_core *)&m->core, id);

	buf_puts(out, !id ? "NULL" : dev ? dev->name : "(gone)");
}

static void add_driver(const struct machine *m, uint32_t id, struct buf *out)
{
	struct device_driver *drv = driver_by_id((struct driver_core *)&m->core, id);

	buf_puts(out, !id ? "NULL" : drv ? drv->name : "(gone)");
}

static void add_addr(const struct machine *m, uint64_t addr, struct buf *out)
{
	if (addr == 0)
		buf_puts(out, "NULL");
	else if (addr == (uintptr_t)ZERO_SIZE_PTR)
		buf_puts(out, "ZERO_SIZE_PTR");
	else
		buf_printf(out, "%0*llx", addr_digits(m->kernel.arch), (unsigned long long)addr);
}

void view_value(const struct machine *m, const struct value *v, struct buf *out)
{
	switch (v->type) {
	case V_NONE:
		break;
	case V_INT:
		buf_printf(out, "%lld", (long long)v->i);
		break;
	case V_UINT:
		buf_printf(out, "%llu", (unsigned long long)v->u);
		break;
	case V_BOOL:
		buf_puts(out, v->b ? "yes" : "no");
		break;
	case V_STR:
		buf_puts(out, v->s ? v->s : "");
		break;
	case V_ADDR:
		add_addr(m, v->u, out);
		break;
	case V_DEVICE:
		add_device(m, v->id, out);
		break;
	case V_DRIVER:
		add_driver(m, v->id, out);
		break;
	case V_CODE:
		buf_puts(out, "{...}");
		break;
	}
}

/* SPDX-License-Identifier: MIT */
/* Boot parameters that decide what ends the machine: see panic.c. */
#include "kernel/params_panic.h"
#include "lib/size.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int set_panic(struct params *p, const char *value, char *why, size_t n)
{
	bool minus = value[0] == '-';
	uint64_t s;

	if (parse_size(value + minus, &s) || s > 1000000) {
		snprintf(why, n, "panic=%.40s: wants seconds; 0 waits forever, -1 reboots at once", value);
		return -EINVAL;
	}
	p->panic_timeout = minus ? -(int)s : (int)s;
	return 0;
}

int set_panic_on_warn(struct params *p, const char *value, char *why, size_t n)
{
	if (strcmp(value, "0") && strcmp(value, "1")) {
		snprintf(why, n, "panic_on_warn=%.40s: wants 0 or 1", value);
		return -EINVAL;
	}
	p->panic_on_warn = value[0] == '1';
	return 0;
}

int set_oops(struct params *p, const char *value, char *why, size_t n)
{
	if (strcmp(value, "panic")) {
		snprintf(why, n, "oops=%.40s: wants panic", value);
		return -EINVAL;
	}
	p->panic_on_oops = true;
	return 0;
}

static const char *const fault_name[] = {
	[KASAN_FAULT_REPORT] = "report", [KASAN_FAULT_PANIC] = "panic",
	[KASAN_FAULT_PANIC_ON_WRITE] = "panic_on_write",
};

int set_kasan_fault(struct params *p, const char *value, char *why, size_t n)
{
	for (int i = KASAN_FAULT_REPORT; i <= KASAN_FAULT_PANIC_ON_WRITE; i++)
		if (!strcmp(value, fault_name[i])) {
			p->kasan_fault = (enum kasan_fault)i;
			return 0;
		}
	snprintf(why, n, "kasan.fault=%.40s: wants report, panic or panic_on_write", value);
	return -EINVAL;
}

int check_kasan_fault(const struct params *p, char *why, size_t n)
{
	bool on_write = p->kasan_fault == KASAN_FAULT_PANIC_ON_WRITE;

	if (p->kasan_fault == KASAN_FAULT_DEFAULT ||
	    p->profile->version >= (on_write ? RELEASE(6, 12) : RELEASE(5, 12)))
		return 0;
	snprintf(why, n, "kasan.fault=%s: exists since %s; this is release %s",
		 fault_name[p->kasan_fault], on_write ? "6.12" : "5.12", p->profile->release);
	return -EINVAL;
}

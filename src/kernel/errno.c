/* SPDX-License-Identifier: MIT */
/* Error numbers by name. */
#include <devsh/errno.h>

#include <errno.h>
#include <string.h>

#include "kernel/errors.h"
#include "kernel/kernel.h"
#include "lib/array.h"

struct errno_entry {
	const char *name, *text;
	int value;
};

static const struct errno_entry table[] = {
	{ "EPERM", "Operation not permitted", EPERM },
	{ "ENOENT", "No such file or directory", ENOENT },
	{ "EIO", "Input/output error", EIO },
	{ "ENXIO", "No such device or address", ENXIO },
	{ "EAGAIN", "Resource temporarily unavailable", EAGAIN },
	{ "ENOMEM", "Cannot allocate memory", ENOMEM },
	{ "EACCES", "Permission denied", EACCES },
	{ "EFAULT", "Bad address", EFAULT },
	{ "EBUSY", "Device or resource busy", EBUSY },
	{ "EEXIST", "File exists", EEXIST },
	{ "ENODEV", "No such device", ENODEV },
	{ "ENOTDIR", "Not a directory", ENOTDIR },
	{ "EISDIR", "Is a directory", EISDIR },
	{ "ELOOP", "Too many levels of symbolic links", ELOOP },
	{ "EINVAL", "Invalid argument", EINVAL },
	{ "ENOSPC", "No space left on device", ENOSPC },
	{ "ERANGE", "Numerical result out of range", ERANGE },
	{ "EDEADLK", "the task would wait for a lock that is never given back", EDEADLK },
	{ "ENOSYS", "Function not implemented", ENOSYS },
	{ "EOPNOTSUPP", "Operation not supported", EOPNOTSUPP },
	{ "ETIMEDOUT", "Connection timed out", ETIMEDOUT },
	{ "ECANCELED", "Operation canceled", ECANCELED },
	{ "EINTR", "Interrupted", EINTR },
	{ "EPROBE_DEFER", "Driver requests probe retry", EPROBE_DEFER },
};

static const struct errno_entry *find(int err)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (table[i].value == err)
			return &table[i];
	return NULL;
}

const char *errno_name(int err)
{
	const struct errno_entry *e = find(err);

	return e ? e->name : NULL;
}

const char *errno_text(int err)
{
	const struct errno_entry *e = find(err);

	return e ? e->text : "unknown error";
}

int errno_value(const char *name)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (!strcmp(table[i].name, name))
			return table[i].value;
	return 0;
}

const char *errno_at(size_t i, int *value)
{
	if (i >= COUNT(table))
		return NULL;
	*value = table[i].value;
	return table[i].name;
}

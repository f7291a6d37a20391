/* SPDX-License-Identifier: MIT */
#include "lib/size.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int parse_size(const char *s, uint64_t *out)
{
	static const char suffix[] = "kMGT";
	const char *at;
	uint64_t n;
	char *end;
	int base = 10;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		base = 16;
	else if (s[0] == '0' && (s[1] == 'b' || s[1] == 'B') && s[2])
		base = 2;
	if (!isdigit((unsigned char)s[0]) ||
	    (base == 2 && s[2] != '0' && s[2] != '1') ||
	    (base == 16 && !isxdigit((unsigned char)s[2])))
		return -EINVAL;
	errno = 0;
	n = strtoull(base == 2 ? s + 2 : s, &end, base);
	if (errno == ERANGE)
		return -ERANGE;
	if (*end) {
		char c = *end == 'K' ? 'k' : *end == 'm' ? 'M' : *end == 'g' ? 'G' : *end;

		at = strchr(suffix, c);
		if (!at || (strcmp(end + 1, "") && strcmp(end + 1, "B") && strcmp(end + 1, "iB")))
			return -EINVAL;
		for (long i = at - suffix; i >= 0; i--)
			if (__builtin_mul_overflow(n, 1024, &n))
				return -ERANGE;
	}
	*out = n;
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Parsing what was written to a file: words and numbers. */
#include "fs/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"

char *written_word(const char *text, size_t len)
{
	if (len && text[len - 1] == '\n')
		len--;
	return host_strndup(text, len);
}

int written_number(const char *text, size_t len, uint64_t *out)
{
	char *word = written_word(text, len), *end = word;

	errno = 0;
	if (word && word[0] >= '0' && word[0] <= '9')
		*out = strtoull(word, &end, 0);
	if (end == word || *end || errno == ERANGE)
		end = NULL;
	free(word);
	return end ? 0 : -EINVAL;
}

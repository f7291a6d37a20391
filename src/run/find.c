/* SPDX-License-Identifier: MIT */
#include "run/find.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/array.h"
#include "lib/buf.h"
#include "lib/host_memory.h"

#define DEPTH_MAX 16

static int add(struct files *f, const char *path)
{
	if (!array_room(f->path, f->count, f->room, 64))
		return -ENOMEM;
	f->path[f->count] = host_strdup(path);
	return f->path[f->count] ? (f->count++, 0) : -ENOMEM;
}

bool ends_with(const char *s, const char *end)
{
	size_t a = strlen(s), b = strlen(end);

	return a > b && !strcmp(s + a - b, end);
}

static int find(struct files *f, const char *path, int depth, bool named);

static int find_below(struct files *f, const char *dir, int depth)
{
	struct buf name = BUF_INIT;
	struct dirent **entry;
	int n, rc = 0;

	/* sorted: whatever order the file system has */
	n = scandir(dir, &entry, NULL, alphasort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		buf_reset(&name);
		buf_printf(&name, "%s%s%s", dir, ends_with(dir, "/") ? "" : "/", entry[i]->d_name);
		if (entry[i]->d_name[0] != '.' && !rc)
			rc = name.cut ? -ENOMEM : find(f, buf_str(&name), depth + 1, false);
		free(entry[i]);
	}
	free(entry);
	buf_finish(&name);
	return rc;
}

/* named: by the user, whatever its suffix is. */
static int find(struct files *f, const char *path, int depth, bool named)
{
	struct stat st;

	if (stat(path, &st))
		return named ? -errno : 0;
	if (S_ISDIR(st.st_mode))
		return depth < DEPTH_MAX ? find_below(f, path, depth) : 0;
	if (named || ends_with(path, ".lua") || ends_with(path, ".dsh"))
		return add(f, path);
	return 0;
}

int files_find(struct files *f, const char *path)
{
	return find(f, path, 0, true);
}

void files_finish(struct files *f)
{
	for (int i = 0; i < f->count; i++)
		free(f->path[i]);
	free(f->path);
}

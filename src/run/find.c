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

static int add(struct files *f, const char *path, int line)
{
	if (!array_room(f->at, f->count, f->room, 64))
		return -ENOMEM;
	f->at[f->count] = (struct file){ host_strdup(path), line };
	return f->at[f->count].path ? (f->count++, 0) : -ENOMEM;
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

	/* sorted, because the order of the file system is arbitrary */
	n = scandir(dir, &entry, NULL, alphasort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		buf_reset(&name);
		if (strcmp(dir, "."))
			buf_printf(&name, "%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/");
		buf_puts(&name, entry[i]->d_name);
		if (entry[i]->d_name[0] != '.' && !rc)
			rc = name.cut ? -ENOMEM : find(f, buf_str(&name), depth + 1, false);
		free(entry[i]);
	}
	free(entry);
	buf_finish(&name);
	return rc;
}

/* named: given by the user, so any suffix is accepted */
static int find(struct files *f, const char *path, int depth, bool named)
{
	struct stat st;

	if (stat(path, &st))
		return named ? -errno : 0;
	if (S_ISDIR(st.st_mode))
		return depth < DEPTH_MAX ? find_below(f, path, depth) : 0;
	if (named || ends_with(path, ".lua") || ends_with(path, ".dsh"))
		return add(f, path, 0);
	return 0;
}

/* "net.lua:12", if no file has that name. 0: it is not such a name. */
static int find_line(struct files *f, const char *path)
{
	const char *colon = strrchr(path, ':');
	struct stat st;
	char *file;
	int rc = 0;

	if (!colon || !colon[1] || colon[1 + strspn(colon + 1, "0123456789")] || !stat(path, &st))
		return 0;
	file = host_strndup(path, (size_t)(colon - path));
	if (!file)
		return -ENOMEM;
	if (!stat(file, &st) && !S_ISDIR(st.st_mode) && atoi(colon + 1) > 0)
		rc = add(f, file, atoi(colon + 1));
	free(file);
	return rc;
}

int files_find(struct files *f, const char *path)
{
	int before = f->count, rc = find_line(f, path);

	return rc || f->count > before ? rc : find(f, path, 0, true);
}

void files_finish(struct files *f)
{
	for (int i = 0; i < f->count; i++)
		free(f->at[i].path);
	free(f->at);
}

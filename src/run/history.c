/* SPDX-License-Identifier: MIT */
#include "run/history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/host_memory.h"
#include "lua/script.h"
#include "run/reporter.h"
#include "shell/source.h"
#include "shell/xdg.h"

struct entry {
	uint64_t key;         /* 0: the file itself */
	char *path;           /* absolute */
};

struct history {
	struct entry *at;
	size_t count, room;
	bool changed;
	char *path, *real;    /* the last file that was looked up, and its absolute path */
};

static bool file_path(struct buf *out)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	const char *base = state && *state ? state : home;
	struct stat st;
	char *path;

	/* do not create a missing home, such as that of a build user */
	if (!base || stat(base, &st) || !S_ISDIR(st.st_mode))
		return false;
	path = xdg_file("XDG_STATE_HOME", ".local/state", "failed");
	if (path)
		buf_puts(out, path);
	free(path);
	return out->len && !out->cut;
}

static void add(struct history *h, uint64_t key, const char *path, size_t len)
{
	char *copy = host_strndup(path, len);

	if (!copy || !array_room(h->at, h->count, h->room, 16)) {
		free(copy);
		return;
	}
	h->at[h->count++] = (struct entry){ key, copy };
}

static void drop(struct history *h, size_t i)
{
	free(h->at[i].path);
	h->at[i] = h->at[--h->count];
	h->changed = true;
}

struct history *history_read(void)
{
	struct history *h = host_calloc(1, sizeof(*h));
	struct buf path = BUF_INIT, text = BUF_INIT;

	if (h && file_path(&path) && !read_file(buf_str(&path), &text))
		for (const char *at = buf_str(&text); *at;) {
			size_t len = strcspn(at, "\n");
			char *end;
			uint64_t key = strtoull(at, &end, 16);

			if (*end == '\t' && end < at + len)
				add(h, key, end + 1, len - (size_t)(end + 1 - at));
			at += len + (at[len] != '\0');
		}
	buf_finish(&path);
	buf_finish(&text);
	return h;
}

void history_destroy(struct history *h)
{
	if (!h)
		return;
	while (h->count)
		drop(h, h->count - 1);
	free(h->at);
	free(h->path);
	free(h->real);
	free(h);
}

static const char *real_path(struct history *h, const char *path)
{
	if (!h->path || strcmp(h->path, path)) {
		free(h->path);
		free(h->real);
		h->path = host_strdup(path);
		h->real = realpath(path, NULL);
	}
	return h->real ? h->real : path;
}

bool history_has_file(const struct history *h, const char *path)
{
	path = real_path((struct history *)h, path);
	for (size_t i = 0; i < h->count; i++)
		if (!strcmp(h->at[i].path, path))
			return true;
	return false;
}

bool history_has(const struct history *h, const char *path, uint64_t key)
{
	path = real_path((struct history *)h, path);
	for (size_t i = 0; i < h->count; i++)
		if ((!h->at[i].key || h->at[i].key == key) && !strcmp(h->at[i].path, path))
			return true;
	return false;
}

void history_add(struct history *h, const struct scenario *s, const struct outcome *o)
{
	const char *path = real_path(h, s->file);

	if (o->status == OUTCOME_NOT_RUN)
		return;
	for (size_t i = 0; i < h->count;)
		/* if a file has results, the file itself is not broken */
		if ((!h->at[i].key || h->at[i].key == s->key) && !strcmp(h->at[i].path, path))
			drop(h, i);
		else
			i++;
	if (outcome_failed(o)) {
		add(h, s->key, path, strlen(path));
		h->changed = true;
	}
}

/* Creates the missing directories of the path. */
static void make_directories(char *path)
{
	for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
}

void history_write(struct history *h)
{
	struct buf path = BUF_INIT, new = BUF_INIT;
	FILE *f = NULL;

	if (!h || !h->changed || !file_path(&path))
		goto out;
	make_directories(path.s);
	buf_printf(&new, "%s.%d", buf_str(&path), (int)getpid());
	f = fopen(buf_str(&new), "we");
	if (!f)
		goto out;
	for (size_t i = 0; i < h->count; i++)
		/* one line per scenario: a path with a newline cannot be stored */
		if (!strchr(h->at[i].path, '\n'))
			fprintf(f, "%016" PRIx64 "\t%s\n", h->at[i].key, h->at[i].path);
	if (fclose(f) || rename(buf_str(&new), buf_str(&path)))
		unlink(buf_str(&new));
out:
	buf_finish(&path);
	buf_finish(&new);
}

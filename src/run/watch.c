/* SPDX-License-Identifier: MIT */
#include "run/watch.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/interrupt.h"

#define SETTLED 100 /* ms without a change, because editors write in several steps */
#define DEPTH_MAX 16

/* Watches the directory, because a file that is replaced is a new file. */
static int watch_directory(int fd, const char *dir)
{
	return inotify_add_watch(fd, dir, IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
				 IN_CREATE | IN_ONLYDIR) < 0 ? -errno : 0;
}

static int watch_below(int fd, const char *dir, int depth)
{
	int rc = watch_directory(fd, dir);
	struct dirent *entry;
	DIR *d = rc || depth == DEPTH_MAX ? NULL : opendir(dir);

	while (d && !rc && (entry = readdir(d))) {
		struct buf path = BUF_INIT;
		struct stat st;

		buf_printf(&path, "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.' && !stat(buf_str(&path), &st) && S_ISDIR(st.st_mode))
			rc = watch_below(fd, buf_str(&path), depth + 1);
		buf_finish(&path);
	}
	if (d)
		closedir(d);
	return rc;
}

static int watch_parent(int fd, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf dir = BUF_INIT;
	int rc;

	if (slash)
		buf_add(&dir, path, slash == path ? 1 : (size_t)(slash - path));
	else
		buf_puts(&dir, ".");
	rc = watch_directory(fd, buf_str(&dir));
	buf_finish(&dir);
	return rc;
}

int watch_open(char *const *path)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), rc = fd < 0 ? -errno : 0;
	struct stat st;

	for (; !rc && *path; path++)
		rc = !stat(*path, &st) && S_ISDIR(st.st_mode) ? watch_below(fd, *path, 0)
							      : watch_parent(fd, *path);
	if (rc && fd >= 0)
		close(fd);
	return rc ? rc : fd;
}

int watch_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char events[4096];
	int ms = -1, n;

	while (!interrupted) {
		n = poll(&p, 1, ms);
		if (!n)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		while (n > 0 && read(fd, events, sizeof(events)) > 0)
			ms = SETTLED;
	}
	return -EINTR;
}

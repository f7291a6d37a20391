/* SPDX-License-Identifier: MIT */
/*
 * The history, in memory and in its file.
 *
 * Each line is appended to the file as soon as it is typed, in one write(), so a killed
 * shell loses nothing, and neither do two shells that run at the same time. (readline's
 * append_history() extends the file first and fills it in afterwards.) readline needs the
 * time stamps to read a block of lines back as one entry.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "lib/buf.h"
#include "lib/host_memory.h"

static const struct terminal *terminal; /* NULL: closed */
static int history_error; /* first error, for history_close() */

static bool keeps_file(void)
{
	return terminal->history_file && terminal->history_size;
}

static bool read_history_file(void)
{
	struct stat st;

	/* Opening a FIFO would wait for a writer. */
	return !stat(terminal->history_file, &st) && S_ISREG(st.st_mode) &&
	       !read_history(terminal->history_file);
}

static void make_parents(const char *file)
{
	char *path = host_strdup(file);

	if (!path)
		return;
	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	free(path);
}

static int open_history_file(void)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = open(terminal->history_file, flags, 0600);
	struct stat st;

	if (fd < 0 && errno == ENOENT) {
		make_parents(terminal->history_file);
		fd = open(terminal->history_file, flags, 0600);
	}
	if (fd < 0)
		return -errno;
	/* leave /dev/null alone, which is a popular history file */
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && (st.st_mode & 0077))
		fchmod(fd, 0600);
	return fd;
}

static int append_to_file(const char *line)
{
	struct buf entry = BUF_INIT;
	int fd = open_history_file();
	int err = 0;
	ssize_t n;

	if (fd < 0)
		return fd;
	buf_printf(&entry, "%c%lld\n%s\n", history_comment_char, (long long)time(NULL), line);
	n = write(fd, buf_str(&entry), entry.len);
	if (n < 0)
		err = -errno;
	else if ((size_t)n < entry.len)
		err = -ENOSPC;
	if (entry.cut)
		err = -ENOMEM;
	buf_finish(&entry);
	close(fd);
	return err;
}

/*
 * Reads the file again, because another shell may have written to it. A line that another
 * shell writes between the two calls is lost; this only happens to a file that has
 * outgrown history_size.
 */
static int trim_file(void)
{
	rl_clear_history();
	unstifle_history();
	if (terminal->history_size < 0 || !read_history_file() || history_length <= terminal->history_size)
		return 0;
	stifle_history(terminal->history_size);
	return -write_history(terminal->history_file);
}

void terminal_remember(const char *line)
{
	const char *last = terminal_history(history_length);
	int err;

	if (!terminal || !*line || *line == ' ' || (last && !strcmp(last, line)))
		return;
	add_history(line);
	if (!keeps_file())
		return;
	err = append_to_file(line);
	if (!history_error)
		history_error = err;
}

const char *terminal_history(int n)
{
	HIST_ENTRY *e = n > 0 ? history_get(history_base + n - 1) : NULL;

	return e ? e->line : NULL;
}

void history_open(const struct terminal *t)
{
	terminal = t;
	history_error = 0;
	history_comment_char = '#';
	history_write_timestamps = 1;
	using_history();
	if (terminal->history_size >= 0)
		stifle_history(terminal->history_size);
	if (keeps_file())
		read_history_file();
}

int history_close(void)
{
	int err = history_error;

	if (keeps_file() && !err)
		err = trim_file();
	rl_clear_history();
	unstifle_history();
	terminal = NULL;
	return err;
}

/* SPDX-License-Identifier: MIT */
/*
 * Reads keys: one pselect() that signals interrupt, and what readline gets instead of a
 * key if it has to abandon the line.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include <readline/readline.h>

#include "lib/interrupt.h"

/*
 * On Ctrl-C the kernel discards unread keys, even if pselect() has already reported them,
 * so read() must not block.
 */
void prepare_terminal(int meta)
{
	struct termios tio;

	/*
	 * In the background, the modes are those of another program, and readline would
	 * save them as ours. tcdrain() stops this process until it is in the foreground.
	 */
	tcdrain(STDIN_FILENO);
	rl_prep_terminal(meta);
	if (tcgetattr(STDIN_FILENO, &tio))
		return;
	tio.c_cc[VMIN] = 0;
	tio.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &tio);
}

static bool line_is_dead(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&in, 1, 0) > 0 && (in.revents & (POLLHUP | POLLERR | POLLNVAL));
}

enum { NO_KEY = -1 };

/* A key, or NO_KEY if the line is to be abandoned; the flags have the reason. */
static int read_key(void)
{
	fd_set in;
	unsigned char key;
	ssize_t n;

	while (!interrupted && !hung_up) {
		if (stopped) {
			stopped = 0;
			stop_here();
		}
		if (resized) {
			resized = 0;
			rl_resize_terminal();
		}
		FD_ZERO(&in);
		FD_SET(STDIN_FILENO, &in);
		if (pselect(STDIN_FILENO + 1, &in, NULL, NULL, NULL, &while_waiting) < 0) {
			if (errno != EINTR)
				hung_up = 1;
			continue;
		}
		n = read(STDIN_FILENO, &key, 1);
		if (n == 1)
			return key;
		if (n < 0 ? errno != EINTR && errno != EAGAIN : line_is_dead())
			hung_up = 1;
	}
	return NO_KEY;
}

static int key_ahead = NO_KEY;

/*
 * Besides the key that edit_line() reads, readline asks for more by itself: during a
 * paste, after a key that came with others, in "Display all 200 possibilities? (y or n)"
 * and in its pager. If the line is to be abandoned, it gets input that ends all of these:
 * "n", and the end of a paste. EOF does not: readline 8.2 then reads past the buffer of
 * the paste, or jumps to a stack frame that has returned.
 */
static const char way_out[] = "n\033[201~";
static size_t way_gone;

int next_key(FILE *in)
{
	int key = key_ahead;

	(void)in;
	key_ahead = NO_KEY;
	if (key == NO_KEY)
		key = read_key();
	hint_erase();
	if (key == NO_KEY)
		key = way_out[way_gone++ % (sizeof(way_out) - 1)];
	return key;
}

bool wait_for_key(void)
{
	if (key_ahead == NO_KEY)
		key_ahead = read_key();
	return key_ahead != NO_KEY;
}

void forget_keys(void)
{
	key_ahead = NO_KEY;
	way_gone = 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * The line editor, on GNU readline 8.
 *
 * readline's own signal handling cannot leave an incremental search or a
 * question on Ctrl-C, so this file drives the callback interface itself: the
 * watched signals are blocked for the whole of terminal_read() except inside
 * pselect(), their handlers only raise flags, and one loop acts on the flags.
 *
 *	          inside terminal_read()           between two reads
 *	SIGINT    drop the line                    `interrupted`
 *	SIGTERM   restore the terminal, then EOF   `interrupted`, the next read is EOF;
 *	SIGHUP    likewise                         a second one kills
 *	SIGQUIT   likewise                         default: kills
 *	SIGTSTP   restore, stop, draw again        default: stops
 *	SIGWINCH  draw again                       noted for the next read
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "lib/buf.h"
#include "lib/interrupt.h"

static const struct terminal *term; /* NULL: closed */
static bool plain;                  /* a terminal that knows no escape codes */
static int history_error;           /* the first one, told by terminal_close() */

/* --- signals ------------------------------------------------------------ */

static volatile sig_atomic_t hung_up, stopped, resized;

static const struct watched {
	int sig;
	bool while_reading_only;
	bool second_kills;   /* code that never looks at the flag must end, too */
	bool may_be_ignored; /* nohup and friends: SIG_IGN that we inherit stays */
} watched[] = {
	{ .sig = SIGINT },
	{ .sig = SIGWINCH },
	{ .sig = SIGTERM, .second_kills = true, .may_be_ignored = true },
	{ .sig = SIGHUP, .second_kills = true, .may_be_ignored = true },
	{ .sig = SIGQUIT, .while_reading_only = true, .may_be_ignored = true },
	{ .sig = SIGTSTP, .while_reading_only = true, .may_be_ignored = true },
};

#define N_WATCHED (sizeof(watched) / sizeof(watched[0]))

static struct sigaction outside[N_WATCHED]; /* what was there before us */
static sigset_t while_waiting;              /* the mask inside pselect() */

static void raise_flag(int sig)
{
	switch (sig) {
	case SIGINT:
		interrupted = 1;
		break;
	case SIGTSTP:
		stopped = 1;
		break;
	case SIGWINCH:
		resized = 1;
		break;
	default:
		/* A script that runs now has to end before the shell can. */
		hung_up = 1;
		interrupted = 1;
	}
}

static void watch(bool while_reading_only)
{
	struct sigaction ours = { .sa_handler = raise_flag };

	sigfillset(&ours.sa_mask);
	for (size_t i = 0; i < N_WATCHED; i++) {
		if (watched[i].while_reading_only != while_reading_only)
			continue;
		sigaction(watched[i].sig, NULL, &outside[i]);
		if (watched[i].may_be_ignored && outside[i].sa_handler == SIG_IGN)
			continue;
		ours.sa_flags = SA_RESTART;
		if (watched[i].second_kills)
			ours.sa_flags |= (int)SA_RESETHAND;
		sigaction(watched[i].sig, &ours, NULL);
	}
}

static void unwatch(bool while_reading_only)
{
	for (size_t i = 0; i < N_WATCHED; i++)
		if (watched[i].while_reading_only == while_reading_only)
			sigaction(watched[i].sig, &outside[i], NULL);
}

/* Returns the mask to go back to. */
static sigset_t hold_signals(void)
{
	sigset_t held, before;

	sigemptyset(&held);
	for (size_t i = 0; i < N_WATCHED; i++)
		sigaddset(&held, watched[i].sig);
	sigprocmask(SIG_BLOCK, &held, &before);
	while_waiting = before;
	for (size_t i = 0; i < N_WATCHED; i++)
		sigdelset(&while_waiting, watched[i].sig);
	return before;
}

/* --- completion --------------------------------------------------------- */

struct offers {
	const char *word;
	size_t word_len;
	char **list;
	size_t len, cap, next;
};

static struct offers *offers; /* rl_completion_matches() passes no context */

static void take_offer(void *to, const char *candidate)
{
	struct offers *o = to;
	char **list = o->list;

	if (strncmp(candidate, o->word, o->word_len) != 0)
		return;
	if (o->len == o->cap) {
		o->cap = o->cap ? 2 * o->cap : 32;
		list = realloc(list, o->cap * sizeof(*list));
		if (!list) {
			o->cap = o->len;
			return;
		}
		o->list = list;
	}
	list[o->len] = strdup(candidate);
	if (list[o->len])
		o->len++;
}

/* What it returns belongs to readline, which sorts and drops duplicates. */
static char *next_offer(const char *word, int state)
{
	(void)word;
	(void)state;
	return offers->next < offers->len ? offers->list[offers->next++] : NULL;
}

static char **complete_word(const char *word, int start, int end)
{
	struct offers o = { .word = word, .word_len = strlen(word) };
	char **matches;
	char behind;

	rl_attempted_completion_over = 1; /* else: file names */
	if (!term->complete)
		return NULL;
	behind = term->complete(term->ctx, rl_line_buffer, (size_t)start, (size_t)end, take_offer,
				&o);
	rl_completion_append_character = behind;
	offers = &o;
	matches = rl_completion_matches(word, next_offer);
	offers = NULL;
	free(o.list);
	return matches;
}

/* --- history ------------------------------------------------------------ */

/*
 * Each line goes to the file when it is typed, in one write() behind what is
 * there: a killed shell loses nothing, and neither do two shells side by side.
 * (readline's append_history() grows the file first and fills it afterwards.)
 * The time stamps are what readline needs to read a block back as one entry.
 */

static bool keeps_file(void)
{
	return term->history_file && term->history_size;
}

static bool read_history_file(void)
{
	struct stat st;

	/* Opening a FIFO would wait for a writer. */
	return !stat(term->history_file, &st) && S_ISREG(st.st_mode) &&
	       !read_history(term->history_file);
}

static void make_parents(const char *file)
{
	char *path = strdup(file);

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
	int fd = open(term->history_file, flags, 0600);
	struct stat st;

	if (fd < 0 && errno == ENOENT) {
		make_parents(term->history_file);
		fd = open(term->history_file, flags, 0600);
	}
	if (fd < 0)
		return -errno;
	/* Not for /dev/null, which is a popular history file. */
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
 * Reads the file again, since another shell may have written to it. A line
 * that the other one writes between the two calls is lost; this happens only
 * to a file that has outgrown history_size.
 */
static int trim_file(void)
{
	rl_clear_history();
	unstifle_history();
	if (term->history_size < 0 || !read_history_file() || history_length <= term->history_size)
		return 0;
	stifle_history(term->history_size);
	return -write_history(term->history_file);
}

void terminal_remember(const char *line)
{
	const char *last = terminal_history(history_length);
	int err;

	if (!term || !*line || *line == ' ' || (last && !strcmp(last, line)))
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

/* --- the prompt --------------------------------------------------------- */

/* Length of the escape sequence that stands at s; 0: none does. */
static size_t escape_len(const char *s)
{
	size_t n = 2;

	if (s[0] != '\033')
		return 0;
	if (s[1] != '[')
		return s[1] ? 2 : 1;
	while (s[n] && (s[n] < '@' || s[n] > '~'))
		n++;
	return s[n] ? n + 1 : n;
}

/* readline has to be told what takes no room on the line. */
static void mark_escapes(struct buf *out, const char *prompt)
{
	while (*prompt) {
		size_t n = escape_len(prompt);

		if (n && !plain) {
			buf_putc(out, RL_PROMPT_START_IGNORE);
			buf_add(out, prompt, n);
			buf_putc(out, RL_PROMPT_END_IGNORE);
		} else if (!n) {
			buf_putc(out, *prompt);
			n = 1;
		}
		prompt += n;
	}
}

/* --- one line ----------------------------------------------------------- */

/* A paste or a block from the history: many lines, handed out one by one. */
static struct {
	bool done;
	char *text; /* NULL when done: end of input, or all handed out */
	char *next;
} answer;

static void take_answer(char *text)
{
	/* At once, or readline would draw the next prompt itself. */
	rl_callback_handler_remove();
	/* What a key macro has yet to type waits for the next prompt. */
	rl_readline_state &= ~(unsigned long)RL_STATE_MACROINPUT;
	answer.done = true;
	answer.text = answer.next = text;
}

static void drop_answer(void)
{
	free(answer.text);
	answer.done = false;
	answer.text = answer.next = NULL;
}

static char *next_line(void)
{
	char *end = strchrnul(answer.next, '\n');
	char *line = strndup(answer.next, (size_t)(end - answer.next));

	if (*end && end[1])
		answer.next = end + 1;
	else
		drop_answer();
	return line;
}

static void end_row(void)
{
	rl_crlf();
	fflush(rl_outstream);
}

static void stop_here(void)
{
	struct sigaction ours, standard = { .sa_handler = SIG_DFL };
	sigset_t tstp;

	rl_echo_signal_char(SIGTSTP);
	rl_cleanup_after_signal();
	fflush(rl_outstream);

	sigemptyset(&tstp);
	sigaddset(&tstp, SIGTSTP);
	sigaction(SIGTSTP, &standard, &ours);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &tstp, NULL);
	/* Here the process stands still until SIGCONT. */
	sigprocmask(SIG_BLOCK, &tstp, NULL);
	sigaction(SIGTSTP, &ours, NULL);

	rl_reset_after_signal();
	rl_reset_screen_size(); /* a stopped job is not told about a new size */
	rl_forced_update_display();
}

/*
 * Ctrl-C makes the kernel throw away the keys that nobody has read yet, also
 * those that pselect() has just announced. read() must not wait for them.
 */
static void prepare_terminal(int meta)
{
	struct termios tio;

	/*
	 * In the background the modes are those of another program, and readline
	 * would keep them as ours. The kernel stops us here until it is our turn.
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

/* A key, or NO_KEY when the line is to be left: the flags say why. */
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
 * Besides the key that edit_line() has read, readline asks for more on its own:
 * in the middle of a paste, behind a key that came with others, in "Display all
 * 200 possibilities? (y or n)", in its pager. When the line is to be left it
 * gets what brings it back from each: "n", and the end of a paste. EOF does not;
 * readline 8.2 then reads behind the buffer of the paste, or jumps to a stack
 * frame that has returned.
 */
static const char way_out[] = "n\033[201~";
static size_t way_gone;

static int next_key(FILE *in)
{
	int key = key_ahead;

	(void)in;
	key_ahead = NO_KEY;
	if (key == NO_KEY)
		key = read_key();
	if (key == NO_KEY)
		key = way_out[way_gone++ % (sizeof(way_out) - 1)];
	return key;
}

static enum terminal_event leave_line(void)
{
	key_ahead = NO_KEY;
	way_gone = 0;
	if (answer.done) {
		drop_answer();
	} else {
		/* A search, a count or whatever else is half-done ends first. */
		rl_callback_sigcleanup();
		rl_clear_pending_input();
		rl_free_line_state();
		rl_readline_state &= ~(unsigned long)RL_STATE_MACROINPUT;
		rl_point = rl_end;
		rl_redisplay();
		if (!hung_up)
			rl_echo_signal_char(SIGINT);
		rl_callback_handler_remove();
		end_row();
	}
	interrupted = 0;
	return hung_up ? TERMINAL_EOF : TERMINAL_INTERRUPTED;
}

static enum terminal_event edit_line(void)
{
	if (rl_executing_macro) {
		RL_SETSTATE(RL_STATE_MACROINPUT);
		rl_callback_read_char();
	}
	while (!answer.done) {
		if (key_ahead == NO_KEY)
			key_ahead = read_key();
		if (key_ahead != NO_KEY)
			rl_callback_read_char();
		/* What came after Ctrl-C may have ended the line: not an answer. */
		if (interrupted || hung_up)
			return leave_line();
	}
	if (answer.text)
		return TERMINAL_LINE;
	/* Turning bracketed paste off at EOF, readline ends the row itself. */
	if (strcmp(rl_variable_value("enable-bracketed-paste"), "on") != 0)
		end_row();
	return TERMINAL_EOF;
}

static enum terminal_event ask(const char *prompt)
{
	struct buf marked = BUF_INIT;
	sigset_t before = hold_signals();
	enum terminal_event event;

	watch(true);
	answer.done = false;
	rl_eof_found = 0; /* of a block that Ctrl-D ended: it would end rows */
	mark_escapes(&marked, prompt);
	rl_callback_handler_install(buf_str(&marked), take_answer);
	event = edit_line();
	unwatch(true);
	sigprocmask(SIG_SETMASK, &before, NULL);
	buf_finish(&marked);
	return event;
}

enum terminal_event terminal_read(const char *prompt, char **line)
{
	enum terminal_event event = TERMINAL_LINE;

	*line = NULL;
	fflush(stdout);
	if (interrupted || hung_up) {
		/*
		 * Ctrl-C since the last read. Who ran then may or may not have
		 * seen it; if it came between two lines of a block, or of a
		 * paste, the block has to go.
		 */
		interrupted = 0;
		drop_answer();
		return hung_up ? TERMINAL_EOF : TERMINAL_INTERRUPTED;
	}
	if (!answer.text)
		event = ask(prompt);
	if (event == TERMINAL_LINE)
		*line = next_line();
	return event;
}

/* --- open and close ----------------------------------------------------- */

static int ring(int count, int key)
{
	(void)count;
	(void)key;
	return rl_ding();
}

/* readline keeps the map of a prefix where other keys have their function. */
static Keymap map_behind(const KEYMAP_ENTRY *prefix)
{
	Keymap map;

	memcpy(&map, &prefix->function, sizeof(map));
	return map;
}

/*
 * readline 8.2 leaves a key sequence that it does not know by longjmp(). After
 * a search has handed the sequence on, as in Ctrl-R Ctrl-X Ctrl-E, the frame it
 * jumps to is gone. So there is no unknown key behind a prefix: each rings.
 */
static void close_dead_ends(Keymap map)
{
	/* The prefix means something alone, too: an unknown key gives that. */
	if (map[ANYOTHERKEY].function)
		return;
	for (int key = 0; key < ANYOTHERKEY; key++) {
		if (map[key].type == ISKMAP)
			close_dead_ends(map_behind(&map[key]));
		else if (map[key].type == ISFUNC &&
			 (!map[key].function || map[key].function == rl_abort))
			map[key].function = ring;
	}
}

static void close_all_dead_ends(void)
{
	Keymap maps[] = { emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap };

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		for (int key = 0; key < ANYOTHERKEY; key++)
			if (maps[i][key].type == ISKMAP)
				close_dead_ends(map_behind(&maps[i][key]));
}

int terminal_open(const struct terminal *t)
{
	const char *name = getenv("TERM");

	if (term)
		return -EBUSY;
	if (!isatty(STDIN_FILENO))
		return -ENOTTY;
	term = t;
	plain = !name || !*name || !strcmp(name, "dumb");
	history_error = 0;

	rl_readline_name = "devsh"; /* "$if devsh" in an inputrc */
	rl_instream = stdin;
	rl_outstream = isatty(STDOUT_FILENO) ? stdout : stderr;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0; /* LINES and COLUMNS would be stale in a pager */
	rl_prep_term_function = prepare_terminal;
	rl_getc_function = next_key;
	rl_attempted_completion_function = complete_word;
	rl_completer_word_break_characters = " \t\n;={}$|>(),'\"";
	rl_special_prefixes = "$"; /* "a$na": the word is "$na" */
	rl_initialize();
	close_all_dead_ends();
	if (plain)
		rl_variable_bind("enable-bracketed-paste", "off");

	history_comment_char = '#';
	history_write_timestamps = 1;
	using_history();
	if (t->history_size >= 0)
		stifle_history(t->history_size);
	if (keeps_file())
		read_history_file();

	hung_up = stopped = resized = 0;
	watch(false);
	return 0;
}

int terminal_close(void)
{
	int err = history_error;

	if (!term)
		return 0;
	if (keeps_file() && !err)
		err = trim_file();
	rl_clear_history();
	unstifle_history();
	drop_answer();
	unwatch(false);
	term = NULL;
	return err;
}

/* SPDX-License-Identifier: MIT */
/*
 * Statements on a machine. One struct shell is one session: a machine, a Lua
 * state that also holds the variables, and where output goes.
 *
 *   terminal / file / -c  ->  parse  ->  shell_run  ->  call_run  ->  view
 */
#ifndef DEVSH_SHELL_SHELL_H
#define DEVSH_SHELL_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <devsh/call.h>

#include "lib/buf.h"
#include "lua/script.h"
#include "shell/parse.h"
#include "view/view.h"

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,      /* a call or a scenario failed */
	EXIT_USAGE = 2,       /* command line, or a file that cannot be read or written */
	EXIT_SYNTAX = 3,
	EXIT_SCRIPT = 4,      /* a Lua error */
	EXIT_MEMORY = 5,      /* memory is lost at the end: --leak-check=error */
	EXIT_COMPLAINT = 6,   /* the kernel complained, and nobody expected it */
	EXIT_INTERRUPTED = 130,
};

/* exit.c: each of them in words, ended by an entry without text */
struct exit_meaning {
	int code;
	const char *text;
};
extern const struct exit_meaning exit_meaning[];

struct builtin;

struct shell_config {
	const char *boot;     /* boot parameters; must outlive the session */
	bool interactive, keep_going, json, confined, forward, colour;
	const struct builtin *(*builtin)(const struct call *c); /* builtin_find */
	enum leak_check { LEAK_CHECK_YES, LEAK_CHECK_NO, LEAK_CHECK_ERROR } leak_check;
};

struct shell {
	struct machine *machine;
	struct script *script;
	const struct builtin *(*builtin)(const struct call *c); /* what runs the shell's own */
	struct view_style style;
	int rows;             /* of the terminal; 0: no pager */
	bool interactive;     /* at a terminal: go on after errors */
	bool keep_going;
	bool json;
	bool confined;        /* no pipes, no files: scenarios of strangers */
	bool forward;         /* no way back: steps are not kept */
	bool verbose;         /* show lines as they run */
	bool quit;
	bool misuse;          /* the last statement, or one that ran inside, was no call at all */
	int callback_status;  /* enum exit_code: of the first callback that failed in this statement */
	bool stop;            /* the file that runs ends here */
	int status;           /* enum exit_code: of the last statement that failed */

	const char *file;     /* of the lines that run, for messages; NULL: the prompt */
	const char *source;   /* their text, for verbose; NULL: not kept */
	int shown;            /* lines of it that verbose has shown */
	int sources;          /* nested `source` */
	int nested;           /* blocks that run inside of calls */
	int expects;          /* > 0: what the kernel kills is part of a complaint that is expected */
	uint32_t deaths;      /* of tasks in this boot, when the statement began */
	uint32_t death_told;  /* which of them was told of */
	int quiet;            /* > 0: results of nested calls are not shown */
	uint64_t log_seen;    /* number of the next line to show */
	uint32_t log_boot;

	struct buf *capture;  /* output of `> file` and `| command`, or NULL */
	bool plain;           /* it is text for a file of the machine: a result and no more */
	struct buf *around;   /* ... and errors go where output went before */
	bool output_failed;   /* standard output is gone or full */
	bool json_told;       /* the statement's error is in the document */
	bool json_open;       /* the first object of the document was written */
	bool lua_mode;        /* lines at the prompt are Lua */
	char **name;          /* files that ran */
	int names;

	const char *boot;     /* parameters of the first boot, the caller's */
	const char *script_name; /* and arguments, for the script's "arg"; or NULL */
	char *const *args;
	struct steps *steps;  /* what was done, to go back; NULL: nothing */
	bool replaying;       /* again, silently: nothing outside is touched */
	bool changed;         /* the statement changed something that is no machine */
	const char *once;     /* why what runs cannot be replayed, or NULL */
	struct buf *call_error;   /* where the first error goes that nobody is shown, or NULL */
	struct buf *script_error; /* where errors of Lua go while a failure is tried, or NULL */
	enum leak_check leak_check; /* at the end: say what is lost */
	bool compared;        /* one of several machines side by side */
};

/* 0, or -errno with a line in why. */
int shell_init(struct shell *sh, const struct shell_config *c, char *why, size_t whysize);
/* Ends the output, too. Returns the exit code. */
int shell_finish(struct shell *sh);
/* "arg" of scripts; must outlive the session. */
void shell_set_args(struct shell *sh, const char *name, char *const *args);

/* --- session.c ---------------------------------------------------------------- */

/*
 * A machine as the session booted it first, with a script, in place of those
 * that sh holds; they stay the caller's. 0, or -errno with a line in why.
 */
int session_boot(struct shell *sh, char *why, size_t whysize);
void session_halt(struct machine *m, struct script *s);
/* A file's name that lives as long as the session: blocks remember theirs. */
const char *keep_name(struct shell *sh, const char *name);

/* --- shell.c, source.c ------------------------------------------------------------ */

/* Run statements; EXIT_OK or the code of the one that failed. */
int shell_run(struct shell *sh, const struct block *b);

/* Text of a file, of -c, or of standard input, as `name`; a NUL is behind it. */
int shell_text(struct shell *sh, const char *name, const char *text, size_t len);
/* A file: Lua when its name ends in .lua, else lines. "-" is standard input. */
int shell_file(struct shell *sh, const char *path);
int shell_lua(struct shell *sh, const char *name, const char *text, size_t len);

/* A line that was typed as Lua. */
int shell_lua_line(struct shell *sh, const char *text);

/* The whole of a file; "-" is standard input. 0 or -errno. */
int read_file(const char *path, struct buf *out);

/* One statement: EXIT_OK or what failed; result->err is what a block ends with. */
struct block_result;
int run_statement(struct shell *sh, const struct statement *s, struct block *within,
		  struct block_result *result, struct value *value);

/* A call with its words bound, made and answered; of what a block does see run_statement(). */
int make_call(struct shell *sh, const struct call *c, const struct statement *s,
	      struct block *within, struct block_result *result, struct value *value);

/* --- alone.c ------------------------------------------------------------------ */

/* True: no call stands there but a value, or what was meant as one; *status says how it went. */
bool value_statement(struct shell *sh, const struct statement *s, int *status);

/* --- steps.c ------------------------------------------------------------------ */

/*
 * What was done, statement by statement. Runs are deterministic: to go back is
 * to run the statements of before again, on a machine as it was booted first.
 */

/* What a statement that changes nothing leaves as it was. */
struct step_mark {
	uint32_t step;
	uint64_t log, now;
	uint64_t writes;      /* through pointers, which are no calls */
	uint64_t moves;       /* times that steps were kept or gone through */
};

/* Before and after a statement at the top; inside of blocks they do nothing. */
struct step_mark steps_begin(struct shell *sh);
void steps_end(struct shell *sh, const struct step_mark *before, struct block *b, int index);
/* The same for Lua: a whole file, or a line when file is NULL. */
void steps_end_lua(struct shell *sh, const struct step_mark *before, const char *file,
		   const char *text, size_t len);
/* What happened outside of statements: nobody can go to before it. */
void steps_forget(struct shell *sh);
void steps_finish(struct shell *sh);

/* A machine at another step, beside that of the session. */
struct past {
	struct machine *machine;
	struct script *script;
};

/* --- undo.c ------------------------------------------------------------------- */

/* Text on one line: a new line, and the blanks around it, is one blank. */
void squeeze(const char *text, struct buf *out);

/* --- diff.c ------------------------------------------------------------------- */

/* Rows with what is at the past machine ('-') or now ('+') only. */
void diff_machines(const struct past *then, const struct past *now, struct result *r);

/* --- output.c --------------------------------------------------------------- */

void shell_write(struct shell *sh, const char *text, size_t len);
/* All that was written so far goes out; a failure is told once. */
void shell_flush(struct shell *sh);
void shell_error(struct shell *sh, int line, int col, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* An object of its own in the JSON document; nothing without --json. */
void shell_json_text(struct shell *sh, const char *key, const char *text, const char *where);
/* What the kernel said since the last time, from warnings on. */
void shell_show_log(struct shell *sh);
void shell_show_result(struct shell *sh, const struct call *c, const struct result *r,
		       const char *assign, uint64_t log_from);
/* What the call could say beyond the kernel's words. */
void shell_show_note(struct shell *sh, const struct call *c, const char *note);
/* True: what the statement prints goes to a file of the simulated machine. */
bool shell_writes_node(const struct statement *s);
/* Write captured output where the statement wants it. 0 or -errno. */
int shell_redirect(struct shell *sh, const struct statement *s, const struct buf *out);

/* --- words.c ---------------------------------------------------------------- */

/* A call by its name or one of the other words for it; NULL: none. */
const struct call *find_name(const char *name);
/* A word as text, variables put in. False: an error was shown. */
bool word_text(struct shell *sh, const struct word *w, struct buf *out);
/* "name=" of a parameter in front of a word: the parameter or -1, and its length. */
int named_param(const struct call *c, const struct word *w, size_t *skip);
/* All arguments of a call from words; strings live in `text`. False: error shown. */
bool bind_words(struct shell *sh, const struct call *c, const struct statement *s,
		struct block *within, struct value *arg, struct buf *text);

/* --- code.c ----------------------------------------------------------------- */

/* A block as code; takes a reference to it. NULL: no memory. */
struct code *block_code(struct shell *sh, struct block *b);
/* The words of s from `first` on as one call; quiet: its result is not shown. */
struct code *words_code(struct shell *sh, const struct statement *s, int first,
			struct block *within, bool quiet);
/* -errno that a block ends with: of a `return`, or of a failed call. */
struct block_result {
	int err;
	bool returned;
	bool died;     /* the kernel killed the task that ran the statement that failed */
	int64_t value;
};
/* EXIT_OK, or the code of the statement that failed. */
int shell_run_block(struct shell *sh, const struct block *b, struct block_result *result);
/* One statement inside of a call; `quiet`: for trace and its kin. */
int shell_run_statement(struct shell *sh, const struct statement *s, struct block *within,
			struct block_result *result, struct value *value);

/* --- render.c --------------------------------------------------------------- */

/* The Lua that does what the statement does, with '\n'. */
void render_lua(const struct statement *s, struct buf *out);

/* --- complete.c ------------------------------------------------------------- */

char shell_complete(void *ctx, const char *line, size_t start, size_t end,
		    void (*offer)(void *to, const char *candidate), void *to);

/* --- prompt.c --------------------------------------------------------------- */

/* Read and run until the end of input. */
int shell_prompt(struct shell *sh);

/* --- run.c ------------------------------------------------------------------ */

enum report_format { REPORT_PRETTY, REPORT_TAP, REPORT_JUNIT };

struct run_options {
	enum report_format format;
	const char *filter;   /* Lua pattern's plain text in the name; NULL: all */
	const char *seed;
	const char *boot;
	bool list, colour;
	bool no_leaks;        /* scenarios fail that lose memory */
	char *const *path;    /* NULL-terminated files and directories */
};

int run_scenarios(const struct run_options *o);
/* The scenarios that a script described: `devsh FILE.lua`. */
int run_described(struct shell *sh, const struct run_options *o);

#endif

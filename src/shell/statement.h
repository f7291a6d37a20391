/* SPDX-License-Identifier: MIT */
/*
 * Statements and blocks. A block runs statements, a statement makes a call, and the words
 * of the call may contain blocks, so statement.c, invoke.c, words.c and block.c depend on
 * each other in a circle.
 */
#ifndef DEVSH_SHELL_STATEMENT_H
#define DEVSH_SHELL_STATEMENT_H

#include "shell/shell.h"

/* How a block ended: by `return`, or because a call failed. */
struct block_result {
	int err;       /* -errno */
	bool returned;
	bool died;     /* the kernel killed the task that ran the failed statement */
	int64_t value;
};

/* --- statement.c -------------------------------------------------------------- */

/* EXIT_OK, or the code of what failed; result->err is the errno of the block. */
int run_statement(struct shell *sh, const struct statement *s, struct block *within,
		  struct block_result *result, struct value *value);
/* Runs the whole block. EXIT_OK, or the code of the statement that failed. */
int run_block(struct shell *sh, const struct block *b, struct block_result *result);

/* --- invoke.c ----------------------------------------------------------------- */

/* Binds the words, makes the call and shows its result. Returns as run_statement(). */
int make_call(struct shell *sh, const struct call *c, const struct statement *s,
	      struct block *within, struct block_result *result, struct value *value);

/* --- words.c ------------------------------------------------------------------ */

/* Converts all words to arguments, whose strings are in `text`. False: error shown. */
bool bind_words(struct shell *sh, const struct call *c, const struct statement *s,
		struct block *within, struct value *arg, struct buf *text);

/* --- block.c ------------------------------------------------------------------ */

/* A block as code; takes over a reference. NULL: no memory. */
struct code *block_code(struct shell *sh, struct block *b);
/* The words of s from `first` on as a call; quiet: its result is not shown. */
struct code *words_code(struct shell *sh, const struct statement *s, int first,
			struct block *within, bool quiet);

/* --- answer.c ----------------------------------------------------------------- */

/*
 * Shows the outcome of a call; errors name it `who`. EXIT_OK, or the code of what failed,
 * with the -errno in block->err.
 */
int show_answer(struct shell *sh, const struct call *c, const char *who,
		const struct statement *s, const char *assigned, const struct result *r,
		uint64_t log_from, struct block_result *block);
/* Shows an error of Lua; with several callbacks, one line for each. */
void show_script_errors(struct shell *sh, const struct statement *s, const char *text);

/* --- value.c ------------------------------------------------------------------ */

/* A value instead of a call: "n = 64", "$p". */
enum value_statement {
	VALUE_NONE,    /* it is a call, or looks like one */
	VALUE_WRONG,   /* an error was shown */
	VALUE_ASSIGN,
	VALUE_PRINT,
};

enum value_statement value_statement(struct shell *sh, const struct statement *s);
/* Assigns to the variable of the statement, if it has one. False: an error was shown. */
bool assign_value(struct shell *sh, const struct statement *s, const struct value *v);
/* EXIT_OK, or the code of an error that was shown. */
int value_assign(struct shell *sh, const struct statement *s);

/* "$p", "$p+4" or "p", as a statement that prints the value. */
struct value_echo {
	struct statement statement;
	struct word word[2];
	struct segment name, seg[2];
	struct buf text;
};

/* Valid as long as s; finish it with buf_finish(&e->text). */
void value_echo(struct shell *sh, const struct statement *s, struct value_echo *e);

/* --- misspelt.c --------------------------------------------------------------- */

/* Shows an error for a name that is not a call, with a suggestion. */
void show_misspelt(struct shell *sh, const struct statement *s, const char *name);
/* "delete: no such call; did you mean ...?" */
void no_such_call(const char *name, char *why, size_t size);
/* For a test: row i of other words for calls, and the calls meant; NULL: past the end. */
const char *misspelt_meant(size_t i, const char **words);

/* --- word.c ------------------------------------------------------------------- */

/* A call by its name or by an alias; NULL: none. */
const struct call *find_name(const char *name);
/* ... for the parser */
bool is_call(const char *name);
/* A parser that knows the calls; more: Lua may continue on further lines. */
struct parse call_parser(const struct shell *sh, bool more);
/* A variable of Lua, or "?". False: it is not set. */
bool get_variable(struct shell *sh, const char *name, struct value *v, struct buf *text);
/* The same; false: an error was shown. */
bool variable_value(struct shell *sh, const struct word *w, const char *name,
		    struct value *v, struct buf *text);
/* A word as text, with variables replaced. False: an error was shown. */
bool word_text(struct shell *sh, const struct word *w, struct buf *out);
/* For a word "name=...": the number of the parameter, or -1, and the length of "name=". */
int named_param(const struct call *c, const struct word *w, size_t *skip);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Statements, and the blocks that they are made of and hand to calls. A block
 * runs statements, a statement makes a call, the call's words may hold blocks:
 * statement.c, invoke.c, words.c and block.c lead in a circle.
 */
#ifndef DEVSH_SHELL_STATEMENT_H
#define DEVSH_SHELL_STATEMENT_H

#include "shell/shell.h"

/* What a block ends with: of a `return`, or of a failed call. */
struct block_result {
	int err;       /* -errno */
	bool returned;
	bool died;     /* the kernel killed the task that ran the statement that failed */
	int64_t value;
};

/* --- statement.c -------------------------------------------------------------- */

/* EXIT_OK or what failed; result->err is what a block ends with. */
int run_statement(struct shell *sh, const struct statement *s, struct block *within,
		  struct block_result *result, struct value *value);
/* All of a block: EXIT_OK, or the code of the statement that failed. */
int run_block(struct shell *sh, const struct block *b, struct block_result *result);

/* --- invoke.c ----------------------------------------------------------------- */

/* A call with its words bound, made and answered; of what a block does see run_statement(). */
int make_call(struct shell *sh, const struct call *c, const struct statement *s,
	      struct block *within, struct block_result *result, struct value *value);

/* --- words.c ------------------------------------------------------------------ */

/* All arguments of a call from words; strings live in `text`. False: error shown. */
bool bind_words(struct shell *sh, const struct call *c, const struct statement *s,
		struct block *within, struct value *arg, struct buf *text);

/* --- block.c ------------------------------------------------------------------ */

/* A block as code; takes a reference to it. NULL: no memory. */
struct code *block_code(struct shell *sh, struct block *b);
/* The words of s from `first` on as one call; quiet: its result is not shown. */
struct code *words_code(struct shell *sh, const struct statement *s, int first,
			struct block *within, bool quiet);

/* --- answer.c ----------------------------------------------------------------- */

/*
 * Shows what came out of a call, the error under the name `who`. EXIT_OK, or
 * what failed, with the -errno in block->err.
 */
int show_answer(struct shell *sh, const struct call *c, const char *who,
		const struct statement *s, const char *assigned, const struct result *r,
		uint64_t log_from, struct block_result *block);
/* An error of Lua; those of several callbacks are lines. */
void show_script_errors(struct shell *sh, const struct statement *s, const char *text);

/* --- value.c ------------------------------------------------------------------ */

/* A value in the place of a call: "n = 64", "$p". */
enum value_statement {
	VALUE_NONE,    /* it is a call, or meant as one */
	VALUE_WRONG,   /* an error was shown */
	VALUE_ASSIGN,
	VALUE_PRINT,
};

enum value_statement value_statement(struct shell *sh, const struct statement *s);
/* A value for the variable that the statement names, if any. False: an error was shown. */
bool assign_value(struct shell *sh, const struct statement *s, const struct value *v);
/* EXIT_OK, or what failed and was shown. */
int value_assign(struct shell *sh, const struct statement *s);

/* "$p", "$p+4" or "p" as the statement that prints it. */
struct value_echo {
	struct statement statement;
	struct word word[2];
	struct segment name, seg[2];
	struct buf text;
};

/* Lives as long as s; finish with buf_finish(&e->text). */
void value_echo(struct shell *sh, const struct statement *s, struct value_echo *e);

/* --- misspelt.c --------------------------------------------------------------- */

/* Shows an error for a name that is not a call, with what would be right. */
void show_misspelt(struct shell *sh, const struct statement *s, const char *name);
/* "delete: no such call; did you mean ...?" */
void no_such_call(const char *name, char *why, size_t size);
/* For a test: the i-th row of words that are no calls; returns the calls meant; NULL: past the end. */
const char *misspelt_meant(size_t i, const char **words);

/* --- word.c ------------------------------------------------------------------- */

/* A call by its name or one of the other words for it; NULL: none. */
const struct call *find_name(const char *name);
/* ... for the parser */
bool is_call(const char *name);
/* A parser that knows what calls there are; more: Lua may go on over lines. */
struct parse call_parser(const struct shell *sh, bool more);
/* A variable of Lua's, or "?". False: it is not set, or has no value. */
bool get_variable(struct shell *sh, const char *name, struct value *v, struct buf *text);
/* The same; false: an error was shown. */
bool variable_value(struct shell *sh, const struct word *w, const char *name,
		    struct value *v, struct buf *text);
/* A word as text, variables put in. False: an error was shown. */
bool word_text(struct shell *sh, const struct word *w, struct buf *out);
/* "name=" of a parameter in front of a word: the parameter or -1, and its length. */
int named_param(const struct call *c, const struct word *w, size_t *skip);

#endif

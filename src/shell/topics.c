/* SPDX-License-Identifier: MIT */
/* Help about the shell itself: help syntax, help variables, help keys, help exit-codes. */
#include "shell/builtin.h"

#include <stdio.h>

#include "call/topic.h"

struct line {
	const char *name, *text;
};

static void add_lines(struct call_ctx *c, const char *heading, const struct line *line)
{
	for (; line->name; line++)
		topic_row(c, heading, line->name, line->text);
}

static void syntax_page(struct call_ctx *c)
{
	static const struct line lines[] = {
		{ "CALL ARGUMENT ...", "a call; arguments in order, or as name=value" },
		{ "p = CALL", "keep what it returns; $p reads it" },
		{ "n = 64, s = \"text\"", "keep a value" },
		{ "a; b", "one after the other; a new line does the same" },
		{ "# text, // text", "a comment" },
		{ "\\ at the end", "the line goes on below" },
		{ "{ a; b }", "code for later: probe={ ... }, an action, a function" },
		{ "return -ENODEV", "ends a block with a result" },
		{ "! CALL", "expects the call to fail" },
		{ "warns \"text\" CALL", "expects the kernel to complain" },
		{ "CALL > FILE", "its output to a file; /sys and /proc are the machine's" },
		{ "CALL | COMMAND", "its output to a command of the host" },
		{ "= EXPRESSION, lua CODE", "Lua; 'lua' alone reads Lua until an empty line" },
		{ "CALL --lua", "shows the call in Lua" },
		{ NULL, NULL },
	};
	static const struct line values[] = {
		{ "size", "64, 0x40, 0b1000, 4k, 16M, SIZE_MAX" },
		{ "number", "-12, 12, -ENOMEM" },
		{ "flags", "GFP_KERNEL|__GFP_ZERO, without blanks; see 'help flags'" },
		{ "pointer", "$p, $p+16, 0xffff888001000028, NULL" },
		{ "text", "a word, \"with $name\" or 'as it is'" },
		{ NULL, NULL },
	};

	add_lines(c, "LINES", lines);
	add_lines(c, "VALUES", values);
}

static void variables_page(struct call_ctx *c)
{
	static const struct line lines[] = {
		{ "p = CALL, n = 64", "set a variable; Lua sees it as the global p" },
		{ "$p, ${p}", "its value; on a line of its own it is printed" },
		{ "$p+16", "a pointer 16 bytes further" },
		{ "\"$p\"", "its value in a text; in single quotes $ is only a $" },
		{ "$?", "how the last statement ended: 0, or its exit code" },
		{ NULL, NULL },
	};
	static const struct line blocks[] = {
		{ "$dev", "the device, in a probe, a remove or a match" },
		{ "$drv", "the driver, in a match of a bus" },
		{ "$data", "what an action or a release function was given" },
		{ NULL, NULL },
	};

	add_lines(c, "VARIABLES", lines);
	add_lines(c, "IN BLOCKS", blocks);
	topic_row(c, "DESCRIPTION", "", "'boot' removes pointers, devices and drivers, and the "
		  "variables that hold them; numbers and text stay.");
}

static void keys_page(struct call_ctx *c)
{
	static const struct line lines[] = {
		{ "TAB", "completes the word; twice: lists what fits" },
		{ "Up, Down", "earlier and later lines" },
		{ "Ctrl-R", "looks for an earlier line by a part of it" },
		{ "Ctrl-C", "drops the line, or interrupts what runs; a second one ends what does "
			    "not respond, and the steps are run again" },
		{ "Ctrl-D", "on an empty line: leaves" },
		{ "Ctrl-L", "clears the screen" },
		{ "Ctrl-A, Ctrl-E", "to the beginning, the end of the line" },
		{ "Ctrl-W, Ctrl-U, Ctrl-K", "delete a word, all before, all after the cursor" },
		{ "Ctrl-Z", "stops devsh; 'fg' of your shell continues it" },
		{ NULL, NULL },
	};

	add_lines(c, "KEYS", lines);
	topic_row(c, "DESCRIPTION", "", "The line editor is GNU readline: an inputrc can bind other keys "
		  "('$if devsh').");
}

static void exit_codes_page(struct call_ctx *c)
{
	char code[12];

	for (const struct exit_meaning *e = exit_meaning; e->text; e++) {
		snprintf(code, sizeof(code), "%d", e->code);
		topic_row(c, "EXIT CODES", code, e->text);
	}
	topic_row(c, "DESCRIPTION", "", "$? has the code of the last statement. A session at the prompt "
		  "ends with 0, and 'quit N' with N.");
}

const struct topic shell_topics[] = {
	{ "syntax", "how lines are written", syntax_page },
	{ "variables", "$name, $?, and what blocks get", variables_page },
	{ "keys", "what keys do at the prompt", keys_page },
	{ "exit-codes", "what devsh exits with, and $?", exit_codes_page },
	{ NULL, NULL, NULL },
};

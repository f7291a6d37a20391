/* SPDX-License-Identifier: MIT */
/* save: the recorded steps as a script. */
#include "shell/kept.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "call/entry.h"
#include "shell/builtin.h"
#include "shell/script_text.h"

static int run_save(const struct invocation *in);

const struct builtin save_builtins[] = {
	{
		.call = {
			.name = "save", .subject = "Shell",
			.summary = "write the steps so far to a file, as a script",
			.param = { { "file", P_FILE, NULL, false, "a new file, or one to overwrite" } },
			.returns = "nothing",
			.detail = "'devsh FILE' runs them again. Lines that only looked are not in it, nor "
				  "what undo took back. A line that failed gets a '!', one at which the "
				  "kernel complained is in warns { }. --record FILE writes every line that is "
				  "typed.",
		},
		.flags = BUILTIN_ALONE | BUILTIN_STEPS | BUILTIN_OUTSIDE, .run = run_save,
	},
	{ .run = NULL },
};

/* A first line "#!" is the system's. */
static const char *without_interpreter(const char *text)
{
	return *text == '#' ? text + strcspn(text, "\n") : text;
}

static void add_step(struct shell *sh, const struct kept *k, struct buf *out)
{
	if (k->block)
		script_text_statement(sh, &k->block->stmt[k->index], &k->ending, out);
	else
		script_text_lua(sh, without_interpreter(k->text), &k->ending, out);
}

static int write_script(const char *path, const struct buf *text)
{
	FILE *f = fopen(path, "we");
	int rc = 0;

	if (!f)
		return -errno;
	if (fwrite(buf_str(text), 1, text->len, f) != text->len)
		rc = errno ? -errno : -EIO;
	if (fclose(f) && !rc)
		rc = -errno;
	return rc;
}

static int run_save(const struct invocation *in)
{
	struct shell *sh = in->sh;
	struct buf text = BUF_INIT;
	int rc;

	if (sh->config.confined) {
		shell_error(sh, in->s->line, in->s->col, "save: not allowed here");
		return EXIT_FAILED;
	}
	if (sh->steps->lost) {
		result_error(in->r, -EINVAL, "some of what was done could not be recorded");
		return EXIT_OK;
	}
	script_text_head(sh, &text);
	for (size_t i = 0; i < sh->steps->at; i++)
		add_step(sh, &sh->steps->item[i], &text);
	rc = text.cut ? -ENOMEM : write_script(in->arg[0].s, &text);
	buf_finish(&text);
	if (!rc)
		return EXIT_OK;
	shell_error(sh, in->s->line, in->s->col, "save: %s: %s", in->arg[0].s, strerror(-rc));
	return EXIT_USAGE;
}

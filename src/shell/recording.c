/* SPDX-License-Identifier: MIT */
/* Each line is in the file when it has run: a session that is killed loses none. */
#include "shell/recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/host_memory.h"
#include "shell/script_text.h"

struct recording {
	FILE *file;
	int err; /* the first one */
};

static void append(struct recording *r, struct buf *text)
{
	if (fputs(buf_str(text), r->file) < 0 || fflush(r->file))
		r->err = r->err ? r->err : -errno;
	buf_finish(text);
}

int recording_begin(struct shell *sh, const char *path)
{
	struct recording *r = host_calloc(1, sizeof(*r));
	struct buf text = BUF_INIT;

	if (!r)
		return -ENOMEM;
	r->file = fopen(path, "we");
	if (!r->file) {
		int err = -errno;

		free(r);
		return err;
	}
	script_text_head(sh, &text);
	append(r, &text);
	sh->recording = r;
	return 0;
}

int recording_end(struct shell *sh)
{
	struct recording *r = sh->recording;
	int err;

	if (!r)
		return 0;
	err = fclose(r->file) ? -errno : 0;
	err = r->err ? r->err : err;
	free(r);
	sh->recording = NULL;
	return err;
}

static struct recording *now(const struct shell *sh)
{
	return sh->session->copy || sh->reading->outer ? NULL : sh->recording;
}

void recording_statement(struct shell *sh, const struct statement *s, const struct ending *e)
{
	struct recording *r = now(sh);
	struct buf text = BUF_INIT;

	if (!r)
		return;
	script_text_statement(sh, s, e, &text);
	append(r, &text);
}

void recording_lua(struct shell *sh, const char *code, const struct ending *e)
{
	struct recording *r = now(sh);
	struct buf text = BUF_INIT;

	if (!r)
		return;
	script_text_lua(sh, code, e, &text);
	append(r, &text);
}

void recording_source(struct shell *sh, const char *path)
{
	struct recording *r = now(sh);
	struct buf text = BUF_INIT;

	if (!r)
		return;
	buf_printf(&text, "source \"%s\"\n", path);
	append(r, &text);
}

void recording_wrong(struct shell *sh, const char *wrong)
{
	struct recording *r = now(sh);
	struct buf text = BUF_INIT;

	if (!r)
		return;
	buf_puts(&text, "# syntax error:\n");
	script_text_comment(wrong, &text);
	append(r, &text);
}

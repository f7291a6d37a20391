/* SPDX-License-Identifier: MIT */
/* warns "TEXT" { calls }: an expected complaint of the kernel. */
#include "shell/builtin.h"

#include <errno.h>
#include <string.h>

#include <devsh/report.h>

#include "lib/interrupt.h"

static int run_warns(const struct invocation *in);

const struct builtin warns_builtins[] = {
	{
		.call = {
			.name = "warns", .subject = "Shell",
			.summary = "run calls that are expected to make the kernel complain",
			.param = {
				{ "text", P_STR, NULL, false, "part of a line it logs; \"\" accepts any" },
				{ "calls", P_CALLS, NULL, false, "a call, or { calls }" },
			},
			.returns = "nothing",
			.detail = "A complaint is a WARN, a BUG, an Oops, or a report by KASAN, by the "
				  "allocator or about sleeping in atomic context. warns fails when the "
				  "kernel does not complain, or when no line has the text. A task that the "
				  "complaint kills is part of it; a line that fails for any other reason is "
				  "not: mark that one with '!'. An unexpected complaint fails a scenario, and "
				  "makes devsh exit with code 6 if no line failed. In Lua it is "
				  "assert.warns(function, text).",
			.example = "device eth0\np = devm_kmalloc eth0 64\ndevm_kfree eth0 $p\n"
				   "warns devm_kfree { devm_kfree eth0 $p }",
		},
		.run = run_warns,
	},
	{ .run = NULL },
};

/* Lines around a report that have no content. */
static bool is_frame(const char *text)
{
	return !*text || text[0] == '=' || text[0] == '-';
}

/* Whether a line since `seq` has this text. *first: where the reports begin, or empty. */
static bool logged(struct machine *m, uint64_t seq, const char *text, struct buf *first)
{
	struct report_line line;

	for (; report_line(m, seq, &line); seq = line.seq + 1) {
		if (strstr(line.text, text))
			return true;
		if (!first->len && line.level <= 4 && !is_frame(line.text))
			buf_puts(first, line.text);
	}
	return false;
}

static int missed(struct shell *sh, const struct statement *s, const char *text, bool any,
		  bool withheld, const struct buf *first)
{
	if (any && withheld && !first->len)
		shell_error(sh, s->line, s->col, "warns: no line from the kernel contains '%.80s': KASAN "
			    "prints only the first report of a boot (kasan_multi_shot=on: all)", text);
	else if (any)
		shell_error(sh, s->line, s->col, "warns: no line from the kernel contains '%.80s'; "
			    "the first one was '%.120s'", text, buf_str(first));
	else if (*text)
		shell_error(sh, s->line, s->col, "warns: the kernel did not complain; expected a "
			    "line with '%.80s'", text);
	else
		shell_error(sh, s->line, s->col, "warns: the kernel did not complain");
	return EXIT_FAILED;
}

static int run_warns(const struct invocation *in)
{
	struct shell *sh = in->sh;
	const char *text = in->arg[0].s;
	struct code *code = in->arg[1].code;
	uint32_t before = report_complaints(sh->session->machine), now;
	uint32_t expected = report_expected(sh->session->machine);
	uint32_t withheld = report_withheld(sh->session->machine);
	uint32_t boot = machine_boot_number(sh->session->machine);
	struct value ret = { 0 };
	struct buf first = BUF_INIT;
	int status = EXIT_OK;
	uint64_t from;

	report_begin(sh->session->machine); /* resets the rate limit */
	from = report_next(sh->session->machine);
	sh->frame->now.expects = true;
	code->run(code, NULL, 0, &ret);
	code->drop(code);
	if (machine_boot_number(sh->session->machine) != boot)
		before = expected = from = withheld = 0;
	now = report_complaints(sh->session->machine);
	/* a nested warns has already counted its own */
	expected += now - before;
	if (expected > report_expected(sh->session->machine))
		report_expect(sh->session->machine, expected - report_expected(sh->session->machine));
	if (interrupted)
		status = EXIT_INTERRUPTED;
	else if (sh->frame->now.inside)
		status = sh->frame->now.inside; /* already reported, and not part of a complaint */
	else if (now == before ||
		 (*text && !logged(sh->session->machine, from, text, &first)))
		status = missed(sh, in->s, text, now != before,
				report_withheld(sh->session->machine) != withheld, &first);
	buf_finish(&first);
	return status;
}

/* SPDX-License-Identifier: MIT */
/* The machine's files, by path. `echo TEXT > PATH` in the shell is the call `write`. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "fs/fs.h"
#include "lib/distance.h"

struct near_entry {
	struct nearest n;
	char best[64]; /* names are only valid during the listing */
};

static void offer_entry(void *ctx, const char *name, const struct fs_file *entry)
{
	struct near_entry *near = ctx;

	(void)entry;
	nearest_offer(&near->n, name);
	if (near->n.best == name) {
		snprintf(near->best, sizeof(near->best), "%s", name);
		near->n.best = near->best;
	}
}

/* "/sys/... has no 'bnd'; did you mean 'bind'?" */
static int not_found(struct call_ctx *c, int rc, const struct fs_file *f, const char *rest)
{
	const char *where = f->path.len ? buf_str(&f->path) : "/";
	struct near_entry near = { 0 };
	char name[80];
	int since;

	if (c->arg[0].s[0] != '/')
		return result_error(c->result, rc, "'%.40s': a path begins with /sys or /proc",
				    c->arg[0].s);
	if (rc != -ENOENT)
		return result_error(c->result, rc, "%.100s: %s", where, errno_text(-rc));
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(rest, "/"), rest);
	since = fs_since(f, name);
	if (since)
		return result_error(c->result, rc, "%.100s/%.40s: exists since %d.%d; this machine runs %s",
				    where, name, since / 1000, since % 1000,
				    c->machine->kernel.profile->release);
	near.n.word = name;
	fs_list(f, offer_entry, &near);
	if (near.n.best)
		return result_error(c->result, rc, "%.100s has no '%.40s'; did you mean '%.40s'?",
				    where, name, near.best);
	if (!f->path.len)
		return result_error(c->result, rc, "the machine has /sys and /proc, and no '/%.40s'",
				    name);
	return result_error(c->result, rc, "%.100s has no '%.40s'", where, name);
}

/* Finds the file of argument 0; the caller must call fs_finish() in any case. */
static int find(struct call_ctx *c, bool follow, struct fs_file *f)
{
	const char *rest;
	int rc = fs_find(c->machine, c->arg[0].s, follow, f, &rest);

	return rc ? not_found(c, rc, f, rest) : 0;
}

/* The file exists, but the operation is not possible. */
static int refused(struct call_ctx *c, const struct fs_file *f, int rc)
{
	return result_error(c->result, rc, "%.100s: %s", f->path.len ? buf_str(&f->path) : "/",
			    errno_text(-rc));
}

/* --- ls ---------------------------------------------------------------------- */

static void add_row(void *ctx, const char *name, const struct fs_file *entry)
{
	struct result *r = ((struct call_ctx *)ctx)->result;
	struct value *row = result_row(r);
	struct buf target = BUF_INIT;
	char mode[11];

	if (!row)
		return;
	fs_mode(entry, mode);
	row[FILES_name] = v_str(r, name);
	row[FILES_mode] = v_str(r, mode);
	row[FILES_target] = v_str(r, fs_readlink(entry, &target) ? NULL : buf_str(&target));
	row[FILES_help] = v_str(r, fs_help(entry));
	buf_finish(&target);
}

static int run_ls(struct call_ctx *c)
{
	struct fs_file f;

	if (!find(c, true, &f)) {
		RESULT_COLUMNS(c->result, FILES);
		if (!fs_is_directory(&f))
			add_row(c, c->arg[0].s, &f);
		else if (fs_list(&f, add_row, c))
			result_error(c->result, -ENOMEM, "the host has no memory");
	}
	fs_finish(&f);
	return c->result->err;
}

/* --- files and links ----------------------------------------------------------- */

static int run_cat(struct call_ctx *c)
{
	struct buf text = BUF_INIT;
	struct fs_file f;
	int rc;

	if (!find(c, true, &f)) {
		rc = fs_read(&f, &text);
		if (rc)
			refused(c, &f, rc);
		else
			c->result->value = v_str(c->result, buf_str(&text));
	}
	buf_finish(&text);
	fs_finish(&f);
	return c->result->err;
}

static int run_readlink(struct call_ctx *c)
{
	struct buf target = BUF_INIT;
	struct fs_file f;

	if (!find(c, false, &f)) {
		if (fs_readlink(&f, &target))
			result_error(c->result, -EINVAL, "%.100s is not a link",
				     f.path.len ? buf_str(&f.path) : "/");
		else
			c->result->value = v_str(c->result, buf_str(&target));
	}
	buf_finish(&target);
	fs_finish(&f);
	return c->result->err;
}

/* After enabling failures: a note if GFP_KERNEL allocations still do not fail. */
static void note_ignored(struct call_ctx *c, const struct fs_file *f)
{
	const struct faults *all = &c->machine->mm.faults;
	const char *path = buf_str(&f->path);
	const struct fault_attr *a = strstr(path, "/failslab/") ? &all->slab : &all->pages;

	if (strncmp(path, "/sys/kernel/debug/fail", 22) || !strstr(path, "/probability"))
		return;
	if (a->probability && a->ignore_gfp_wait)
		note(c, "GFP_KERNEL does not fail while ignore-gfp-wait is Y");
	else if (a->probability && !a->times)
		note(c, "times is 0: nothing fails any more; -1 means always");
}

static int store(struct call_ctx *c, const struct fs_file *f, const char *text)
{
	struct buf line = BUF_INIT;
	int rc;

	buf_puts(&line, text);
	if (!line.len || line.s[line.len - 1] != '\n')
		buf_putc(&line, '\n');
	rc = line.cut ? -ENOMEM : fs_write(f, buf_str(&line), line.len);
	buf_finish(&line);
	if (rc && rc != -ENOMEM && fs_wants(f))
		result_error(c->result, rc, "write error: %s; %.40s wants %s", errno_text(-rc),
			     strrchr(buf_str(&f->path), '/') + 1, fs_wants(f));
	else if (rc)
		result_error(c->result, rc, "write error: %s", errno_text(-rc));
	else
		note_ignored(c, f);
	return rc;
}

static int run_write(struct call_ctx *c)
{
	struct fs_file f;
	int rc;

	rc = find(c, true, &f);
	if (!rc) {
		rc = fs_writable(&f);
		if (rc)
			refused(c, &f, rc);
		else
			rc = store(c, &f, c->arg[1].type == V_STR ? c->arg[1].s : "");
	}
	fs_finish(&f);
	/* what Linux returns, in Lua too */
	c->result->value = v_int(rc);
	return rc;
}

#define SUBJECT .subject = "Files"

const struct call file_calls[] = {
	{
		.name = "ls", SUBJECT,
		.summary = "show what is at a path of the machine",
		.param = { { "path", P_PATH, "/", false, "below /sys or /proc" } },
		.returns = "a row for each entry of a directory, or for the file itself",
		.example = "device eth0\nls /sys/bus/platform/devices\nls /sys/devices/platform/eth0",
		.view = "ls", .flags = CALL_LOOKS, .run = run_ls,
	},
	{
		.name = "cat", SUBJECT,
		.summary = "show what is in a file of the machine",
		.param = { { "path", P_PATH, NULL, false, "below /sys or /proc" } },
		.returns = "the text",
		.example = "device eth0\ncat /sys/devices/platform/eth0/uevent\ncat /proc/buddyinfo",
		.view = "verbatim", .flags = CALL_LOOKS, .run = run_cat,
	},
	{
		.name = "readlink", SUBJECT,
		.summary = "show where a link of the machine leads",
		.param = { { "path", P_PATH, NULL, false, "below /sys" } },
		.returns = "the path, as seen from the link",
		.example = "device eth0\nreadlink /sys/bus/platform/devices/eth0",
		.flags = CALL_LOOKS, .run = run_readlink,
	},
	{
		.name = "write", SUBJECT,
		.summary = "write a line to a file: echo TEXT > PATH",
		.param = {
			{ "path", P_PATH, NULL, false, "below /sys or /proc" },
			{ "text", P_WORDS, "", false, "the line" },
		},
		.returns = "0, or -ENOENT, -EACCES, or what the file answers",
		.detail = "Binding, unbinding, probing and what else the kernel takes from its "
			  "user. A newline is added when the text has none.",
		.example = "driver demo probe={ devm_kzalloc $dev 64 }\ndevice demo.0\n"
			   "echo demo.0 > /sys/bus/platform/drivers/demo/unbind\n"
			   "write /sys/bus/platform/drivers/demo/bind demo.0",
		.run = run_write,
	},
	{ 0 },
};

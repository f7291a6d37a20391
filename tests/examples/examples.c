/* SPDX-License-Identifier: MIT */
/*
 * The example of each call, on a freshly booted machine each: exit status 0
 * and not a word on standard error. Usage: examples DEVSH; prints TAP.
 */
#include "shell/builtin.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"

extern char **environ;

/* Calls that need a file or a prompt, or end the session. */
static bool needs_none(const char *name)
{
	static const char *const names[] = { "source", "quit", "history", "save" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Everything that is behind in f, as TAP comments. */
static void show(FILE *f)
{
	char line[512];

	rewind(f);
	while (fgets(line, sizeof(line), f))
		printf("# %.*s\n", (int)strcspn(line, "\n"), line);
}

/* Exit status, -1 for any other end. */
static int run(const char *devsh, const char *calls, FILE *out, FILE *err)
{
	char *const argv[] = { (char *)devsh, (char *)"-c", (char *)calls, NULL };
	posix_spawn_file_actions_t files;
	pid_t pid;
	int rc, status = -1;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, fileno(out), 1);
	posix_spawn_file_actions_adddup2(&files, fileno(err), 2);
	rc = posix_spawn(&pid, devsh, &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	if (rc || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool example_works(const char *devsh, const struct call *c)
{
	FILE *out = tmpfile(), *err = tmpfile();
	bool ok = false;
	int status;

	if (out && err) {
		status = run(devsh, c->example, out, err);
		fseek(err, 0, SEEK_END);
		ok = !status && !ftell(err);
		if (!ok) {
			printf("# exit status %d of: %s\n", status, c->name);
			show(out);
			show(err);
		}
	}
	if (out)
		fclose(out);
	if (err)
		fclose(err);
	return ok;
}

int main(int argc, char **argv)
{
	const struct call *c;
	size_t n = 0, failed = 0;

	if (argc != 2) {
		fprintf(stderr, "Usage: examples DEVSH\n");
		return 2;
	}
	builtins_open();
	while (call_at(n))
		n++;
	printf("1..%zu\n", n);
	for (size_t i = 0; (c = call_at(i)); i++) {
		bool ok = c->example ? example_works(argv[1], c) : needs_none(c->name);

		printf("%sok %zu - %s%s\n", ok ? "" : "not ", i + 1, c->name,
		       c->example ? "" : ": no example");
		fflush(stdout);
		failed += !ok;
	}
	return failed != 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * A fuzzer without libFuzzer: runs the corpus, then inputs derived from it with a fixed
 * random source. Usage: FUZZER [--seed N] [--runs N] [--write DIR] [--ending TEXT]
 * PATH... From directories after --ending only files whose names end with TEXT are used.
 * --write writes the seeds from the tree to a directory and exits.
 */
#include "fuzz.h"
#include "lib/array.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX 4096

struct input {
	uint8_t *bytes;
	size_t size;
	char name[200];
};

static struct input *corpus;
static size_t inputs;
static uint64_t rng;
static struct input now;     /* the running input, for debugging a crash */
static FILE *report;

static uint32_t below(uint32_t n)
{
	rng = rng * 6364136223846793005u + 1442695040888963407u;
	return n ? (uint32_t)(rng >> 33) % n : 0;
}

static void add(const void *bytes, size_t size, const char *name)
{
	struct input *in;

	corpus = realloc(corpus, (inputs + 1) * sizeof(*corpus));
	if (!corpus)
		abort();
	in = &corpus[inputs++];
	in->bytes = malloc(size + 1);
	if (!in->bytes)
		abort();
	memcpy(in->bytes, bytes, size);
	in->size = size;
	snprintf(in->name, sizeof(in->name), "%s", name);
}

static void add_file(const char *path)
{
	static char text[1 << 20];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f)
		return;
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	add(text, n, path);
}

static bool ends_with(const char *name, const char *ending)
{
	size_t n = strlen(name), len = strlen(ending);

	return n >= len && !strcmp(name + n - len, ending);
}

static void add_path(const char *path, const char *ending)
{
	struct dirent **entry;
	struct stat st;
	char file[1000];
	int n;

	if (stat(path, &st) || !S_ISDIR(st.st_mode)) {
		add_file(path);
		return;
	}
	n = scandir(path, &entry, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, entry[i]->d_name);
		if (entry[i]->d_name[0] != '.' && ends_with(file, ending))
			add_file(file);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
}

static void write_seeds(const char *dir)
{
	for (size_t i = 0; i < inputs; i++) {
		char path[1000];
		FILE *f;

		snprintf(path, sizeof(path), "%s/seed-%04zu", dir, i);
		f = fopen(path, "wb");
		if (!f)
			exit(2);
		fwrite(corpus[i].bytes, 1, corpus[i].size, f);
		fclose(f);
	}
}

static void died(int signal)
{
	int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd >= 0) {
		(void)!write(fd, now.bytes, now.size);
		close(fd);
	}
	fprintf(report, "not ok 1 - %s, input kept in crash-input\n", now.name);
	fflush(report);
	_exit(128 + signal);
}

static void run(uint8_t *bytes, size_t size, const char *name)
{
	now.bytes = bytes;
	now.size = size;
	snprintf(now.name, sizeof(now.name), "%s", name);
	LLVMFuzzerTestOneInput(bytes, size);
}

/* Replaces a piece of one input by a piece of another, and flips some bytes. */
static size_t mutate(uint8_t out[INPUT_MAX])
{
	const struct input *a = &corpus[below((uint32_t)inputs)], *b = &corpus[below((uint32_t)inputs)];
	size_t size = a->size < INPUT_MAX ? a->size : INPUT_MAX;

	memcpy(out, a->bytes, size);
	for (uint32_t n = 1 + below(4); n; n--) {
		size_t from = below((uint32_t)b->size), len = below(64), to = below((uint32_t)size);

		switch (below(4)) {
		case 0:
			if (size)
				out[to] = (uint8_t)below(256);
			break;
		case 1:
			if (size)
				out[to] ^= (uint8_t)(1u << below(8));
			break;
		case 2: /* removes a piece */
			if (len > size - to)
				len = size - to;
			memmove(out + to, out + to + len, size - to - len);
			size -= len;
			break;
		default: /* inserts a piece */
			if (len > b->size - from)
				len = b->size - from;
			if (len > INPUT_MAX - size)
				len = INPUT_MAX - size;
			memmove(out + to + len, out + to, size - to);
			memcpy(out + to, b->bytes + from, len);
			size += len;
			break;
		}
	}
	return size;
}

static void silence(void)
{
	static const int fatal[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	int null = open("/dev/null", O_RDWR), keep = dup(1);

	report = fdopen(keep, "w");
	if (null < 0 || !report)
		exit(2);
	dup2(null, 0);
	dup2(null, 1);
	for (size_t i = 0; i < COUNT(fatal); i++)
		signal(fatal[i], died);
}

int main(int argc, char **argv)
{
	uint8_t bytes[INPUT_MAX];
	const char *text, *dir = NULL, *ending = "";
	size_t size, fixed;
	int runs = 0;

	rng = 1;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--runs") && i + 1 < argc)
			runs = atoi(argv[++i]);
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			rng = (uint64_t)atoll(argv[++i]);
		else if (!strcmp(argv[i], "--write") && i + 1 < argc)
			dir = argv[++i];
		else if (!strcmp(argv[i], "--ending") && i + 1 < argc)
			ending = argv[++i];
		else
			add_path(argv[i], ending);
	}
	for (size_t i = 0; (size = fuzz_seed(i, &text)); i++)
		add(text, size, "a seed of the tree");
	if (dir) {
		write_seeds(dir);
		return 0;
	}
	if (!inputs)
		add("", 0, "nothing");
	silence();
	fprintf(report, "1..1\n");
	fixed = inputs;
	for (size_t i = 0; i < fixed; i++)
		run(corpus[i].bytes, corpus[i].size, corpus[i].name);
	for (int i = 0; i < runs; i++) {
		size = mutate(bytes);
		run(bytes, size, "a made one");
	}
	fprintf(report, "ok 1 - %zu inputs of the corpus, %d made ones\n", fixed, runs);
	fflush(report);
	for (size_t i = 0; i < inputs; i++)
		free(corpus[i].bytes);
	free(corpus);
	return 0;
}

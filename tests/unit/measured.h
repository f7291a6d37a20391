/* SPDX-License-Identifier: MIT */
/*
 * Results measured on Linux 6.1 on x86_64, without slab debugging. size: requested;
 * object: bytes of the whole object, 0 if the result was NULL.
 */
#ifndef DEVSH_TESTS_MEASURED_H
#define DEVSH_TESTS_MEASURED_H

#include <stddef.h>

struct measured {
	size_t size, object;
	const char *cache;
};

__attribute__((unused))
static const struct measured devm_kmalloc_61[] = {
	{ 1, 64, "kmalloc-64" }, { 7, 64, "kmalloc-64" }, { 8, 64, "kmalloc-64" },
	{ 16, 64, "kmalloc-64" }, { 24, 64, "kmalloc-64" }, { 32, 96, "kmalloc-96" },
	{ 40, 96, "kmalloc-96" }, { 56, 96, "kmalloc-96" }, { 57, 128, "kmalloc-128" },
	{ 63, 128, "kmalloc-128" }, { 64, 128, "kmalloc-128" }, { 72, 128, "kmalloc-128" },
	{ 88, 128, "kmalloc-128" }, { 96, 192, "kmalloc-192" }, { 100, 192, "kmalloc-192" },
	{ 128, 192, "kmalloc-192" }, { 152, 192, "kmalloc-192" }, { 168, 256, "kmalloc-256" },
	{ 192, 256, "kmalloc-256" }, { 200, 256, "kmalloc-256" }, { 216, 256, "kmalloc-256" },
	{ 256, 512, "kmalloc-512" }, { 472, 512, "kmalloc-512" }, { 500, 1024, "kmalloc-1k" },
	{ 512, 1024, "kmalloc-1k" }, { 984, 1024, "kmalloc-1k" }, { 1000, 2048, "kmalloc-2k" },
	{ 1024, 2048, "kmalloc-2k" }, { 2000, 2048, "kmalloc-2k" },
	{ 2008, 2048, "kmalloc-2k" }, { 2048, 4096, "kmalloc-4k" },
	{ 4000, 4096, "kmalloc-4k" }, { 4056, 4096, "kmalloc-4k" },
	{ 4057, 8192, "kmalloc-8k" }, { 4096, 8192, "kmalloc-8k" },
	{ 8000, 8192, "kmalloc-8k" }, { 8152, 8192, "kmalloc-8k" }, { 8153, 16384, "pages" },
	{ 8192, 16384, "pages" }, { 10000, 16384, "pages" }, { 16344, 16384, "pages" },
	{ 16384, 32768, "pages" }, { 65536, 131072, "pages" }, { 1048576, 2097152, "pages" },
	{ 4194264, 4194304, "pages" }, { 4194304, 0, NULL }, { 4194305, 0, NULL },
	{ 1073741824, 0, NULL }, { 3000, 4096, "kmalloc-4k" }, { 20000, 32768, "pages" },
	{ 8388608, 0, NULL },
};

__attribute__((unused))
static const struct measured kmalloc_61[] = {
	{ 1, 8, "kmalloc-8" }, { 7, 8, "kmalloc-8" }, { 8, 8, "kmalloc-8" },
	{ 16, 16, "kmalloc-16" }, { 24, 32, "kmalloc-32" }, { 32, 32, "kmalloc-32" },
	{ 40, 64, "kmalloc-64" }, { 56, 64, "kmalloc-64" }, { 57, 64, "kmalloc-64" },
	{ 63, 64, "kmalloc-64" }, { 64, 64, "kmalloc-64" }, { 72, 96, "kmalloc-96" },
	{ 88, 96, "kmalloc-96" }, { 96, 96, "kmalloc-96" }, { 100, 128, "kmalloc-128" },
	{ 128, 128, "kmalloc-128" }, { 152, 192, "kmalloc-192" }, { 168, 192, "kmalloc-192" },
	{ 192, 192, "kmalloc-192" }, { 200, 256, "kmalloc-256" }, { 216, 256, "kmalloc-256" },
	{ 256, 256, "kmalloc-256" }, { 472, 512, "kmalloc-512" }, { 500, 512, "kmalloc-512" },
	{ 512, 512, "kmalloc-512" }, { 984, 1024, "kmalloc-1k" }, { 1000, 1024, "kmalloc-1k" },
	{ 1024, 1024, "kmalloc-1k" }, { 2000, 2048, "kmalloc-2k" },
	{ 2008, 2048, "kmalloc-2k" }, { 2048, 2048, "kmalloc-2k" },
	{ 4000, 4096, "kmalloc-4k" }, { 4056, 4096, "kmalloc-4k" },
	{ 4057, 4096, "kmalloc-4k" }, { 4096, 4096, "kmalloc-4k" },
	{ 8000, 8192, "kmalloc-8k" }, { 8152, 8192, "kmalloc-8k" },
	{ 8153, 8192, "kmalloc-8k" }, { 8192, 8192, "kmalloc-8k" }, { 10000, 16384, "pages" },
	{ 16344, 16384, "pages" }, { 16384, 16384, "pages" }, { 65536, 65536, "pages" },
	{ 1048576, 1048576, "pages" }, { 4194264, 4194304, "pages" },
	{ 4194304, 4194304, "pages" }, { 4194305, 0, NULL }, { 1073741824, 0, NULL },
	{ 3000, 4096, "kmalloc-4k" }, { 20000, 32768, "pages" },
};

#endif

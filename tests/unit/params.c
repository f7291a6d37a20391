/* SPDX-License-Identifier: MIT */
/* Boot parameters, and what they select: the release and the seed. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "kernel.h"
#include "kernel/random.h"
#include "lib/array.h"
#include "lib/size.h"

/* --- parameters ---------------------------------------------------------------- */

static void sizes_are_what_people_write(void **state)
{
	static const struct { const char *text; int rc; uint64_t size; } row[] = {
		{ "0", 0, 0 }, { "64", 0, 64 }, { "0x40", 0, 64 }, { "0X4a", 0, 74 },
		{ "0b101", 0, 5 }, { "4k", 0, 4096 }, { "4K", 0, 4096 }, { "1kB", 0, 1024 },
		{ "16MiB", 0, 16 << 20 }, { "2G", 0, 2ull << 30 }, { "1T", 0, 1ull << 40 },
		{ "010", 0, 10 }, { "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 }, { "16777216T", -ERANGE, 0 },
		{ "", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "+1", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 }, { "k", -EINVAL, 0 },
		{ "4kk", -EINVAL, 0 }, { "4x", -EINVAL, 0 }, { "0x", -EINVAL, 0 },
		{ "0xg", -EINVAL, 0 }, { "0b2", -EINVAL, 0 }, { "0b", -EINVAL, 0 },
		{ "1.5", -EINVAL, 0 }, { "0x-1", -EINVAL, 0 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		uint64_t size = 0;
		int rc = parse_size(row[i].text, &size);

		if (rc != row[i].rc || size != row[i].size)
			fail_msg("'%s': %d, %llu", row[i].text, rc, (unsigned long long)size);
	}
}

static void command_line_sets_what_it_names(void **state)
{
	struct params p;
	char why[200];

	params_default(&p);
	assert_string_equal(p.profile->release, "6.12");
	assert_string_equal(p.arch->name, "x86_64");
	assert_int_equal(p.nodes, 1);
	assert_int_equal(params_parse(&p, "  release=4.19\tarch=aarch64 numa=fake=2 mem=64M\n"
				      "seed=7 devres.log=1 slub_debug=P ", why, sizeof(why)), 0);
	assert_string_equal(p.profile->release, "4.19");
	assert_string_equal(p.arch->name, "arm64");
	assert_int_equal(p.nodes, 2);
	assert_int_equal(p.mem, 64 << 20);
	assert_int_equal(p.seed, 7);
	assert_true(p.devres_log);
	assert_true(p.poison);
	assert_false(p.track);
	/* applied on top of the existing values */
	assert_int_equal(params_parse(&p, "slub_debug=-", why, sizeof(why)), 0);
	assert_int_equal(p.nodes, 2);
	assert_false(p.poison);
	assert_int_equal(params_parse(&p, "slub_debug=", why, sizeof(why)), 0);
	assert_true(p.poison && p.track);
}

static void wrong_command_lines_say_what_is_right(void **state)
{
	static const struct { const char *cmdline, *why; } row[] = {
#define ALL "no such profile; there are 4.9 (4.9.115) 4.19 (4.19.40) 5.10.223 5.10 (5.10.262) " \
	"6.1 (6.1.192) 6.12 (6.12.117) 7.2 (7.2.13)"
		{ "release=5.4", "release=5.4: " ALL },
		{ "release=4.19 init_on_alloc=1",
		  "init_on_alloc=: exists since 5.3; release 4.19 has no such parameter" },
		{ "init_on_free=0 release=4.9",
		  "init_on_free=: exists since 5.3; release 4.9 has no such parameter" },
		{ "release=4.9 kasan_multi_shot=1",
		  "kasan_multi_shot=: exists since 4.10; release 4.9 has no such parameter" },
		{ "release=4.9 arch=riscv64",
		  "arch=riscv64: exists since 4.15; release 4.9 runs on others only" },
		{ "init_on_alloc=maybe", "init_on_alloc=maybe: wants on or off" },
		{ "freelist_random=2", "freelist_random=2: wants on or off" },
		{ "release=5.10.1", "release=5.10.1: " ALL },
		{ "release=6.12.", "release=6.12.: " ALL },
#undef ALL
		{ "arch=mips", "arch=mips: no such architecture; there are x86_64 arm64 riscv64 arm" },
		{ "memoryless_nodes=8", "memoryless_nodes=8: wants a number below 8" },
		{ "memoryless_nodes=-1", "memoryless_nodes=-1: wants a number below 8" },
		{ "numa=fake=4 memoryless_nodes=5",
		  "memoryless_nodes=5: with those of numa=fake=4 more than 8" },
		{ "release=4.9 memoryless_nodes=1",
		  "memoryless_nodes=1: release 4.9 is built without CONFIG_NUMA" },
		{ "numa=2", "numa=2: wants fake=N with N from 1 to 8" },
		{ "numa=fake=0", "numa=fake=0: wants fake=N with N from 1 to 8" },
		{ "numa=fake=9", "numa=fake=9: wants fake=N with N from 1 to 8" },
		{ "mem=1M", "mem=1M: wants a size from 4M to 16G" },
		{ "mem=17G", "mem=17G: wants a size from 4M to 16G" },
		{ "mem=lots", "mem=lots: wants a size from 4M to 16G" },
		{ "seed=x", "seed=x: wants a number" },
		{ "devres.log=2", "devres.log=2: wants 0 or 1" },
		{ "devres.log=yes", "devres.log=yes: wants 0 or 1" },
		{ "slub_debug=Q", "slub_debug=Q: wants letters of FZPUTAO, or - for none" },
		{ "release", "release: wants a value, as in release=..." },
		{ "quiet", "quiet: no such boot parameter; see 'help boot'" },
		{ "=", ": no such boot parameter; see 'help boot'" },
		{ "mem=8M numa=fake=4", "mem= is too small for 4 nodes: wants at least 4M each" },
		{ "release=4.9 numa=fake=2",
		  "numa=fake=2: release 4.9 is built without CONFIG_NUMA" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct params before, p;
		char why[200] = "";

		params_default(&before);
		p = before;
		assert_int_equal(params_parse(&p, row[i].cmdline, why, sizeof(why)), -EINVAL);
		assert_string_equal(why, row[i].why);
		assert_memory_equal(&p, &before, sizeof(p));
	}
}

static void command_lines_of_any_length_are_safe(void **state)
{
	char line[2000], why[40];
	struct params p;

	params_default(&p);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_int_equal(params_parse(&p, line, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "command line: longer than 255 bytes");
	line[255] = '\0';
	assert_int_equal(params_parse(&p, line, why, sizeof(why)), -EINVAL);
	assert_int_equal(strlen(why), sizeof(why) - 1);
	memcpy(line, "release=", 8);
	assert_int_equal(params_parse(&p, line, why, sizeof(why)), -EINVAL);
}

static void every_parameter_has_help(void **state)
{
	size_t n = 0;

	for (; params_name(n); n++)
		assert_true(params_help(n) && *params_help(n));
	assert_int_equal(n, 28);
	assert_null(params_help(n));
}

/* --- profiles ------------------------------------------------------------------- */

/* struct devres up to data[]: facts for 64-bit */
static void header_sizes_are_those_of_linux(void **state)
{
	static const struct { const char *release, *arch; unsigned plain, debug; } row[] = {
		{ "4.9", "x86_64", 24, 40 }, { "4.9", "arm64", 24, 40 },
		{ "4.19", "x86_64", 24, 40 }, { "4.19", "arm64", 24, 40 },
		{ "6.1", "x86_64", 40, 40 }, { "6.1", "arm64", 128, 128 },
		{ "6.12", "x86_64", 40, 40 }, { "6.12", "arm64", 128, 128 },
		{ "5.10", "x86_64", 24, 40 }, { "5.10", "arm64", 128, 128 },
		{ "5.10", "riscv64", 24, 40 }, { "6.1", "riscv64", 64, 64 },
		{ "6.12", "riscv64", 64, 64 }, { "7.2", "riscv64", 64, 64 },
		{ "7.2", "x86_64", 56, 56 }, { "7.2", "arm64", 128, 128 },
		/* 32 bits: three words, or five; DMA alignment of 64 since 5.0 */
		{ "4.19", "arm", 16, 24 }, { "5.10", "arm", 64, 64 }, { "7.2", "arm", 64, 64 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct profile *p = profile_find(row[i].release);
		const struct arch *a = arch_find(row[i].arch);

		assert_int_equal(devres_layout(p, a, false).header, row[i].plain);
		assert_int_equal(devres_layout(p, a, true).header, row[i].debug);
	}
}

static void profiles_are_complete(void **state)
{
	const struct profile *p;

	for (size_t i = 0; (p = profile_at(i)); i++) {
		assert_ptr_equal(profile_find(p->release), p);
		assert_ptr_equal(profile_find(p->point), p);
		/* a point release belongs to its release, and to no other */
		assert_int_equal(strncmp(p->point, p->release, strlen(p->release)), 0);
		assert_true(p->point && p->about);
		assert_true(p->devres_chain && p->devres_chain[0]);
		assert_true(p->kmalloc_chain && p->kmalloc_chain[0]);
		assert_true(p->gfp_atomic && p->gfp_nowait);
		assert_true(p->pages_function && p->limit_name);
	}
	assert_null(profile_find(""));
	assert_null(arch_find("x86"));
	assert_ptr_equal(arch_find("amd64"), arch_find("x86_64"));
}

/* Only 5.10 exists twice: with the backports since 5.10.223, and without. */
static void point_releases_have_their_backports(void **state)
{
	static const struct { const char *name; bool repaired; } row[] = {
		{ "5.10.223", false }, { "5.10.262", true }, { "5.10", true }, { "6.1.192", true },
		{ "6.12.117", true },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct profile *p = profile_find(row[i].name);

		assert_non_null(p);
		assert_int_equal(p->krealloc_first, !row[i].repaired);
		assert_int_equal(p->free_percpu_leaks, !row[i].repaired);
		assert_int_equal(p->release_at_device_del, row[i].repaired);
	}
	assert_ptr_equal(profile_find("5.10"), profile_find("5.10.262"));
	assert_int_equal(profile_find("5.10.223")->version, profile_find("5.10")->version);
}

static void random_is_the_seed_s(void **state)
{
	struct kernel *a = boot("seed=1"), *b = boot("seed=1"), *c = boot("seed=2");
	uint64_t first = kernel_random(a);

	assert_int_equal(first, kernel_random(b));
	assert_int_not_equal(first, kernel_random(c));
	assert_int_equal(first, 0x910a2dec89025cc1ull);
	power_off(a);
	power_off(b);
	power_off(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_what_people_write),
		cmocka_unit_test(command_line_sets_what_it_names),
		cmocka_unit_test(wrong_command_lines_say_what_is_right),
		cmocka_unit_test(command_lines_of_any_length_are_safe),
		cmocka_unit_test(every_parameter_has_help),
		cmocka_unit_test(header_sizes_are_those_of_linux),
		cmocka_unit_test(profiles_are_complete),
		cmocka_unit_test(point_releases_have_their_backports),
		cmocka_unit_test(random_is_the_seed_s),
	};

	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}

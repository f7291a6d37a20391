/* SPDX-License-Identifier: MIT */
/* Flags: their names, their numbers, what is refused. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "boot.h"

static void gfp_reads_as_linux_prints_it(void **state)
{
	static const struct { const char *release; gfp_t gfp; const char *text; } row[] = {
		{ "6.12", 0xdc0, "GFP_KERNEL|__GFP_ZERO" }, { "6.12", 0x820, "GFP_ATOMIC" },
		{ "6.1", 0xa20, "GFP_ATOMIC" }, { "6.12", 0x2800, "GFP_NOWAIT" },
		{ "6.12", 0x400dc0, "GFP_KERNEL_ACCOUNT|__GFP_ZERO" },
		{ "6.12", 0x200cc0, "GFP_KERNEL|__GFP_THISNODE" },
		{ "6.12", 0xcc1, "GFP_KERNEL|GFP_DMA" }, { "6.12", 0xcc0, "GFP_KERNEL" },
		{ "6.12", 0x4, "GFP_DMA32" }, { "6.12", 0x40cc0, "GFP_KERNEL|__GFP_COMP" },
		{ "6.12", 0x40dc0, "GFP_KERNEL|__GFP_COMP|__GFP_ZERO" },
		{ "7.2", 0x40dc0, "GFP_KERNEL|__GFP_ZERO|__GFP_COMP" },
		{ "7.2", 0x400dc0, "GFP_KERNEL_ACCOUNT|__GFP_ZERO" },
		{ "7.2", 0x2800, "GFP_NOWAIT" },
		{ "7.2", 0x402431, "GFP_DMA|__GFP_RECLAIMABLE|__GFP_HIGH|__GFP_DIRECT_RECLAIM|"
				   "__GFP_NOWARN|__GFP_ACCOUNT" },
		{ "6.1", 0x800, "GFP_NOWAIT" }, { "6.12", 0x100cca, "GFP_HIGHUSER_MOVABLE" },
		{ "6.12", 0x80000cc0, "GFP_KERNEL|0x80000000" }, { "6.12", 0x80000000,
			"0x80000000" },
		{ "6.12", 0, "0" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct profile *p = profile_find(row[i].release);
		char text[200];
		gfp_t gfp;

		gfp_format(p, row[i].gfp, text, sizeof(text));
		assert_string_equal(text, row[i].text);
		assert_int_equal(gfp_parse(p, text, &gfp), 0);
		assert_int_equal(gfp, row[i].gfp);
	}
}

/* Numbers of include/linux/gfp_types.h, before and since the flags of 6.3. */
static void gfp_names_have_the_numbers_of_linux(void **state)
{
	static const struct { const char *name; gfp_t old, new; } row[] = {
		{ "GFP_KERNEL", 0xcc0, 0xcc0 }, { "GFP_ATOMIC", 0xa20, 0x820 },
		{ "GFP_NOWAIT", 0x800, 0x2800 }, { "GFP_NOIO", 0xc00, 0xc00 },
		{ "GFP_NOFS", 0xc40, 0xc40 }, { "GFP_USER", 0x100cc0, 0x100cc0 },
		{ "GFP_KERNEL_ACCOUNT", 0x400cc0, 0x400cc0 },
		{ "GFP_HIGHUSER", 0x100cc2, 0x100cc2 },
		{ "GFP_HIGHUSER_MOVABLE", 0x100cca, 0x100cca },
		{ "GFP_DMA", 0x1, 0x1 }, { "GFP_DMA32", 0x4, 0x4 },
		{ "__GFP_DMA", 0x1, 0x1 }, { "__GFP_HIGHMEM", 0x2, 0x2 },
		{ "__GFP_DMA32", 0x4, 0x4 }, { "__GFP_MOVABLE", 0x8, 0x8 },
		{ "__GFP_RECLAIMABLE", 0x10, 0x10 }, { "__GFP_HIGH", 0x20, 0x20 },
		{ "__GFP_IO", 0x40, 0x40 }, { "__GFP_FS", 0x80, 0x80 },
		{ "__GFP_ZERO", 0x100, 0x100 }, { "__GFP_DIRECT_RECLAIM", 0x400, 0x400 },
		{ "__GFP_KSWAPD_RECLAIM", 0x800, 0x800 }, { "__GFP_RECLAIM", 0xc00, 0xc00 },
		{ "__GFP_WRITE", 0x1000, 0x1000 }, { "__GFP_NOWARN", 0x2000, 0x2000 },
		{ "__GFP_RETRY_MAYFAIL", 0x4000, 0x4000 }, { "__GFP_NOFAIL", 0x8000, 0x8000 },
		{ "__GFP_NORETRY", 0x10000, 0x10000 }, { "__GFP_MEMALLOC", 0x20000, 0x20000 },
		{ "__GFP_COMP", 0x40000, 0x40000 }, { "__GFP_NOMEMALLOC", 0x80000, 0x80000 },
		{ "__GFP_HARDWALL", 0x100000, 0x100000 },
		{ "__GFP_THISNODE", 0x200000, 0x200000 }, { "__GFP_ACCOUNT", 0x400000, 0x400000 },
	};
	gfp_t gfp;

	for (size_t i = 0; i < COUNT(row); i++) {
		assert_int_equal(gfp_parse(profile_find("6.1"), row[i].name, &gfp), 0);
		assert_int_equal(gfp, row[i].old);
		assert_int_equal(gfp_parse(profile_find("6.12"), row[i].name, &gfp), 0);
		assert_int_equal(gfp, row[i].new);
	}
	for (size_t i = 0; gfp_name(i); i++) {
		size_t at = 0;

		while (at < COUNT(row) && strcmp(row[at].name, gfp_name(i)))
			at++;
		if (at == COUNT(row))
			fail_msg("%s is not tested", gfp_name(i));
	}
}

static void gfp_text_is_cut_not_overrun(void **state)
{
	const struct profile *p = profile_find("6.12");
	char text[201], cut[201];

	gfp_format(p, 0xffffffff, text, sizeof(text));
	for (size_t size = 1; size < sizeof(text); size++) {
		memset(cut, '#', sizeof(cut));
		gfp_format(p, 0xffffffff, cut, size);
		assert_int_equal(cut[size], '#');
		assert_memory_equal(cut, text, strlen(cut));
	}
}

static void gfp_refuses_what_is_none(void **state)
{
	static const char *const bad[] = {
		"", "GFP", "gfp_kernel", "GFP_KERNEL|", "|GFP_KERNEL", "GFP_KERNEL||__GFP_ZERO",
		"GFP_KERNEL | __GFP_ZERO", "0x100000000", "-1", "GFP_KERNEL+1",
		"0x111111111111111111111111111111",
	};
	const struct profile *p = profile_find("6.12");
	gfp_t gfp;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (gfp_parse(p, bad[i], &gfp) != -EINVAL)
			fail_msg("'%s' was taken", bad[i]);
	for (size_t i = 0; gfp_name(i); i++)
		assert_int_equal(gfp_parse(p, gfp_name(i), &gfp), 0);
	assert_int_equal(gfp_parse(p, "GFP_KERNEL|0x100", &gfp), 0);
	assert_int_equal(gfp, GFP_KERNEL | __GFP_ZERO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gfp_reads_as_linux_prints_it),
		cmocka_unit_test(gfp_names_have_the_numbers_of_linux),
		cmocka_unit_test(gfp_text_is_cut_not_overrun),
		cmocka_unit_test(gfp_refuses_what_is_none),
	};

	return cmocka_run_group_tests_name("gfp", tests, NULL, NULL);
}

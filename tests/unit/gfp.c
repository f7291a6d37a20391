/* SPDX-License-Identifier: MIT */
/* Flags: names, numbers, and what is refused. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "boot.h"
#include "lib/array.h"
#include "mm/gfp.h"

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
		{ "6.12", 0, "" },
		{ "6.1", 0x220, "__GFP_HIGH|__GFP_ATOMIC" }, { "6.12", 0x220, "__GFP_HIGH|0x200" },
		{ "7.2", 0xc00 | 0x2000, "GFP_NOIO|__GFP_NOWARN" },
		{ "6.12", 0x1c24ca, "GFP_TRANSHUGE" },
		/* the model's values, as 4.9 and 4.19 name them */
		{ "4.9", 0xcd0, "GFP_TEMPORARY" }, { "4.19", 0xcd0, "GFP_KERNEL|__GFP_RECLAIMABLE" },
		{ "4.9", __GFP_COLD, "__GFP_COLD" }, { "4.9", 0x4000, "__GFP_REPEAT" },
		{ "4.19", 0x4000, "__GFP_RETRY_MAYFAIL" },
		{ "4.9", GFP_KERNEL | __GFP_NOTRACK, "GFP_KERNEL|__GFP_NOTRACK" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct profile *p = profile_find(row[i].release);
		char text[200];
		gfp_t gfp;

		gfp_format(p, row[i].gfp, text, sizeof(text));
		assert_string_equal(text, row[i].text);
		if (!*text)
			continue; /* cannot be typed */
		assert_int_equal(gfp_parse(p, text, &gfp), 0);
		assert_int_equal(gfp, row[i].gfp);
	}
}

/* Numbers of include/linux/gfp_types.h, before and after the change in 6.3. */
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
		{ "GFP_TRANSHUGE", 0x1c24ca, 0x1c24ca }, { "GFP_TRANSHUGE_LIGHT", 0x1c20ca, 0x1c20ca },
		{ "__GFP_ZEROTAGS", 0x800000, 0x800000 },
	};
	/* not in both: tested with since and until */
	static const char *const elsewhere[] = {
		"GFP_TEMPORARY", "__GFP_ATOMIC", "__GFP_COLD", "__GFP_REPEAT", "__GFP_NOTRACK",
		"__GFP_OTHER_NODE",
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
		for (size_t e = 0; e < COUNT(elsewhere); e++)
			if (!strcmp(elsewhere[e], gfp_name(i)))
				at = 0;
		if (at == COUNT(row))
			fail_msg("%s is not tested", gfp_name(i));
	}
}

/* What users see and type: the numbers of include/linux/gfp.h of 4.9 and 4.19. */
static void old_releases_have_their_own_numbers(void **state)
{
	static const struct { const char *name; uint32_t v4_9, v4_19; } row[] = {
		{ "GFP_KERNEL", 0x24000c0, 0x6000c0 }, { "GFP_ATOMIC", 0x2080020, 0x480020 },
		{ "GFP_NOWAIT", 0x2000000, 0x400000 }, { "GFP_NOIO", 0x2400000, 0x600000 },
		{ "GFP_NOFS", 0x2400040, 0x600040 }, { "GFP_USER", 0x24200c0, 0x6200c0 },
		{ "GFP_KERNEL_ACCOUNT", 0x25000c0, 0x7000c0 },
		{ "GFP_HIGHUSER", 0x24200c2, 0x6200c2 },
		{ "GFP_KERNEL|__GFP_ZERO", 0x24080c0, 0x6080c0 },
		{ "GFP_TEMPORARY", 0x24000d0, 0 }, { "__GFP_COLD", 0x100, 0 },
		{ "__GFP_NOWARN", 0x200, 0x200 }, { "__GFP_REPEAT", 0x400, 0 },
		{ "__GFP_RETRY_MAYFAIL", 0, 0x400 }, { "__GFP_NOFAIL", 0x800, 0x800 },
		{ "__GFP_NORETRY", 0x1000, 0x1000 }, { "__GFP_MEMALLOC", 0x2000, 0x2000 },
		{ "__GFP_COMP", 0x4000, 0x4000 }, { "__GFP_ZERO", 0x8000, 0x8000 },
		{ "__GFP_NOMEMALLOC", 0x10000, 0x10000 }, { "__GFP_HARDWALL", 0x20000, 0x20000 },
		{ "__GFP_THISNODE", 0x40000, 0x40000 }, { "__GFP_ATOMIC", 0x80000, 0x80000 },
		{ "__GFP_ACCOUNT", 0x100000, 0x100000 }, { "__GFP_NOTRACK", 0x200000, 0 },
		{ "__GFP_DIRECT_RECLAIM", 0x400000, 0x200000 },
		{ "__GFP_OTHER_NODE", 0x800000, 0 }, { "__GFP_WRITE", 0x1000000, 0x100 },
		{ "__GFP_KSWAPD_RECLAIM", 0x2000000, 0x400000 }, { "__GFP_DMA", 0x1, 0x1 },
	};

	for (size_t i = 0; i < COUNT(row); i++)
		for (int old = 0; old < 2; old++) {
			const struct profile *p = profile_find(old ? "4.19" : "4.9");
			uint32_t number = old ? row[i].v4_19 : row[i].v4_9;
			char typed[24];
			gfp_t gfp, back;
			int rc = gfp_parse(p, row[i].name, &gfp);

			assert_int_equal(rc, number ? 0 : -ENOSYS);
			if (rc)
				continue;
			assert_int_equal(gfp_number(p, gfp), number);
			assert_int_equal(gfp_from_number(p, number), gfp);
			snprintf(typed, sizeof(typed), "%#x", number);
			assert_int_equal(gfp_parse(p, typed, &back), 0);
			assert_int_equal(back, gfp);
		}
	for (uint32_t bit = 1; bit; bit <<= 1)
		for (size_t i = 0; profile_at(i); i++)
			assert_int_equal(gfp_number(profile_at(i), gfp_from_number(profile_at(i), bit)),
					 bit);
}

/* Every flag on every release: it exists, or the reason is given. */
static void flags_know_their_releases(void **state)
{
	for (size_t i = 0; gfp_name(i); i++) {
		int since = -1, until = -1;

		assert_int_equal(gfp_releases(gfp_name(i), &since, &until), 0);
		for (size_t r = 0; profile_at(r); r++) {
			const struct profile *p = profile_at(r);
			bool there = p->version >= since && (!until || p->version <= until);
			gfp_t gfp;

			assert_int_equal(gfp_parse(p, gfp_name(i), &gfp), there ? 0 : -ENOSYS);
		}
	}
	assert_int_equal(gfp_releases("GFP_NONE", &(int){ 0 }, &(int){ 0 }), -ENOENT);
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
	assert_int_equal(gfp_parse(p, "GFP_KERNEL|0x100", &gfp), 0);
	assert_int_equal(gfp, GFP_KERNEL | __GFP_ZERO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gfp_reads_as_linux_prints_it),
		cmocka_unit_test(gfp_names_have_the_numbers_of_linux),
		cmocka_unit_test(old_releases_have_their_own_numbers),
		cmocka_unit_test(flags_know_their_releases),
		cmocka_unit_test(gfp_text_is_cut_not_overrun),
		cmocka_unit_test(gfp_refuses_what_is_none),
	};

	return cmocka_run_group_tests_name("gfp", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Oops: what each architecture prints about a bad access. Corresponds to the mm/fault.c
 * of Linux' arch/x86, arm64, riscv and arm. Differs: page tables are invented. A process
 * has page tables for the lowest addresses, where its program is; constants are mapped
 * read-only; nothing else is mapped.
 */
#include "kernel/bug.h"

#include <stdio.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "kernel/symbol.h"

#define PROGRAM_END 0x400000u /* a process has page tables for addresses below this */

struct fault {
	uint64_t addr;
	enum access access;
	bool null, user;  /* in the first page; in the address range of processes */
	bool program;     /* there are page tables */
	bool read_only;   /* mapped, but not writable */
	bool wild;        /* not a canonical address */
};

static bool since(const struct kernel *k, int major, int minor)
{
	return k->profile->version >= RELEASE(major, minor);
}

static uint64_t user_end(const struct kernel *k)
{
	return k->arch->word == 4 ? 0xbf000000ull : 1ull << 47;
}

/* --- x86_64 ----------------------------------------------------------------- */

static void x86_announce(struct kernel *k, const struct fault *f, const char *pc)
{
	unsigned long long addr = f->addr;
	char sym[96];

	if (since(k, 5, 10))
		printk(k, KERN_ALERT, f->null ? "BUG: kernel NULL pointer dereference, address: %016llx" :
		       "BUG: unable to handle page fault for address: %016llx", addr);
	else
		printk(k, KERN_ALERT, "BUG: unable to handle kernel %s at %016llx",
		       f->null ? "NULL pointer dereference" : "paging request", addr);
	if (!since(k, 4, 19))
		printk(k, KERN_ALERT, "IP: [<%016llx>] %s", code_address(k, pc), symbolic(pc, sym));
}

static void x86_tables(struct kernel *k, const struct fault *f)
{
	const char *p4d = since(k, 4, 19) ? " P4D" : "";

	if (f->read_only)
		printk(k, KERN_ALERT, "PGD 2c27067%s%s PUD 2c28063 PMD 80000000024001a1 ", p4d,
		       *p4d ? " 2c27067" : "");
	else if (f->program)
		printk(k, KERN_ALERT, "PGD 53ef067%s%s PUD 5423067 PMD 0 ", p4d, *p4d ? " 53ef067" : "");
	else
		printk(k, KERN_ALERT, "PGD 0%s%s ", p4d, *p4d ? " 0" : "");
}

static void x86_fault(struct kernel *k, const struct fault *f, const char *pc)
{
	static const char *const how[] = { "read access", "write access", "instruction fetch" };
	static const unsigned code[] = { 0x0, 0x2, 0x10 };
	unsigned error = code[f->access] | f->read_only;
	char what[96];

	if (f->wild) {
		snprintf(what, sizeof(what), "general protection fault%s%.0llx: 0000",
			 since(k, 5, 10) ? ", probably for non-canonical address 0x" : "",
			 since(k, 5, 10) ? (unsigned long long)f->addr : 0ull);
		print_die(k, what);
		return;
	}
	x86_announce(k, f, pc);
	if (since(k, 5, 10)) {
		printk(k, KERN_ALERT, "#PF: supervisor %s in kernel mode", how[f->access]);
		printk(k, KERN_ALERT, "#PF: error_code(0x%04x) - %s", error,
		       f->read_only ? "permissions violation" : "not-present page");
	}
	x86_tables(k, f);
	snprintf(what, sizeof(what), "Oops: %04x", error);
	print_die(k, what);
}

/* --- arm64 ------------------------------------------------------------------- */

/* Exception syndrome: the class, 32-bit instruction, and the status of a data abort. */
static unsigned arm64_esr(const struct fault *f)
{
	unsigned status = f->read_only ? 0x0e : f->program ? 0x06 : 0x04;

	if (f->access == ACCESS_EXEC)
		return 0x86000000u | status;
	return 0x96000000u | (f->access == ACCESS_WRITE ? 0x40u : 0) | status;
}

static void arm64_data_abort(struct kernel *k, const struct fault *f, unsigned esr)
{
	printk(k, KERN_ALERT, "Data abort info:");
	printk(k, KERN_ALERT, "  ISV = 0, ISS = 0x%08x%s", esr & 0xffffff,
	       since(k, 6, 12) ? ", ISS2 = 0x00000000" : "");
	printk(k, KERN_ALERT, "  CM = 0, WnR = %d%s", f->access == ACCESS_WRITE,
	       since(k, 6, 12) ? ", TnD = 0, TagAccess = 0" : "");
	if (since(k, 6, 12))
		printk(k, KERN_ALERT, "  GCS = 0, Overlay = 0, DirtyBit = 0%s",
		       since(k, 7, 2) ? "" : ", Xs = 0");
}

static void arm64_abort_info(struct kernel *k, const struct fault *f)
{
	unsigned esr = arm64_esr(f);
	bool exec = f->access == ACCESS_EXEC;
	char class[24] = "Exception class =";

	printk(k, KERN_ALERT, "Mem abort info:");
	printk(k, KERN_ALERT, since(k, 6, 1) ? "  ESR = 0x%016x" : "  ESR = 0x%08x", esr);
	if (since(k, 5, 10))
		snprintf(class, sizeof(class), "EC = 0x%02x:", esr >> 26);
	printk(k, KERN_ALERT, "  %s %s (current EL), IL = 32 bits", class, exec ? "IABT" : "DABT");
	printk(k, KERN_ALERT, "  SET = 0, FnV = 0");
	printk(k, KERN_ALERT, "  EA = 0, S1PTW = 0");
	if (since(k, 6, 1))
		printk(k, KERN_ALERT, "  FSC = 0x%02x: level %d %s fault", esr & 0x3f,
		       f->program || f->read_only ? 2 : 0, f->read_only ? "permission" : "translation");
	if (!exec)
		arm64_data_abort(k, f, esr);
}

/* Without the tag in the top byte. */
static uint64_t arm64_untagged(uint64_t addr)
{
	return (uint64_t)((int64_t)(addr << 8) >> 8);
}

static void arm64_tables(struct kernel *k, const struct fault *f)
{
	unsigned long long addr = arm64_untagged(f->addr);
	const char *mm = addr >> 48 ? "swapper" : "user";

	if (!since(k, 4, 19)) {
		printk(k, KERN_ALERT, "pgd = %016llx", 0xffffffc001a6d000ull);
		printk(k, KERN_ALERT, "[%08llx] *pgd=0000000000000000", addr);
		return;
	}
	if (addr >> 48 && addr >> 48 != 0xffff) {
		printk(k, KERN_ALERT, "[%016llx] address between user and kernel address ranges", addr);
		return;
	}
	printk(k, KERN_ALERT, "%s pgtable: %uk pages, %d-bit VAs, pgdp=%016llx", mm,
	       k->params.page_size / 1024, since(k, 6, 12) ? 52 : 48, 0x41f28000ull);
	if (f->read_only)
		printk(k, KERN_ALERT, "[%016llx] pgd=10000000426e8003, p4d=10000000426e9003, "
		       "pud=10000000426ec003, pmd=00e0000041600481", addr);
	else if (f->program)
		printk(k, KERN_ALERT, "[%016llx] pgd=08000000432e6003, p4d=08000000432e5003, "
		       "pud=08000000432e4003, pmd=0000000000000000", addr);
	else
		printk(k, KERN_ALERT, "[%016llx] pgd=0000000000000000, p4d=0000000000000000", addr);
}

static void arm64_fault(struct kernel *k, const struct fault *f)
{
	char what[48];

	printk(k, KERN_ALERT, since(k, 4, 19) ? "Unable to handle kernel %s at virtual address %016llx" :
	       "Unable to handle kernel %s at virtual address %08llx",
	       f->null ? "NULL pointer dereference" : f->read_only ? "write to read-only memory" :
	       "paging request", (unsigned long long)arm64_untagged(f->addr));
	if (since(k, 4, 19))
		arm64_abort_info(k, f);
	arm64_tables(k, f);
	snprintf(what, sizeof(what), since(k, 5, 10) ? "Oops: %016x" : "Oops: %x", arm64_esr(f));
	print_die(k, what);
}

/* --- riscv64 ------------------------------------------------------------------- */

static void riscv_tables(struct kernel *k, const struct fault *f)
{
	unsigned long long addr = f->addr;

	printk(k, KERN_ALERT, "Current %s pgtable: 4K pagesize, 48-bit VAs, pgdp=0x0000000083998000",
	       k->comm);
	if (f->read_only)
		printk(k, KERN_ALERT, "[%016llx] pgd=0000000023fff001, p4d=0000000023fff001, "
		       "pud=0000000023ffec01, pmd=00000000206000e3", addr);
	else if (f->program)
		printk(k, KERN_ALERT, "[%016llx] pgd=0000000020e98001, p4d=0000000020e98001, "
		       "pud=0000000020e19401, pmd=0000000020e19c01, pte=0000000000000000", addr);
	else
		printk(k, KERN_ALERT, "[%016llx] pgd=0000000000000000", addr);
}

static void riscv_fault(struct kernel *k, const struct fault *f)
{
	bool process = f->user && !k->kthread && since(k, 6, 1);

	printk(k, KERN_ALERT, "Unable to handle kernel %s at virtual address %016llx",
	       process ? "access to user memory without uaccess routines" :
	       f->null ? "NULL pointer dereference" : "paging request", (unsigned long long)f->addr);
	if (since(k, 7, 2))
		riscv_tables(k, f);
	print_die(k, "Oops");
}

/* --- arm ------------------------------------------------------------------------ */

/* Fault status: domain, section or page translation, permission; 0x800: write. */
static unsigned arm_fsr(const struct fault *f)
{
	unsigned status = f->program ? 0x1b : f->read_only ? 0x0d : 0x05;

	return status | (f->access == ACCESS_WRITE ? 0x800u : 0);
}

static void arm_announce(struct kernel *k, const struct fault *f)
{
	static const char *const when[] = { " when read", " when write", " when execute" };
	unsigned long long addr = f->addr;

	if (since(k, 5, 10))
		printk(k, KERN_ALERT, "8<--- cut here ---");
	if (f->program)
		printk(k, KERN_ALERT, "Unhandled fault: page domain fault (0x%03x) at 0x%08llx",
		       arm_fsr(f), addr);
	else
		printk(k, KERN_ALERT, "Unable to handle kernel %s at virtual address %08llx%s",
		       f->null ? "NULL pointer dereference" : "paging request", addr,
		       since(k, 6, 12) ? when[f->access] : "");
}

static void arm_tables(struct kernel *k, const struct fault *f)
{
	unsigned long long addr = f->addr;

	if (!since(k, 6, 1))
		printk(k, KERN_ALERT, "pgd = %08x", 0xd9712d34);
	if (f->program)
		printk(k, KERN_ALERT, "[%08llx] *pgd=41c62835, *pte=00000000, *ppte=00000000", addr);
	else
		printk(k, KERN_ALERT, "[%08llx] *pgd=%s", addr, f->read_only ? "40e1941e(bad)" : "00000000");
}

static void arm_fault(struct kernel *k, const struct fault *f)
{
	unsigned fsr = arm_fsr(f);
	char what[32];

	if (f->access == ACCESS_EXEC && f->program) {
		printk(k, KERN_ALERT, "Unhandled prefetch abort: page domain fault (0x%03x) at 0x%08llx",
		       fsr, (unsigned long long)f->addr);
	} else {
		arm_announce(k, f);
		arm_tables(k, f);
	}
	snprintf(what, sizeof(what), f->program ? ": %x" : "Oops: %x", fsr);
	print_die(k, what);
}

/* --- all of them ------------------------------------------------------------------ */

/*
 * On x86_64, an address whose upper bits are not copies of bit 47 causes a different
 * fault.
 */
static bool is_wild(const struct kernel *k, uint64_t addr)
{
	return !strcmp(k->arch->name, "x86_64") && (uint64_t)((int64_t)(addr << 16) >> 16) != addr;
}

/*
 * A jump to a bad address creates no frame. Where frame pointers are kept, the unwinder
 * misses the function that jumped and continues with its caller. On riscv64 an unwind
 * that starts outside any code ends at once.
 */
static void cut_path(const struct kernel *k, struct call_path *p)
{
	const struct report_style *s = report_style(k);
	int from = s->pairs ? 0 : 1;

	if (s->bare)
		p->n = 0;
	if (!s->frame_pointers || p->n <= from)
		return;
	p->n--;
	memmove(p->frame + from, p->frame + from + 1, (size_t)(p->n - from) * sizeof(p->frame[0]));
}

static void print_fault(struct kernel *k, const struct fault *f, const char *pc)
{
	if (!strcmp(k->arch->name, "x86_64"))
		x86_fault(k, f, pc);
	else if (!strcmp(k->arch->name, "arm64"))
		arm64_fault(k, f);
	else if (!strcmp(k->arch->name, "riscv64"))
		riscv_fault(k, f);
	else
		arm_fault(k, f);
}

static void print_oops(struct kernel *k, const char *function, const struct fault *f)
{
	const char *above[] = { function, NULL, NULL };
	struct call_path p;
	char nowhere[24];

	if (f->access == ACCESS_EXEC) {
		snprintf(nowhere, sizeof(nowhere), "0x%llx", (unsigned long long)f->addr);
		above[0] = nowhere;
		above[1] = function;
	}
	call_path(k, above, &p);
	print_fault(k, f, p.frame[0]);
	if (f->access == ACCESS_EXEC)
		cut_path(k, &p);
	print_dead(k, f->access == ACCESS_EXEC ? nowhere : p.frame[0], &p, !f->wild, f->addr);
}

void kernel_fault(struct kernel *k, const char *function, uint64_t addr, enum access access)
{
	uint64_t at = addr & arch_size_max(k->arch);
	struct fault f = {
		.addr = at, .access = access, .null = at < k->params.page_size,
		.user = at < user_end(k),
		.program = at < PROGRAM_END && !k->kthread,
		.read_only = access == ACCESS_WRITE && is_rodata(k, at), .wild = is_wild(k, at),
	};

	if (ratelimit(k, function, "Oops"))
		print_oops(k, function, &f);
	kernel_die(k, REPORT_OOPS, function, addr);
}

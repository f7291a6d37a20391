/* SPDX-License-Identifier: MIT */
/* A sequence as lines to type at devsh's prompt. */
#include "random.h"

const char *const kind_name[KINDS] = {
	[K_DEVICE] = "device", [K_DEVICE_UNREGISTER] = "device_unregister",
	[K_GET_DEVICE] = "get_device", [K_PUT_DEVICE] = "put_device", [K_DRIVER] = "driver",
	[K_DRIVER_UNREGISTER] = "driver_unregister", [K_BIND] = "bind", [K_UNBIND] = "unbind",
	[K_DEFINE] = "define", [K_KMALLOC] = "devm_kmalloc", [K_KZALLOC] = "devm_kzalloc",
	[K_KREALLOC] = "devm_krealloc", [K_KFREE] = "devm_kfree",
	[K_GET_PAGES] = "devm_get_free_pages", [K_FREE_PAGES] = "devm_free_pages",
	[K_ALLOC_PERCPU] = "devm_alloc_percpu", [K_FREE_PERCPU] = "devm_free_percpu",
	[K_ADD_ACTION] = "devm_add_action",
	[K_ADD_ACTION_OR_RESET] = "devm_add_action_or_reset",
	[K_REMOVE_ACTION] = "devm_remove_action",
	[K_REMOVE_ACTION_NOWARN] = "devm_remove_action_nowarn",
	[K_RELEASE_ACTION] = "devm_release_action", [K_IS_ACTION_ADDED] = "devm_is_action_added",
	[K_ALLOC] = "devres_alloc", [K_ADD] = "devres_add", [K_FREE] = "devres_free",
	[K_FIND] = "devres_find", [K_GET] = "devres_get", [K_REMOVE] = "devres_remove",
	[K_DESTROY] = "devres_destroy", [K_RELEASE] = "devres_release",
	[K_FOR_EACH] = "devres_for_each_res", [K_RELEASE_ALL] = "devres_release_all",
	[K_OPEN_GROUP] = "devres_open_group", [K_CLOSE_GROUP] = "devres_close_group",
	[K_REMOVE_GROUP] = "devres_remove_group", [K_RELEASE_GROUP] = "devres_release_group",
	[K_FAIL_FUNCTION] = "fail_function",
};

const char *const gfp_name_of[GFPS] = { "GFP_KERNEL", "GFP_ATOMIC", "GFP_KERNEL|__GFP_NOWARN" };

/* In the order in which a probe reaches them. */
const char *const failing_name[FAILING] = {
	"device_links_check_suppliers", "pinctrl_bind_pins", "platform_dma_configure",
	"driver_sysfs_add", "platform_probe", "device_add_groups",
};

const char *device_word(int dev)
{
	static const char *const word[] = { "d0", "d1", "d2", "d3", "d4" };

	return dev < 0 ? "$dev" : word[dev];
}

const char *driver_word(int drv)
{
	static const char *const word[] = { "drv0", "drv1", "drv2", "d4" };

	return word[drv];
}

static void print_ref(FILE *f, struct ref r)
{
	if (r.var < 0)
		fprintf(f, r.plus ? " %#llx" : " NULL", (unsigned long long)r.plus);
	else if (r.plus)
		fprintf(f, " $q");
	else
		fprintf(f, " $p%d", r.var);
}

static void print_body(FILE *f, const struct sequence *s, const struct body *b, bool probe)
{
	fprintf(f, "{ ");
	for (int i = 0; i < b->count; i++) {
		op_print(f, s, &b->op[i]);
		fprintf(f, "; ");
	}
	if (probe && b->ret)
		fprintf(f, "return %d ", b->ret);
	fprintf(f, "}");
}

static void print_search(FILE *f, const struct op *op)
{
	print_ref(f, op->res);
	if (op->match != M_NONE)
		fprintf(f, " match={ return %d }", op->match == M_YES);
}

static void print_driver(FILE *f, const struct sequence *s, const struct op *op)
{
	fprintf(f, " %s", driver_word(op->drv));
	for (int i = 0; i < DEVICES; i++)
		if (op->table >> i & 1)
			fprintf(f, "%s%s", op->table & ((1u << i) - 1) ? "," : " id_table=",
				device_word(i));
	if (op->body) {
		fprintf(f, " probe=");
		print_body(f, s, op->body, true);
	}
	if (op->body2) {
		fprintf(f, " remove=");
		print_body(f, s, op->body2, false);
	}
}

void op_print(FILE *f, const struct sequence *s, const struct op *op)
{
	unsigned long long size = op->size;

	if (op->var >= 0)
		fprintf(f, "p%d = ", op->var);
	fprintf(f, "%s", kind_name[op->kind]);
	if (op->kind != K_DRIVER && op->kind != K_DRIVER_UNREGISTER && op->kind != K_DEFINE &&
	    op->kind != K_ALLOC && op->kind != K_FREE && op->kind != K_FAIL_FUNCTION)
		fprintf(f, " %s", device_word(op->dev));
	switch (op->kind) {
	case K_DRIVER:
		print_driver(f, s, op);
		break;
	case K_FAIL_FUNCTION:
		fprintf(f, " %s -%llu", failing_name[op->fn], size);
		break;
	case K_DRIVER_UNREGISTER: case K_BIND:
		fprintf(f, " %s", driver_word(op->drv));
		break;
	case K_DEFINE:
		fprintf(f, " f%d ", op->fn);
		print_body(f, s, op->body, false);
		break;
	case K_KMALLOC: case K_KZALLOC:
		fprintf(f, " %llu %s", size, gfp_name_of[op->gfp]);
		break;
	case K_KREALLOC:
		print_ref(f, op->p);
		fprintf(f, " %llu %s", size, gfp_name_of[op->gfp]);
		break;
	case K_GET_PAGES:
		fprintf(f, " %s %llu", gfp_name_of[op->gfp], size);
		break;
	case K_ALLOC_PERCPU:
		fprintf(f, " %llu", size);
		break;
	case K_ALLOC:
		fprintf(f, " f%d %llu %s", op->fn, size, gfp_name_of[op->gfp]);
		break;
	case K_ADD_ACTION: case K_ADD_ACTION_OR_RESET: case K_REMOVE_ACTION:
	case K_REMOVE_ACTION_NOWARN: case K_RELEASE_ACTION: case K_IS_ACTION_ADDED:
		fprintf(f, " f%d %llu", op->fn, (unsigned long long)op->p.plus);
		break;
	case K_FIND: case K_REMOVE: case K_DESTROY: case K_RELEASE:
		fprintf(f, " f%d", op->fn);
		print_search(f, op);
		break;
	case K_GET:
		print_ref(f, op->p);
		print_search(f, op);
		break;
	case K_FOR_EACH:
		fprintf(f, " f%d", op->fn);
		print_search(f, op);
		fprintf(f, " fn=");
		print_body(f, s, op->body, false);
		break;
	case K_KFREE: case K_FREE_PAGES: case K_FREE_PERCPU: case K_ADD: case K_FREE:
	case K_OPEN_GROUP: case K_CLOSE_GROUP: case K_REMOVE_GROUP: case K_RELEASE_GROUP:
		print_ref(f, op->p);
		break;
	default:
		break;
	}
}

void sequence_cmdline(const struct sequence *s, char *out, size_t size)
{
	char page[24] = "";

	if (s->page)
		snprintf(page, sizeof(page), " page_size=%uk", page_sizes[s->page].kib);
	snprintf(out, size, "release=%s arch=%s%s mem=%uM%s", release_name[s->release],
		 arch_name[s->arch], page, s->mem, s->bare ? " slub_debug=-" : "");
}

void sequence_print(FILE *f, const struct sequence *s, const char *prefix)
{
	char cmdline[128];

	sequence_cmdline(s, cmdline, sizeof(cmdline));
	fprintf(f, "%sboot %s\n", prefix, cmdline);
	for (int i = 0; i < s->count; i++) {
		const struct ref *p = &s->op[i].p;

		/* sums are computed by Lua */
		if (p->var >= 0 && p->plus)
			fprintf(f, "%slua q = p%d + %llu\n", prefix, p->var,
				(unsigned long long)p->plus);
		fprintf(f, "%s", prefix);
		op_print(f, s, &s->op[i]);
		fputc('\n', f);
	}
}

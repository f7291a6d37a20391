/* SPDX-License-Identifier: MIT */
/* A Lua state from its beginning to its end, and how much memory it may have. */
#include "lua/state.h"

#include <stdlib.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"

#define BYTES_MAX (1u << 30)

static struct list all = { &all, &all };

/* --- memory ------------------------------------------------------------------ */

/*
 * All blocks of a state are on a list: a state that was abandoned in the middle
 * of something can be freed, though it cannot be closed.
 *
 *	script->blocks <-> [ link | what Lua sees ] <-> [ link | ... ] <-> (blocks)
 */
static struct list *link_of(void *ptr)
{
	return ptr ? (struct list *)ptr - 1 : NULL;
}

static void *resize(struct script *s, struct list *block, size_t size)
{
	struct list *new;

	if (block)
		list_remove(block);
	if (!size) {
		free(block);
		return NULL;
	}
	new = host_realloc(block, sizeof(*new) + size);
	if (new || block)
		list_append(&s->blocks, new ? new : block);
	return new ? new + 1 : NULL;
}

static void *limited_alloc(void *ud, void *ptr, size_t osize, size_t nsize)
{
	struct script *s = ud;
	size_t old = ptr ? osize : 0;
	sig_atomic_t before;
	void *p;

	if (nsize > old && s->bytes + (nsize - old) > s->limit)
		return NULL;
	before = interrupt_hold();
	p = resize(s, link_of(ptr), nsize);
	interrupt_release(before);
	if (p || !nsize)
		s->bytes += nsize - old;
	return p;
}

static void free_blocks(struct script *s)
{
	while (!list_empty(&s->blocks)) {
		struct list *block = s->blocks.next;

		list_remove(block);
		free(block);
	}
}

/* --- a state ------------------------------------------------------------------- */

static int open_all(lua_State *L)
{
	sandbox_open(L);
	handles_open(L);
	arguments_open(L);
	memory_open(L);
	calls_open(L);
	events_open(L);
	scenario_open(L);
	vocabulary_open(L);
	return 0;
}

struct script *script_create(struct machine *m, const struct script_host *host)
{
	struct script *s = host_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->machine = m;
	s->host = *host;
	s->limit = BYTES_MAX;
	list_init(&s->blocks);
	list_append(&all, &s->one_of_all);
	s->roots.each = roots_each;
	machine_set_roots(m, &s->roots);
	s->L = lua_newstate(limited_alloc, s);
	if (!s->L)
		goto fail;
	*(struct script **)lua_getextraspace(s->L) = s;
	lua_gc(s->L, LUA_GCGEN, 0, 0);
	if (door_do(s, open_all, NULL, 0, 0))
		goto fail;
	return s;
fail:
	script_destroy(s);
	return NULL;
}

void script_destroy(struct script *s)
{
	if (!s)
		return;
	/*
	 * lua_close() would run finalizers, which may call what is gone, or never
	 * return. Code that drivers hold must not reach the state any more.
	 */
	s->L = NULL;
	free_blocks(s);
	list_remove(&s->one_of_all);
	buf_finish(&s->pending);
	buf_finish(&s->raised);
	events_close(s);
	scenario_close(s);
	free(s);
}

size_t script_memory(const struct script *s)
{
	return s->bytes;
}

void script_limit(struct script *s, size_t bytes)
{
	s->limit = bytes;
}

/* --- after a jump out of it ----------------------------------------------------- */

bool script_is_inside(const struct script *s)
{
	return s->inside;
}

void script_abandon(struct script *keep)
{
	struct script *s;

	list_each(s, &all, struct script, one_of_all) {
		struct machine *m = s->machine;

		if (s == keep)
			continue;
		/* functions that drivers hold are dropped by the machine, into the script */
		s->L = NULL;
		machine_destroy(m);
		script_destroy(s);
	}
	door_inside = NULL;
}

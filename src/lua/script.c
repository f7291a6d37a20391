/* SPDX-License-Identifier: MIT */
/* A Lua state from its beginning to its end, and how much memory it may have. */
#include "lua/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/host_memory.h"

#define BYTES_MAX (1u << 30)

static void *limited_alloc(void *ud, void *ptr, size_t osize, size_t nsize)
{
	struct script *s = ud;
	size_t old = ptr ? osize : 0;
	void *p;

	if (!nsize) {
		free(ptr);
		s->bytes -= old;
		return NULL;
	}
	if (nsize > old && s->bytes + (nsize - old) > s->limit)
		return NULL;
	p = host_realloc(ptr, nsize);
	if (p)
		s->bytes += nsize - old;
	return p;
}

static int open_all(lua_State *L)
{
	sandbox_open(L);
	values_open(L);
	arguments_open(L);
	memory_open(L);
	calls_open(L);
	scenario_open(L);
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
	lua_State *L;

	if (!s)
		return;
	/* code that drivers hold must not reach the state any more */
	L = s->L;
	s->L = NULL;
	if (L)
		lua_close(L);
	buf_finish(&s->pending);
	buf_finish(&s->raised);
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

size_t script_where(const struct script *s, char *out, size_t size)
{
	const char *function = NULL;
	lua_Debug ar;
	int n;

	if (!s->entered || !s->L)
		return 0;
	for (int level = 0; lua_getstack(s->L, level, &ar); level++) {
		lua_getinfo(s->L, "Snl", &ar);
		if (ar.currentline > 0)
			break;
		if (!function)
			function = ar.name;
	}
	if (ar.currentline <= 0)
		return 0;
	n = snprintf(out, size, "%s%s%s%s:%d", function ? "in " : "at ", function ? function : "",
		     function ? "(), " : "", ar.short_src, ar.currentline);
	return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

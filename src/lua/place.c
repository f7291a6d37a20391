/* SPDX-License-Identifier: MIT */
/* Where Lua is: for handlers of signals, when it does not come back. */
#include "lua/state.h"

#include <stdio.h>
#include <string.h>

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

void script_leave(struct script_place *p)
{
	const struct script *s = door_inside;
	lua_State *L = s ? s->L : NULL;
	lua_Debug ar;
	int n = 0;

	*p = (struct script_place){ 0 };
	for (int level = 0; L && lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Snlf", &ar);
		/* nobody works with this stack any more: it does not matter what is on it */
		if (n < PLACE_FUNCTIONS)
			p->function[n++] = (void (*)(void))lua_tocfunction(L, -1);
		lua_pop(L, 1);
		if (!*p->name && ar.name && strcmp(ar.name, "?"))
			snprintf(p->name, sizeof(p->name), "%s", ar.name);
		if (ar.currentline <= 0)
			continue;
		/* a line that was typed is on the screen */
		if (strcmp(ar.short_src, "lua") || ar.currentline > 1)
			snprintf(p->line, sizeof(p->line), "%s:%d", ar.short_src, ar.currentline);
		break;
	}
}

struct search {
	const struct script_place *p;
	struct buf *out;
	bool found;
};

/* The name of the C function in the table on the top of the stack; closures: also those. */
static void search_table(lua_State *L, struct search *s, lua_CFunction fn, const char *library)
{
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		bool closure = lua_tocfunction(L, -1) && lua_getupvalue(L, -1, 1);

		if (closure)
			lua_pop(L, 1);
		/* calls of the machine are all closures of one function */
		if (s->found || lua_type(L, -2) != LUA_TSTRING || lua_tocfunction(L, -1) != fn ||
		    (closure && !*library))
			continue;
		buf_printf(s->out, "in %s%s%s", library, *library ? "." : "", lua_tostring(L, -2));
		s->found = true;
	}
}

static int name_function(lua_State *L)
{
	static const char *const library[] = {
		LUA_STRLIBNAME, LUA_TABLIBNAME, LUA_UTF8LIBNAME, LUA_MATHLIBNAME, LUA_COLIBNAME, "",
	};
	struct search *s = lua_touserdata(L, 1);

	for (int n = 0; n < PLACE_FUNCTIONS && !s->found; n++) {
		lua_CFunction fn = (lua_CFunction)s->p->function[n];

		for (size_t i = 0; fn && i < sizeof(library) / sizeof(library[0]); i++) {
			lua_pushglobaltable(L);
			if (*library[i]) {
				lua_pushstring(L, library[i]);
				lua_rawget(L, -2);
			}
			if (lua_istable(L, -1))
				search_table(L, s, fn, library[i]);
			lua_settop(L, 1);
		}
	}
	return 0;
}

void script_place_text(struct script *s, const struct script_place *p, struct buf *out)
{
	struct search search = { .p = p, .out = out };

	(void)door_do(s, name_function, &search, 0, 0);
	if (!search.found && *p->name)
		buf_printf(out, strchr(p->name, ' ') ? "in a '%s'" : "in %s", p->name);
	if (*p->line)
		buf_printf(out, "%s%s", out->len ? ", " : "at ", p->line);
}

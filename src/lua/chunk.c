/* SPDX-License-Identifier: MIT */
/* Text in: files, lines, expressions, and whether one of them wants more lines. */
#include "lua/state.h"

#include <stdio.h>
#include <string.h>

/* Text to compile, which leaves a function or an error message on the stack. */
struct chunk {
	const char *name, *text;
	size_t len;
	int status;
};

static int compile(lua_State *L)
{
	struct chunk *c = lua_touserdata(L, 1);

	if (c->len && c->text[0] == LUA_SIGNATURE[0]) {
		lua_pushfstring(L, "%s: this is bytecode; wants Lua as text", c->name + 1);
		c->status = LUA_ERRSYNTAX;
	} else {
		c->status = luaL_loadbufferx(L, c->text, c->len, c->name, "t");
	}
	return 1;
}

/* One value is on the stack: 0, or an error. */
static int load_chunk(struct script *s, struct chunk *c)
{
	if (!door_do(s, compile, c, 0, 1))
		return c->status;
	lua_pushnil(s->L); /* not even for a message is there memory */
	return LUA_ERRMEM;
}

static enum script_status finish(struct script *s, int rc, struct buf *why)
{
	if (!rc)
		return SCRIPT_OK;
	door_message(s, why);
	return s->aborting ? SCRIPT_INTERRUPTED : SCRIPT_ERROR;
}

enum script_status script_run(struct script *s, const char *name, const char *text,
			      size_t len, struct buf *why)
{
	char chunk[512];
	struct chunk c = { .name = chunk, .text = text, .len = len };
	enum script_status status;
	int rc;

	/* "@name" is a file in messages; a first line "#!" is the system's */
	snprintf(chunk, sizeof(chunk), "@%s", name);
	if (len && text[0] == '#') {
		const char *end = memchr(text, '\n', len);
		size_t skip = end ? (size_t)(end - text) : len;

		c.text += skip;
		c.len -= skip;
	}
	rc = load_chunk(s, &c);
	if (rc) {
		door_message(s, why);
		return rc == LUA_ERRMEM ? SCRIPT_ERROR : SCRIPT_SYNTAX;
	}
	status = finish(s, door_call(s, 0, 0), why);
	if (status == SCRIPT_OK && !scenario_collect(s)) {
		buf_printf(why, "%s: %s", name, NO_MEMORY);
		status = SCRIPT_ERROR;
	}
	return status;
}

static int load_value(struct script *s, const char *text)
{
	struct chunk c = { .name = "=lua" };
	struct buf b = BUF_INIT;
	int rc;

	buf_printf(&b, "return %s", text);
	c.text = buf_str(&b);
	c.len = b.len;
	rc = load_chunk(s, &c);
	buf_finish(&b);
	return rc;
}

/* "near <eof>" asks for more. */
static bool ends_early(const char *msg)
{
	return msg && strstr(msg, "<eof>");
}

static int load_expression(struct script *s, const char *text)
{
	struct chunk c = { .name = "=lua", .text = text, .len = strlen(text) };
	lua_State *L = s->L;
	int rc = load_value(s, text);

	if (rc == LUA_OK)
		return rc;
	rc = load_chunk(s, &c);
	/* if it does not ask for more, the message about the expression says it better */
	lua_remove(L, rc == LUA_OK || ends_early(lua_tostring(L, -1)) ? -2 : -1);
	return rc;
}

static int print_values(lua_State *L)
{
	lua_getglobal(L, "print");
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, 0);
	return 0;
}

enum script_status script_eval(struct script *s, const char *text, struct buf *why)
{
	lua_State *L = s->L;
	int top = lua_gettop(L), n;
	int rc;

	rc = load_expression(s, text);
	if (rc) {
		door_message(s, why);
		return rc == LUA_ERRMEM ? SCRIPT_ERROR : SCRIPT_SYNTAX;
	}
	rc = door_call(s, 0, LUA_MULTRET);
	n = lua_gettop(L) - top;
	if (rc || !n)
		return finish(s, rc, why);
	if (!lua_checkstack(L, 4)) {
		lua_settop(L, top);
		buf_puts(why, NO_MEMORY);
		return SCRIPT_ERROR;
	}
	lua_pushcfunction(L, print_values);
	lua_insert(L, top + 1);
	return finish(s, door_call(s, n, 0), why);
}

bool script_is_expression(struct script *s, const char *text)
{
	bool is = load_value(s, text) == LUA_OK;

	lua_pop(s->L, 1);
	return is;
}

bool script_incomplete(struct script *s, const char *text)
{
	static const char eof[] = "<eof>";
	const char *msg;
	size_t len;
	bool more = false;

	if (load_expression(s, text)) {
		msg = lua_tolstring(s->L, -1, &len);
		more = msg && len >= sizeof(eof) - 1 && !strcmp(msg + len - (sizeof(eof) - 1), eof);
	}
	lua_pop(s->L, 1);
	return more;
}

/* SPDX-License-Identifier: MIT */
/*
 * The one protected door to Lua. Every entry goes through door_call(); every
 * callback into Lua is a struct code that returns -errno. An error in a
 * callback is kept while the model unwinds and raised again behind it, so no
 * Lua error ever jumps through the model.
 */
#include "lua/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/interrupt.h"

#define HOOK_COUNT 1000

struct lua_code {
	struct code code;
	struct script *script;
	int ref;
};

struct script *script_of(lua_State *L)
{
	struct script *s = *(struct script **)lua_getextraspace(L);

	if (!s->L)
		luaL_error(L, "the session is over"); /* in a finalizer, which ends there */
	return s;
}

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
	if (nsize > old && s->bytes + (nsize - old) > LUA_BYTES_MAX)
		return NULL;
	p = realloc(ptr, nsize);
	if (p)
		s->bytes += nsize - old;
	return p;
}

/* A task that the kernel killed runs no code any more, up to where it came from. */
static bool task_is_dead(const struct script *s)
{
	const struct kernel *k = &s->machine->kernel;

	return k->task_died && k->nesting;
}

/* Coroutines inherit the hook; once it fired it does so at every instruction. */
static void count_hook(lua_State *L, lua_Debug *ar)
{
	struct script *s = script_of(L);

	(void)ar;
	if (interrupted)
		s->aborting = true;
	if (!s->aborting && !task_is_dead(s)) {
		if (lua_gethookcount(L) != HOOK_COUNT)
			lua_sethook(L, count_hook, LUA_MASKCOUNT, HOOK_COUNT);
		return;
	}
	lua_sethook(L, count_hook, LUA_MASKCOUNT, 1);
	if (s->aborting)
		luaL_error(L, "interrupted");
	luaL_where(L, 0);
	lua_pushliteral(L, "the kernel killed the task; see dmesg");
	lua_concat(L, 2);
	lua_error(L);
}

void door_end_dead(lua_State *L, struct script *s)
{
	if (!task_is_dead(s))
		return;
	lua_sethook(L, count_hook, LUA_MASKCOUNT, 1);
	lua_sethook(s->L, count_hook, LUA_MASKCOUNT, 1);
}

static void suggest(lua_State *L, luaL_Buffer *b, const char *msg)
{
	static const char key[] = "nil value (global '";
	const char *at = strstr(msg, key), *near;
	char name[64];
	size_t n;

	if (!at)
		return;
	at += sizeof(key) - 1;
	n = strcspn(at, "'");
	if (n >= sizeof(name))
		return;
	memcpy(name, at, n);
	name[n] = '\0';
	near = call_suggest(name);
	if (call_find(name)) {
		lua_pushfstring(L, "; %s is a call of the shell only", name);
		luaL_addvalue(b);
	} else if (near) {
		lua_pushfstring(L, "; did you mean '%s'?", near);
		luaL_addvalue(b);
	}
}

/* The first frame that is the user's: "file:line: ". */
static void push_where(lua_State *L)
{
	lua_Debug ar;

	for (int level = 1; lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Sl", &ar);
		if (ar.currentline <= 0 || !strcmp(ar.short_src, "devsh"))
			continue;
		lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
		return;
	}
	lua_pushliteral(L, "");
}

/* Makes one line of text of any error, with its place in front. */
static int message_handler(lua_State *L)
{
	struct script *s = script_of(L);
	const char *msg;
	luaL_Buffer b;

	scenario_capture(s);
	if (lua_istable(L, 1)) {
		/* an assertion: the place is where the test called it */
		lua_getfield(L, 1, "fail");
		msg = lua_tostring(L, -1);
		push_where(L);
		lua_pushstring(L, msg ? msg : "error object is a table");
		lua_concat(L, 2);
		return 1;
	}
	msg = lua_tostring(L, 1);
	if (!msg) {
		lua_pushfstring(L, "error object is a %s", luaL_typename(L, 1));
		return 1;
	}
	luaL_buffinit(L, &b);
	luaL_addstring(&b, msg);
	suggest(L, &b, msg);
	luaL_pushresult(&b);
	return 1;
}

int door_call(struct script *s, int nargs, int nresults)
{
	lua_State *L = s->L;
	int handler = lua_gettop(L) - nargs, rc;

	/* the outermost entry, which may well be a statement in a shell's block */
	if (!s->entered++) {
		s->aborting = false;
		lua_sethook(L, count_hook, LUA_MASKCOUNT, HOOK_COUNT);
	}
	lua_pushcfunction(L, message_handler);
	lua_insert(L, handler);
	rc = lua_pcall(L, nargs, nresults, handler);
	lua_remove(L, handler);
	s->entered--;
	return rc;
}

void door_message(struct script *s, struct buf *why)
{
	const char *msg = lua_tostring(s->L, -1);

	buf_puts(why, msg ? msg : "error without a message");
	lua_pop(s->L, 1);
}

/* --- callbacks ------------------------------------------------------------ */

static bool is_answer(lua_State *L, enum code_answer wanted)
{
	lua_Integer i;
	int whole;

	switch (lua_type(L, -1)) {
	case LUA_TNIL:
		return true;
	case LUA_TBOOLEAN:
		return wanted == ANSWER_MATCH;
	case LUA_TNUMBER:
		i = lua_tointegerx(L, -1, &whole);
		return whole && i == (int)i;
	case LUA_TUSERDATA:
		return wanted == ANSWER_FAULTS;
	default:
		return false;
	}
}

/* "file:3: probe returned false; ...": the line is that of the function's first one. */
static void push_wrong_answer(struct script *s, const struct lua_code *c)
{
	const struct kernel *k = &s->machine->kernel;
	lua_State *L = s->L;
	int value = lua_gettop(L);
	lua_Debug ar;

	lua_rawgeti(L, LUA_REGISTRYINDEX, c->ref);
	lua_getinfo(L, ">S", &ar);
	lua_getfield(L, LUA_REGISTRYINDEX, SHOW_TABLE);
	lua_pushvalue(L, value);
	if (lua_pcall(L, 1, 1, 0)) {
		lua_pushstring(L, luaL_typename(L, value));
		lua_replace(L, -2);
	}
	lua_pushfstring(L, "%s:%d: %s returned %s; right is %s", ar.short_src, ar.linedefined,
			c->code.answer == ANSWER_FAULTS ? "the function" :
			*k->context.phase ? k->context.phase : k->context.caller,
			lua_tostring(L, -1),
			c->code.answer == ANSWER_MATCH ? "true or false, 1 or 0, or a negative errno" :
			c->code.answer == ANSWER_FAULTS ? "0 or nothing for success, a negative errno, or a pointer" :
			"0 or nothing for success, or a negative errno such as -ENODEV");
	lua_replace(L, value);
	lua_settop(L, value);
}

/* What a callback returned is on the stack; true and *ret, or false and an error is there. */
static bool take_answer(struct script *s, const struct lua_code *c, struct value *ret)
{
	lua_State *L = s->L;
	int whole;

	if (c->code.answer != ANSWER_ANY && !is_answer(L, c->code.answer)) {
		push_wrong_answer(s, c);
		return false;
	}
	*ret = (struct value){ .type = V_NONE };
	if (lua_type(L, -1) == LUA_TNUMBER)
		*ret = (struct value){ .type = V_INT, .i = lua_tointegerx(L, -1, &whole) };
	else if (lua_isboolean(L, -1))
		*ret = (struct value){ .type = V_BOOL, .b = lua_toboolean(L, -1) };
	lua_pop(L, 1);
	return true;
}

static int run_lua(struct code *code, const struct value *arg, int args, struct value *ret)
{
	struct lua_code *c = (struct lua_code *)code;
	struct script *s = c->script;
	lua_State *L = s->L;
	int held, rc = 0;

	if (!lua_checkstack(L, args + 8))
		return -ENOMEM;
	/* what an earlier callback ran into is no error of this one's calls */
	held = script_hold_error(s);
	lua_rawgeti(L, LUA_REGISTRYINDEX, c->ref);
	for (int i = 0; i < args; i++)
		push_value(L, s, &arg[i]);
	if (door_call(s, args, 1) || !take_answer(s, c, ret)) {
		s->pending = luaL_ref(L, LUA_REGISTRYINDEX);
		rc = s->aborting ? -EINTR : -EIO;
	}
	script_join_error(s, held);
	return rc;
}

int script_hold_error(struct script *s)
{
	int held = s->pending;

	s->pending = LUA_NOREF;
	return held;
}

void script_join_error(struct script *s, int held)
{
	lua_State *L = s->L;

	if (held == LUA_NOREF)
		return;
	if (s->pending != LUA_NOREF) {
		/* each is a line of its own */
		lua_rawgeti(L, LUA_REGISTRYINDEX, held);
		lua_pushliteral(L, "\n");
		lua_rawgeti(L, LUA_REGISTRYINDEX, s->pending);
		lua_concat(L, 3);
		lua_rawseti(L, LUA_REGISTRYINDEX, held);
		luaL_unref(L, LUA_REGISTRYINDEX, s->pending);
	}
	s->pending = held;
}

static bool take_lua_error(struct code *code, char *why, size_t size)
{
	struct script *s = ((struct lua_code *)code)->script;
	struct buf text = BUF_INIT;
	bool taken = !s->aborting && script_take_error(s, &text);

	/* of several the first is the cause */
	if (taken)
		snprintf(why, size, "%.*s", (int)strcspn(buf_str(&text), "\n"), buf_str(&text));
	buf_finish(&text);
	return taken;
}

static void drop_lua(struct code *code)
{
	struct lua_code *c = (struct lua_code *)code;

	if (c->script->L)
		luaL_unref(c->script->L, LUA_REGISTRYINDEX, c->ref);
	free(c);
}

struct code *door_code(lua_State *L, int index)
{
	struct lua_code *c = malloc(sizeof(*c));

	if (!c)
		return NULL;
	*c = (struct lua_code){
		.code = { run_lua, drop_lua, take_lua_error }, .script = script_of(L),
	};
	lua_pushvalue(L, index);
	c->ref = luaL_ref(L, LUA_REGISTRYINDEX);
	return &c->code;
}

void door_raise_pending(lua_State *L, struct script *s)
{
	if (s->pending == LUA_NOREF)
		return;
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->pending);
	luaL_unref(L, LUA_REGISTRYINDEX, s->pending);
	s->pending = LUA_NOREF;
	lua_error(L);
}

bool script_take_error(struct script *s, struct buf *why)
{
	if (s->pending == LUA_NOREF)
		return false;
	lua_rawgeti(s->L, LUA_REGISTRYINDEX, s->pending);
	luaL_unref(s->L, LUA_REGISTRYINDEX, s->pending);
	s->pending = LUA_NOREF;
	door_message(s, why);
	return true;
}

/* --- state ------------------------------------------------------------------ */

static int open_all(lua_State *L)
{
	sandbox_open(L);
	values_open(L);
	memory_open(L);
	calls_open(L);
	scenario_open(L);
	return 0;
}

struct script *script_create(struct machine *m, const struct script_host *host)
{
	struct script *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->machine = m;
	s->host = *host;
	s->holder.each = holder_each;
	machine_set_holder(m, &s->holder);
	s->pending = LUA_NOREF;
	s->L = lua_newstate(limited_alloc, s);
	if (!s->L)
		goto fail;
	*(struct script **)lua_getextraspace(s->L) = s;
	lua_gc(s->L, LUA_GCGEN, 0, 0);
	lua_pushcfunction(s->L, open_all);
	if (lua_pcall(s->L, 0, 0, 0))
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
	for (size_t i = 0; i < s->releases; i++)
		free(s->release[i].name);
	free(s->release);
	free(s);
}

/* --- text in ------------------------------------------------------------------ */

static enum script_status finish(struct script *s, int rc, struct buf *why)
{
	if (!rc)
		return SCRIPT_OK;
	door_message(s, why);
	return s->aborting ? SCRIPT_INTERRUPTED : SCRIPT_ERROR;
}

static int load_text(struct script *s, const char *name, const char *text, size_t len)
{
	char chunk[512];

	/* "@name" is a file in messages; a first line "#!" is the system's */
	snprintf(chunk, sizeof(chunk), "@%s", name);
	if (len && text[0] == '#') {
		const char *end = memchr(text, '\n', len);
		size_t skip = end ? (size_t)(end - text) : len;

		text += skip;
		len -= skip;
	}
	if (len && text[0] == LUA_SIGNATURE[0]) {
		lua_pushfstring(s->L, "%s: this is bytecode; wants Lua as text", name);
		return LUA_ERRSYNTAX;
	}
	return luaL_loadbufferx(s->L, text, len, chunk, "t");
}

enum script_status script_run(struct script *s, const char *name, const char *text,
			      size_t len, struct buf *why)
{
	if (load_text(s, name, text, len)) {
		door_message(s, why);
		return SCRIPT_SYNTAX;
	}
	return finish(s, door_call(s, 0, 0), why);
}

static int load_value(struct script *s, const char *text)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_printf(&b, "return %s", text);
	rc = luaL_loadbufferx(s->L, buf_str(&b), b.len, "=lua", "t");
	buf_finish(&b);
	return rc;
}

static int load_expression(struct script *s, const char *text)
{
	lua_State *L = s->L;
	int rc = load_value(s, text);

	if (rc == LUA_OK)
		return rc;
	rc = luaL_loadbufferx(L, text, strlen(text), "=lua", "t");
	/* "near <eof>" asks for more; else the message about the expression says it better */
	lua_remove(L, rc == LUA_OK || strstr(lua_tostring(L, -1), "<eof>") ? -2 : -1);
	return rc;
}

enum script_status script_eval(struct script *s, const char *text, struct buf *why)
{
	lua_State *L = s->L;
	int top = lua_gettop(L), n;
	int rc;

	if (load_expression(s, text)) {
		door_message(s, why);
		return SCRIPT_SYNTAX;
	}
	rc = door_call(s, 0, LUA_MULTRET);
	if (rc)
		return finish(s, rc, why);
	n = lua_gettop(L) - top;
	if (!n)
		return SCRIPT_OK;
	lua_getglobal(L, "print");
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
		more = len >= sizeof(eof) - 1 && !strcmp(msg + len - (sizeof(eof) - 1), eof);
	}
	lua_pop(s->L, 1);
	return more;
}

void script_set_args(struct script *s, const char *name, char *const *args)
{
	lua_State *L = s->L;

	lua_newtable(L);
	lua_pushstring(L, name);
	lua_rawseti(L, -2, 0);
	for (int i = 0; args && args[i]; i++) {
		lua_pushstring(L, args[i]);
		lua_rawseti(L, -2, i + 1);
	}
	lua_setglobal(L, "arg");
}

/* --- variables ------------------------------------------------------------------ */

bool script_get(struct script *s, const char *name, struct value *out, struct buf *text)
{
	lua_State *L = s->L;
	bool ok;

	lua_pushglobaltable(L);
	lua_pushstring(L, name);
	lua_rawget(L, -2);
	ok = to_value(L, s, -1, out);
	if (ok && out->type == V_STR) {
		size_t len;
		const char *str = lua_tolstring(L, -1, &len);

		buf_reset(text);
		buf_add(text, str, len);
		out->s = buf_str(text);
	}
	lua_pop(L, 2);
	return ok;
}

void script_set(struct script *s, const char *name, const struct value *v)
{
	lua_State *L = s->L;

	lua_pushglobaltable(L);
	lua_pushstring(L, name);
	push_variable(L, s, v);
	lua_rawset(L, -3);
	lua_pop(L, 1);
}

void script_globals(struct script *s, void (*each)(void *ctx, const char *name), void *ctx)
{
	lua_State *L = s->L;
	struct value v;

	lua_pushglobaltable(L);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING && to_value(L, s, -1, &v))
			each(ctx, lua_tostring(L, -2));
	lua_pop(L, 1);
}

/* SPDX-License-Identifier: MIT */
/*
 * The protected door to Lua: door_call() for code of users, door_do() for our
 * own. Whatever may raise an error, were it only for memory, goes through one
 * of them, so that no Lua error ever leaves this layer or jumps through the
 * model.
 */
#include "lua/state.h"

#include <string.h>

#include "lib/interrupt.h"

#define HOOK_COUNT 1000

struct script *door_inside;

struct script *script_of(lua_State *L)
{
	return *(struct script **)lua_getextraspace(L);
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
		/* a path is longer than short_src keeps */
		lua_pushfstring(L, "%s:%d: ", ar.source[0] == '@' ? ar.source + 1 : ar.short_src,
				ar.currentline);
		return;
	}
	lua_pushliteral(L, "");
}

/* Leaves the text of any error on the stack, with its place in front. */
static void push_text(lua_State *L)
{
	const char *msg;
	luaL_Buffer b;

	if (lua_istable(L, 1)) {
		/* an assertion: the place is where the test called it */
		lua_getfield(L, 1, "fail");
		msg = lua_tostring(L, -1);
		push_where(L);
		lua_pushstring(L, msg ? msg : "error object is a table");
		lua_concat(L, 2);
		return;
	}
	msg = lua_tostring(L, 1);
	if (!msg) {
		lua_pushfstring(L, "error object is a %s", luaL_typename(L, 1));
		return;
	}
	luaL_buffinit(L, &b);
	luaL_addstring(&b, msg);
	suggest(L, &b, msg);
	luaL_pushresult(&b);
}

static int message_handler(lua_State *L)
{
	struct script *s = script_of(L);

	push_text(L);
	if (s->failed) {
		sig_atomic_t before = interrupt_hold();

		s->failed(s, L, lua_tostring(L, -1));
		interrupt_release(before);
	}
	return 1;
}

/*
 * lua_pcall(). Lua may be jumped out of at any moment, but for what its C
 * functions do of ours: see interrupt_hold().
 */
static int enter(struct script *s, int nargs, int nresults, int handler)
{
	struct script *outer = door_inside;
	sig_atomic_t before;
	int rc;

	door_inside = s;
	s->inside++;
	before = interrupt_allow();
	rc = lua_pcall(s->L, nargs, nresults, handler);
	interrupt_release(before);
	s->inside--;
	door_inside = outer;
	return rc;
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
	rc = enter(s, nargs, nresults, handler);
	lua_remove(L, handler);
	s->entered--;
	return rc;
}

int door_do(struct script *s, lua_CFunction fn, void *ctx, int nargs, int nresults)
{
	lua_State *L = s->L;
	int first = lua_gettop(L) - nargs + 1, rc;

	if (!lua_checkstack(L, nresults + 8)) {
		lua_settop(L, first - 1);
		return LUA_ERRMEM;
	}
	lua_pushlightuserdata(L, ctx);
	lua_insert(L, first);
	lua_pushcfunction(L, fn);
	lua_insert(L, first);
	rc = enter(s, nargs + 1, nresults, 0);
	if (rc)
		lua_pop(L, 1);
	return rc;
}

void door_message(struct script *s, struct buf *why)
{
	/* to make a string of anything else needs memory */
	bool text = lua_type(s->L, -1) == LUA_TSTRING;

	buf_puts(why, text ? lua_tostring(s->L, -1) : "error without a message");
	lua_pop(s->L, 1);
}

/* SPDX-License-Identifier: MIT */
/* Entries of the calls that go through steps, and through machines: the shell runs them. */
#include "call/entry.h"

#define SUBJECT .subject = "Going back, side by side"

const struct call steps_calls[] = {
	{
		.name = "undo", SUBJECT,
		.summary = "take back the last line that changed something",
		.param = { { "lines", P_SIZE, "1", false, "how many lines to take back" } },
		.returns = "what was undone",
		.detail = "Variables, functions and the log go back, too. Files that were written "
			  "and what commands behind '|' did stay. A new change ends redo.",
		.example = "device eth0\nundo\ndevices",
		.flags = CALL_SHELL,
	},
	{
		.name = "redo", SUBJECT,
		.summary = "do again what undo or goto took back",
		.param = { { "lines", P_SIZE, "1", false, "how many lines to do again" } },
		.returns = "what was done",
		.example = "device eth0\nundo\nredo\ndevices",
		.flags = CALL_SHELL,
	},
	{
		.name = "goto", SUBJECT,
		.summary = "go to the machine as it was after a step",
		.param = { { "step", P_SIZE, NULL, false, "its number in steps and objects" } },
		.returns = "where that is",
		.example = "device eth0\ndevm_kmalloc eth0 64\ngoto 1\ndevres\nredo",
		.flags = CALL_SHELL,
	},
	{
		.name = "steps", SUBJECT,
		.summary = "show what was done, and where one is",
		.returns = "a row for each line that changed something",
		.detail = "A step is a call that can change the machine, or a line that sets a "
			  "variable. Calls that only look are none. Lua may make several in a "
			  "line.",
		.example = "device eth0\ndevm_kmalloc eth0 64\nundo\nsteps",
		.view = "steps", .flags = CALL_SHELL,
	},
	{
		.name = "diff", SUBJECT,
		.summary = "show what is other now than it was after a step",
		.param = { { "step", P_SIZE, NULL, false, "its number; 0: boot" } },
		.returns = "a row for each difference: - is gone, + is new",
		.example = "device eth0\nq = kmalloc 100\nkfree $q\ndiff 1",
		.view = "diff", .flags = CALL_SHELL,
	},
	{
		.name = "compare", SUBJECT,
		.summary = "run the same calls on several machines, side by side",
		.param = {
			{ "params", P_STR, NULL, false, "boot parameters, as release=4.19,6.12" },
			{ "calls", P_CALLS, NULL, false, "calls in quotes or braces" },
		},
		.returns = "a row for each line and each different answer",
		.detail = "Each machine is freshly booted. Several lists make a machine for each "
			  "combination. Parameters that are not given are those of this machine. "
			  "A long warning is shown as its first line.",
		.example = "compare release=4.19,6.12 { device eth0; devm_kmalloc eth0 100 }",
		.view = "compare", .flags = CALL_SHELL,
	},
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/*
 * The columns of results that views know. Code that fills a row and code that draws it
 * both take column numbers from here, so that a misspelt name does not compile.
 *
 *   row[DEVRES_size] = v_uint(64);   draw_number(d, row, DEVRES_size)
 *
 * JSON and Lua use the names themselves.
 */
#ifndef DEVSH_CALL_COLUMNS_H
#define DEVSH_CALL_COLUMNS_H

#define DEVRES_COLUMNS(X) \
	X(DEVRES, device) X(DEVRES, driver) X(DEVRES, number) X(DEVRES, walk) X(DEVRES, addr) \
	X(DEVRES, size) X(DEVRES, header) X(DEVRES, slack) X(DEVRES, align) X(DEVRES, cache) \
	X(DEVRES, release) X(DEVRES, by) X(DEVRES, phase) X(DEVRES, node) X(DEVRES, group) \
	X(DEVRES, closed) X(DEVRES, bound) X(DEVRES, named)
#define DEVICES_COLUMNS(X) \
	X(DEVICES, device) X(DEVICES, parent) X(DEVICES, depth) X(DEVICES, driver) X(DEVICES, refs) \
	X(DEVICES, node) X(DEVICES, resources) X(DEVICES, bytes) X(DEVICES, seen) X(DEVICES, state) \
	X(DEVICES, bus) X(DEVICES, class) X(DEVICES, reason)
#define DRIVERS_COLUMNS(X) \
	X(DRIVERS, driver) X(DRIVERS, bus) X(DRIVERS, device) X(DRIVERS, resources) X(DRIVERS, probe) \
	X(DRIVERS, remove) X(DRIVERS, id_table)
#define BYTES_COLUMNS(X) \
	X(BYTES, part) X(BYTES, addr) X(BYTES, offset) X(BYTES, bytes) X(BYTES, text)
#define OBJECTS_COLUMNS(X) \
	X(OBJECTS, addr) X(OBJECTS, size) X(OBJECTS, cache) X(OBJECTS, node) X(OBJECTS, owner) \
	X(OBJECTS, by) X(OBJECTS, phase) X(OBJECTS, step)
#define LOG_COLUMNS(X) X(LOG, seq) X(LOG, time) X(LOG, level) X(LOG, text)
#define TRACE_COLUMNS(X) \
	X(TRACE, event) X(TRACE, depth) X(TRACE, function) X(TRACE, ns) X(TRACE, name) X(TRACE, addr) \
	X(TRACE, size) X(TRACE, asked) X(TRACE, returned)
#define FAULTS_COLUMNS(X) \
	X(FAULTS, n) X(FAULTS, cache) X(FAULTS, size) X(FAULTS, function) X(FAULTS, caller) \
	X(FAULTS, error) X(FAULTS, leaked) X(FAULTS, complaints) X(FAULTS, ok) X(FAULTS, verdict)
#define FILES_COLUMNS(X) X(FILES, name) X(FILES, mode) X(FILES, target) X(FILES, help)
#define CALLS_COLUMNS(X) X(CALLS, subject) X(CALLS, call) X(CALLS, summary)
#define MANUAL_COLUMNS(X) X(MANUAL, part) X(MANUAL, name) X(MANUAL, text)
#define PAIRS_COLUMNS(X) X(PAIRS, property) X(PAIRS, value)
#define FACTS_COLUMNS(X) X(FACTS, fact) X(FACTS, text)
#define SENTENCES_COLUMNS(X) X(SENTENCES, text)
#define STEPS_COLUMNS(X) X(STEPS, step) X(STEPS, last) X(STEPS, line) X(STEPS, state)
#define DIFF_COLUMNS(X) X(DIFF, sign) X(DIFF, kind) X(DIFF, name) X(DIFF, text)
#define COMPARE_COLUMNS(X) X(COMPARE, line) X(COMPARE, call) X(COMPARE, machines) X(COMPARE, output)

#define COLUMN_NUMBER(result, column) result##_##column,
#define COLUMN_NAME(result, column) #column,

/* An enum for each; NAME_columns_end is the number of columns. */
#define COLUMN_ENUM(name) enum { name##_COLUMNS(COLUMN_NUMBER) name##_columns_end };
COLUMN_ENUM(DEVRES)
COLUMN_ENUM(DEVICES)
COLUMN_ENUM(DRIVERS)
COLUMN_ENUM(BYTES)
COLUMN_ENUM(OBJECTS)
COLUMN_ENUM(LOG)
COLUMN_ENUM(TRACE)
COLUMN_ENUM(FAULTS)
COLUMN_ENUM(FILES)
COLUMN_ENUM(CALLS)
COLUMN_ENUM(MANUAL)
COLUMN_ENUM(PAIRS)
COLUMN_ENUM(FACTS)
COLUMN_ENUM(SENTENCES)
COLUMN_ENUM(STEPS)
COLUMN_ENUM(DIFF)
COLUMN_ENUM(COMPARE)
#undef COLUMN_ENUM

/* Starts a result with these columns. */
#define RESULT_COLUMNS(r, name) do {                                                       \
	static const char *const column_names[] = { name##_COLUMNS(COLUMN_NAME) };         \
	result_columns(r, column_names, name##_columns_end);                               \
} while (0)

#endif

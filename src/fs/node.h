/* SPDX-License-Identifier: MIT */
/*
 * The table of nodes, private to fs/. Each path is one entry:
 *
 *   /sys/bus/<bus>/drivers/<driver>/bind   0200   "bind a device: ..."   store_bind
 *
 * A component in <> is a placeholder: place.c goes through the objects that
 * it stands for. What has show or store is a file, what has link a link, and
 * the rest are directories; a directory's entries are the nodes one component
 * longer. A file's mode follows from what it can do, unless the kernel's is
 * stricter.
 */
#ifndef DEVSH_FS_NODE_H
#define DEVSH_FS_NODE_H

#include <sys/types.h>

#include "base/driver_core.h"
#include "fs/fs.h"

struct node {
	const char *path;
	const char *help;
	unsigned mode;           /* permissions; 0: as a directory or link has them */
	int since;               /* RELEASE() that brought it; 0: all have it */
	/* NULL: always there */
	bool (*exists)(const struct place *at);
	void (*show)(const struct place *at, struct buf *out);
	/* What was written, with its '\n', and '\0' behind it. `len`, or -errno. */
	ssize_t (*store)(const struct place *at, const char *text, size_t len);
	/* The path that it leads to, from the root on, without links in it. */
	void (*link)(const struct place *at, struct buf *out);
	const char *writer;      /* what Linux calls store; it is in the traces of what it does */
	const char *wants;       /* what store takes, for those who wrote something else */
	const char *as;          /* this path goes on as that one: a child is a device */
};

/* Each ended by an entry without a path; sysfs_nodes begins with the root. */
extern const struct node sysfs_nodes[], link_nodes[], slab_nodes[], proc_nodes[],
	debugfs_nodes[], trace_nodes[], fault_nodes[], kmemleak_nodes[];

/* The i-th node of all, NULL behind the end. */
const struct node *node_at(size_t i);
const struct node *node_find(const char *path);

/* --- placeholders (place.c) -------------------------------------------- */

struct cursor {
	struct list *at, *inner;
	unsigned i;
	char text[4 * NAME_MAX_BYTES + 16];
};

/*
 * The next object that <word> stands for in *at, which it is put into; start
 * with an empty cursor. Its name, valid until the next call; NULL: no more.
 */
const char *place_next(const char *placeholder, struct place *at, struct cursor *c);

/* Paths of objects, for links. */
void path_of_device(const struct device *dev, struct buf *out);
void path_of_driver(const struct device_driver *drv, struct buf *out);
void path_of_bus(const struct bus_type *bus, struct buf *out);

/* --- for store (written.c) ----------------------------------------------- */

/* Text without the newline that echo puts behind it. NULL: no memory. */
char *written_word(const char *text, size_t len);
/* A number as the kernel's files take it: decimal or 0x, maybe a newline. -EINVAL. */
int written_number(const char *text, size_t len, uint64_t *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Doubly linked circular list of host objects; the head is a link like the others.
 *
 *      head <-> first <-> second <-> last <-> (head)
 *
 * A link that is on no list points to itself, so removing it twice is harmless.
 */
#ifndef DEVSH_LIB_LIST_H
#define DEVSH_LIB_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

#define list_entry(link, type, member) \
	((type *)((char *)(link) - offsetof(type, member)))

/* Walks forward; the body may remove `it` itself. */
#define list_each(it, head, type, member)                                    \
	for (struct list *it##_l = (head)->next, *it##_n = it##_l->next;     \
	     it##_l != (head) &&                                             \
	     ((it) = list_entry(it##_l, type, member), true);                \
	     it##_l = it##_n, it##_n = it##_l->next)

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_append(struct list *head, struct list *l)
{
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

static inline void list_remove(struct list *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	list_init(l);
}

/* Moves all of `from` to the end of `to`, in constant time. */
static inline void list_splice(struct list *from, struct list *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	from->prev->next = to;
	to->prev->next = from->next;
	to->prev = from->prev;
	list_init(from);
}

#endif

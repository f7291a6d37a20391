/* SPDX-License-Identifier: MIT */
/* Values of bytes that must not be used. */
#ifndef DEVSH_MM_POISON_H
#define DEVSH_MM_POISON_H

#define RED_INACTIVE 0xbb
#define RED_ACTIVE 0xcc
#define POISON_INUSE 0x5a
#define POISON_FREE 0x6b
#define POISON_END  0xa5
#define PAGE_POISON 0xaa

#endif

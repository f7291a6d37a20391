/* SPDX-License-Identifier: MIT */
/* How to fix each mistake. */
#include "explain/repairs.h"
#include "lib/array.h"

/* Users that may rightly outlive the driver, so that there is nothing to stop. */
#define LONGER "\nDoes an open file or another driver? Count references (kref), do not use devm."

const char *usual_repair(enum wrong w)
{
	static const char *const repair[] = {
		[OVERRUN] = "Allocate every byte that is used, or check the index.",
		[UNDERRUN] = "An index or a pointer went below 0.",
		[USED_AFTER_REMOVE] = "Does a timer, work or irq use it? Stop that in remove()." LONGER,
		[USED_WITHOUT_REMOVE] =
			/* follows the driver's name */
			" has no remove(): a timer, work or irq is stopped there." LONGER,
		[USED_AFTER_FAILED_PROBE] =
			"Undo what probe() started before it returns an error.",
		[USED_AFTER_DEVICE] = "Stop what uses it before the device is deleted.",
		[USED_AFTER_GROUP] = "Use it only until its group is released.",
		[USED_AFTER_DEVM_KFREE] = "Do not use the pointer after devm_kfree().",
		[USED_AFTER_KREALLOC] = "Use the pointer that devm_krealloc() returned.",
		[USED_AFTER_KFREE] = "Use it only until it is freed.",
		[FREED_BY_THE_LIST] = "Leave it to the device's list, which frees it once.",
		[FREED_TWICE] = "Free it once: set the pointer to NULL after the first free.",
		[KFREE_OF_NODE] = "Pass it to devm_kfree(), or leave it to unbind.",
		[DEVM_KFREE_OF_PLAIN] = "Pass it to kfree().",
		[DEVM_KFREE_OF_PAGES] = "Free it with the counterpart of the call that allocated it.",
		[OTHER_DEVICE] = "Pass the device that it was allocated for.",
		[OTHER_RELEASE] = "devres_destroy() or devres_release() with its release frees it.",
		[ON_NO_LIST] = "devres_free() frees what was never added.",
		[OF_GROUP] = "devres_remove_group() forgets it.",
		[INTERIOR] = "Free it with the pointer that the allocation returned.",
		[THROUGH_NULL] = "Check what the allocation returned.",
		[THROUGH_ZERO_SIZE] = "Allocate at least one byte, or do not access it.",
		[THROUGH_ERROR] = "Check it with IS_ERR().",
		[THROUGH_POISON] = "The pointer was read from freed memory: see who freed that.",
		[THROUGH_RED_ZONE] = "The pointer was read next to an object: check the index.",
		[THROUGH_LIST_POISON] = "Remove an entry from its list once, and do not follow it afterwards.",
		[THROUGH_USER] = "Use copy_from_user() and copy_to_user().",
		[THROUGH_NOTHING] = "Was the pointer overwritten, or never set?",
		[FREE_PAGES] = "Use pages only until they are freed.",
		[DAMAGED_END] = "Allocate every byte that is used.",
		[DAMAGED_FRONT] = "An index below 0, or an overrun of the object before it.",
		[DAMAGED_FREE] = "Use it only until it is freed.",
		[SLEPT_IN_LOCK] = "Use GFP_ATOMIC, or allocate before taking the lock.",
		[SLEPT_WITH_IRQS_OFF] =
			"Use GFP_ATOMIC, or allocate before disabling interrupts.",
		[WAITED_IN_LOCK] = "Call it before taking the lock, or after releasing it.",
		[WAITED_WITH_IRQS_OFF] = "Call it while interrupts are on.",
		[PUT_TOO_MANY] = "One put_device() for each get_device(), and one for the creator.",
	};

	return w < COUNT(repair) && repair[w] ? repair[w] : "";
}

void end_with_repair(struct buf *out, enum wrong w)
{
	buf_printf(out, ".%s%s", *usual_repair(w) ? "\n" : "", usual_repair(w));
}

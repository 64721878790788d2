// renameat2, which Swift's Glibc does not have.
#pragma once
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Lets two paths of one file system change places, in one step. 0, or -1 with errno.
static inline int cexchange(const char *one, const char *other) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u /* RENAME_EXCHANGE */);
}

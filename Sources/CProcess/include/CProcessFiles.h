#pragma once
#include <sys/types.h>

// Copies bytes between files within the kernel, which Swift's Glibc module does not offer. As copy_file_range(2): the
// number of bytes, 0 at the end, or -1 with errno.
ssize_t pandar_copy_range(int source, off_t from, int target, off_t to, size_t size);

// Whether an open file has extended attributes, access lists among them: 1 or 0, where it cannot be known 1.
int pandar_has_attributes(int file);

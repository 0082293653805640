#define _GNU_SOURCE
#include "CProcessFiles.h"

#include <errno.h>
#include <sys/xattr.h>
#include <unistd.h>

ssize_t pandar_copy_range(int source, off_t from, int target, off_t to, size_t size) {
    return copy_file_range(source, &from, target, &to, size, 0);
}

int pandar_has_attributes(int file) {
    ssize_t size = flistxattr(file, NULL, 0);
    return size > 0 || (size < 0 && errno != ENOTSUP);
}

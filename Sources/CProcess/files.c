#define _GNU_SOURCE
#include "CProcessFiles.h"

#include <unistd.h>

ssize_t pandar_copy_range(int source, off_t from, int target, off_t to, size_t size) {
    return copy_file_range(source, &from, target, &to, size, 0);
}

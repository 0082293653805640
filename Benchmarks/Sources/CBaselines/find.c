#define _GNU_SOURCE
#include <string.h>

#include "CBaselines.h"

int bench_contains(const void *bytes, size_t length, const void *pattern, size_t pattern_length) {
    return memmem(bytes, length, pattern, pattern_length) != NULL;
}

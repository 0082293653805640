#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hostile.h"

// System calls by other numbers, which a filter may not know.
int hostile_foreign(const char *which) {
#if defined(__x86_64__)
    if (strcmp(which, "x32") == 0) {
        // getpid and mount of the x32 ABI.
        errno = 0;
        hostile_told("x32-getpid", syscall(0x40000000 | SYS_getpid));
        errno = 0;
        hostile_told("x32-mount", syscall(0x40000000 | SYS_mount, "none", "/tmp", "tmpfs", 0, NULL));
        return 0;
    }
    if (strcmp(which, "i386") == 0) {
        long result;
        printf("before\n");
        fflush(stdout);
        // getpid of i386.
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
        printf("int80=%ld\n", result);
        return 0;
    }
#endif
    printf("not on this machine\n");
    return 0;
}

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

// `make PATH` prints a file's handle; `open TYPE HEX DIRECTORY` opens it and prints what it holds: past every mount,
// where the kernel lets one.
int hostile_handle(int count, char **arguments) {
    struct {
        struct file_handle handle;
        unsigned char bytes[MAX_HANDLE_SZ];
    } file = {.handle = {.handle_bytes = MAX_HANDLE_SZ}};
    if (count == 2 && strcmp(arguments[0], "make") == 0) {
        int mount;
        if (name_to_handle_at(AT_FDCWD, arguments[1], &file.handle, &mount, 0) < 0) return 1;
        printf("%d ", file.handle.handle_type);
        for (unsigned index = 0; index < file.handle.handle_bytes; index++) printf("%02x", file.handle.f_handle[index]);
        printf("\n");
        return 0;
    }
    if (count != 4) return 2;
    file.handle.handle_type = atoi(arguments[1]);
    file.handle.handle_bytes = (unsigned)strlen(arguments[2]) / 2;
    for (unsigned index = 0; index < file.handle.handle_bytes; index++) {
        unsigned byte;
        sscanf(arguments[2] + 2 * index, "%2x", &byte);
        file.handle.f_handle[index] = (unsigned char)byte;
    }
    int opened = open_by_handle_at(open(arguments[3], O_RDONLY | O_DIRECTORY), &file.handle, O_RDWR);
    hostile_told("open-by-handle", opened);
    if (opened < 0) return 0;
    char text[256];
    ssize_t read_count = read(opened, text, sizeof text);
    if (read_count > 0) fwrite(text, 1, (size_t)read_count, stdout);
    return 0;
}

// Every open descriptor, and where it leads.
int hostile_descriptors(void) {
    for (int number = 0; number < 4096; number++) {
        char path[64], target[256] = "";
        if (fcntl(number, F_GETFD) < 0) continue;
        snprintf(path, sizeof path, "/proc/self/fd/%d", number);
        if (readlink(path, target, sizeof target - 1) < 0) strcpy(target, "?");
        printf("%d %s\n", number, target);
    }
    return 0;
}

// Hostile programs for the tests of the sandbox: `hostile NAME ARGUMENT...`. Every call is chosen so that it does no
// harm to the machine even where nothing stops it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

void hostile_told(const char *name, long result) {
    int code = errno;
    const char *text = result >= 0 ? "ok" : strerrorname_np(code);
    printf("%s=%s\n", name, text != NULL ? text : "unknown");
    fflush(stdout);
}

int main(int count, char **arguments) {
    const char *name = count > 1 ? arguments[1] : "";
    if (strcmp(name, "calls") == 0) return hostile_calls();
    if (strcmp(name, "sockets") == 0) return hostile_sockets();
    if (strcmp(name, "foreign") == 0 && count > 2) return hostile_foreign(arguments[2]);
    if (strcmp(name, "terminal") == 0) return hostile_terminal();
    if (strcmp(name, "handle") == 0) return hostile_handle(count - 2, arguments + 2);
    if (strcmp(name, "descriptors") == 0) return hostile_descriptors();
    if (strcmp(name, "id") == 0) {
        printf("uid=%u euid=%u gid=%u egid=%u\n", getuid(), geteuid(), getgid(), getegid());
        return 0;
    }
    fprintf(stderr, "hostile: unknown attack: %s\n", name);
    return 2;
}

#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

// The groups that the guard would kill. Grown by doubling; the guard is single-threaded.
struct groups {
    int32_t *values;
    size_t count, capacity;
};

static void add(struct groups *groups, int32_t group) {
    if (groups->count == groups->capacity) {
        size_t capacity = groups->capacity == 0 ? 256 : groups->capacity * 2;
        int32_t *values = realloc(groups->values, capacity * sizeof *values);
        if (values == NULL) return;
        groups->values = values;
        groups->capacity = capacity;
    }
    groups->values[groups->count++] = group;
}

static void drop(struct groups *groups, int32_t group) {
    for (size_t index = 0; index < groups->count; index++) {
        if (groups->values[index] != group) continue;
        groups->values[index] = groups->values[--groups->count];
        return;
    }
}

static void guard(int descriptor) {
    struct groups groups = {0};
    int32_t group;
    for (;;) {
        ssize_t count = read(descriptor, &group, sizeof group);
        if (count < 0 && errno == EINTR) continue;
        if (count != sizeof group) break;
        if (group > 0) add(&groups, group);
        else drop(&groups, -group);
    }
    // The service is gone, however it went.
    for (size_t index = 0; index < groups.count; index++) kill(-groups.values[index], SIGKILL);
    _exit(0);
}

int pandar_start_guard(pid_t *pid) {
    int ends[2];
    // Packets keep messages whole, and a guard that is gone gives an error instead of SIGPIPE.
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -1;
    pid_t made = fork();
    if (made < 0) {
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    if (made == 0) {
        // Only async-signal-safe calls until the loop: other threads of the service held locks at the fork. A session
        // of its own keeps a Ctrl-C at the terminal from killing the guard before the service.
        setsid();
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = SIG_IGN;
        sigaction(SIGTERM, &action, NULL);
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGHUP, &action, NULL);
        prctl(PR_SET_NAME, "pandar-guard");
        int input = fcntl(ends[0], F_DUPFD, 3);
        if (input > 3) {
            dup2(input, 3);
            input = 3;
        }
        close_range(4, ~0U, 0);
        close(0);
        close(1);
        close(2);
        guard(input);
    }
    close(ends[0]);
    *pid = made;
    return ends[1];
}

int pandar_tell_guard(int descriptor, int32_t group) {
    ssize_t count;
    do count = send(descriptor, &group, sizeof group, MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    return count == sizeof group ? 0 : -1;
}

#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "CBaselines.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double bench_spawn(char *const arguments[], int count, int parallel) {
    char *environment[] = {NULL};
    pid_t *running = calloc((size_t)parallel, sizeof *running);
    if (running == NULL) return -1;
    double start = now();
    int failed = 0;
    // A ring: the oldest child is waited for before its place is taken.
    for (int index = 0; index < count + parallel && !failed; index++) {
        pid_t *place = &running[index % parallel];
        int status;
        if (*place != 0 && (waitpid(*place, &status, 0) < 0 || status != 0)) failed = 1;
        *place = 0;
        if (index < count && posix_spawn(place, arguments[0], NULL, NULL, arguments, environment) != 0) failed = 1;
    }
    free(running);
    return failed ? -1 : now() - start;
}

#define _GNU_SOURCE
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"

extern char **environ;

struct failure {
    int error;
    char stage[32];
};

static void fail(int report, const char *stage) {
    struct failure failure = {.error = errno};
    strncpy(failure.stage, stage, sizeof failure.stage - 1);
    // Nobody reads it: then init is gone, and with it this process.
    if (write(report, &failure, sizeof failure) < 0) _exit(126);
    _exit(127);
}

static void become(const struct options *options, int report) {
    if (setsid() < 0) fail(report, "session");
    if (options->terminal && ioctl(0, TIOCSCTTY, 0) < 0) fail(report, "terminal");
    for (size_t index = 0; index < options->limit_count; index++) {
        struct rlimit limit = {options->limits[index].value, options->limits[index].value};
        // At the soft limit of computing time comes the signal that tells of it, at the hard one only SIGKILL.
        if (options->limits[index].resource == RLIMIT_CPU) limit.rlim_max += 2;
        struct rlimit known;
        // What the service itself may not exceed is tighter than what was asked for: never raised.
        if (getrlimit(options->limits[index].resource, &known) == 0 && known.rlim_max < limit.rlim_max)
            limit.rlim_max = known.rlim_max;
        if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
        if (setrlimit(options->limits[index].resource, &limit) < 0) fail(report, "limit");
    }
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (filter_install(options->permissive) < 0) fail(report, "filter");
    execvpe(options->program[0], options->program, environ);
    fail(report, "exec");
}

pid_t program_start(const struct options *options, const char **stage) {
    static struct failure failure;
    int ends[2];
    *stage = "pipe";
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    *stage = "fork";
    // The child writes nothing that init still needs before it becomes the program; init's memory is not copied for it.
    pid_t pid = vfork();
    if (pid < 0) return -1;
    if (pid == 0) {
        close(ends[0]);
        become(options, ends[1]);
    }
    close(ends[1]);
    // The pipe closes by itself when the program takes over.
    ssize_t count;
    do count = read(ends[0], &failure, sizeof failure);
    while (count < 0 && errno == EINTR);
    close(ends[0]);
    if (count == 0) return pid;
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    *stage = failure.stage;
    errno = count == (ssize_t)sizeof failure ? failure.error : EIO;
    return -1;
}

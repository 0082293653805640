#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Shared with the child, which runs in the parent's memory until it execs.
struct outcome {
    const struct pandar_spawn *spawn;
    int error;
    const char *stage;
    pid_t parent;
};

enum { inherited_most = 8 };

static void fail(struct outcome *outcome, const char *stage) {
    outcome->error = errno;
    outcome->stage = stage;
    _exit(127);
}

static int child(void *argument) {
    struct outcome *outcome = argument;
    const struct pandar_spawn *spawn = outcome->spawn;

    // Handlers first: a signal handler of the parent must not run in memory that is still the parent's.
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &action, NULL);

    if (setsid() < 0) fail(outcome, "setsid");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) fail(outcome, "prctl");
    // The parent may have died before the line above.
    if (getppid() != outcome->parent) _exit(127);
    for (int index = 0; index < spawn->limit_count; index++) {
        struct rlimit limit = {spawn->limits[index].value, spawn->limits[index].value};
        if (setrlimit(spawn->limits[index].resource, &limit) < 0) fail(outcome, "setrlimit");
    }
    for (int index = 0; index < spawn->group_count; index++) {
        if (write(spawn->groups[index], "0", 1) != 1) fail(outcome, "cgroup");
    }
    // First out of the way of the numbers that they will have.
    int moved[inherited_most];
    if (spawn->inherited_count > inherited_most) errno = EINVAL, fail(outcome, "descriptors");
    for (int index = 0; index < spawn->inherited_count; index++) {
        moved[index] = fcntl(spawn->inherited[index], F_DUPFD, 3 + inherited_most);
        if (moved[index] < 0) fail(outcome, "descriptors");
    }
    if (dup2(spawn->input, 0) < 0 || dup2(spawn->output, 1) < 0 || dup2(spawn->error, 2) < 0) fail(outcome, "dup2");
    if (spawn->has_terminal && ioctl(0, TIOCSCTTY, 0) < 0) fail(outcome, "terminal");
    for (int index = 0; index < spawn->inherited_count; index++) {
        if (dup2(moved[index], 3 + index) < 0) fail(outcome, "descriptors");
    }
    if (close_range(3 + (unsigned)spawn->inherited_count, ~0U, CLOSE_RANGE_CLOEXEC) < 0) fail(outcome, "close_range");
    if (chdir(spawn->directory) < 0) fail(outcome, "chdir");
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(spawn->program, spawn->arguments, spawn->environment);
    fail(outcome, "exec");
    return 127;
}

int pandar_spawn(const struct pandar_spawn *spawn, pid_t *pid, int *pidfd, const char **stage) {
    enum { stack_size = 64 * 1024 };
    char *stack = malloc(stack_size);
    if (stack == NULL) return ENOMEM;
    struct outcome outcome = {spawn, 0, "", getpid()};

    sigset_t all, previous;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    int descriptor = -1;
    // vfork semantics: the parent sleeps until the child has exec'd or exited, so `outcome` needs no lock.
    pid_t made = clone(child, stack + stack_size, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &outcome, &descriptor);
    int error = made < 0 ? errno : outcome.error;
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    free(stack);

    if (made < 0) {
        *stage = "fork";
        return error;
    }
    if (error != 0) {
        *stage = outcome.stage;
        close(descriptor);
        while (waitpid(made, NULL, 0) < 0 && errno == EINTR) {}
        return error;
    }
    *pid = made;
    *pidfd = descriptor;
    return 0;
}

int pandar_reap(pid_t pid, int options, int *status, struct rusage *usage) {
    pid_t reaped;
    do reaped = wait4(pid, status, options, usage);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0) return -1;
    return reaped == pid;
}

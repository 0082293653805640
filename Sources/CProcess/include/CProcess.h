#pragma once
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "CProcessClock.h"
#include "CProcessControl.h"
#include "CProcessFiles.h"
#include "CProcessPoll.h"

// A resource limit of the child.
struct pandar_limit {
    int resource;
    uint64_t value;
};

// What a child is started with. Strings are null-terminated, lists end with a null pointer.
struct pandar_spawn {
    const char *program; // path, already searched for
    char *const *arguments;
    char *const *environment;
    const char *directory;
    int input, output, error; // descriptors
    const struct pandar_limit *limits;
    int limit_count;
    const int *inherited; // descriptors that the child has as 3, 4, ...
    int inherited_count;
    const int *groups; // `tasks` or `cgroup.procs` files, open for writing: the child enters them before it becomes the program
    int group_count;
    int has_terminal; // `input` is a terminal, which shall control the child's session (not where somebody else sees to it)
};

// Starts a process as leader of a session and process group of its own, with no descriptors but those named, default
// signal dispositions, and SIGKILL for itself when the calling thread's process dies. Returns 0 and the process id and a
// pidfd, or an errno value: what failed is told by `stage` ("fork", "chdir", "exec", ...).
//
// The death signal fires when the calling THREAD ends: call it from a thread that lives as long as the service.
int pandar_spawn(const struct pandar_spawn *spawn, pid_t *pid, int *pidfd, const char **stage);

// Waits for a process, without blocking unless `options` is 0 (WNOHANG: does not block). 1 with status and usage when it has ended, 0 when it has not, -1 on error.
int pandar_reap(pid_t pid, int options, int *status, struct rusage *usage);

// Starts the guard: a child that outlives the service by a moment, adopts nothing, and kills the process groups it was
// told of when the socket from the service closes. Returns the descriptor to tell it by, or -1.
int pandar_start_guard(pid_t *pid);

// Tells the guard of a process group (positive: guard it, negative: forget it). 0, or -1 when the guard is gone.
int pandar_tell_guard(int descriptor, int32_t group);

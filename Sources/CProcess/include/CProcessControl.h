#pragma once
#include <stdint.h>
#include <sys/types.h>

// The talk between the runner and `pandar-init`, the first process of a sandbox, over a socket of packets.

// What init tells, one packet each.
enum pandar_control_kind {
    pandar_control_failed = 1,  // the program could not be started: `value` is an errno, `stage` says where
    pandar_control_started = 2, // the program runs
    pandar_control_ended = 3,   // the program has ended: `value` is what wait() gave
};

struct pandar_control_report {
    uint32_t kind;
    int32_t value;
    uint64_t cpu_microseconds; // of all processes that were waited for
    uint64_t peak_kilobytes;   // resident, of the largest of them
    char stage[40];
};

// What the runner tells, one byte each.
enum pandar_control_order {
    pandar_control_terminate = 'T', // SIGTERM to every process of the sandbox
};

// Makes the socket: [0] for the runner, which does not block, [1] for init. 0, or -1 with errno.
int pandar_control_pair(int ends[2]);

// Takes a report. 1, with the process id of init as the runner sees it; 0 when there is none yet; -1 when init has
// gone, or with errno.
int pandar_control_receive(int descriptor, struct pandar_control_report *report, pid_t *sender);

// Gives an order; what cannot be delivered has no receiver any more.
void pandar_control_send(int descriptor, char order);

// Opens a descriptor for a process, which becomes readable when it has ended. -1 with errno.
int pandar_pidfd_open(pid_t pid);
int pandar_pidfd_kill(int descriptor, int signal);

// A new terminal of so many lines and columns: its outer end, which does not block and is not inherited; its name is written
// to `name`. -1 with errno.
int pandar_terminal_open(char *name, size_t size, int lines, int columns);

// A terminal: [0] its outer end, which does not block, [1] the one for the program. 0, or -1 with errno.
int pandar_terminal(int ends[2]);

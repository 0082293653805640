#pragma once
#include <stdbool.h>

// Forbids the calling process and its descendants, for good, the system calls that no task needs and that attack the
// kernel, other processes or the sandbox. `permissive` leaves them the tracing of their own children. 0, or -1 with
// errno.
int filter_install(bool permissive);

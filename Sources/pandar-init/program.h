#pragma once
#include <sys/types.h>

#include "options.h"

// Starts the program as leader of a session of its own, behind the filter. Its process id, or -1 with errno and the step
// in `stage`.
pid_t program_start(const struct options *options, const char **stage);

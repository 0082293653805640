#pragma once
#include "options.h"

// Gives up every privilege for good: capabilities, root's identity where init has it, and the way back to either. As
// root it becomes another user in a user namespace of its own, where that user has the number that is asked for. 0, or
// -1 with errno and the step in `stage`.
int privileges_drop(const struct options *options, const char **stage);

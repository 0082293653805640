#pragma once
#include <sys/types.h>

// Gives up every privilege for good: capabilities, root's identity where init has it, and the way back to either. As
// root it becomes `uid` and `gid` in a user namespace of its own. 0, or -1 with errno and the step in `stage`.
int privileges_drop(uid_t uid, gid_t gid, const char **stage);

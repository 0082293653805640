#define _GNU_SOURCE
#include "CAgent.h"

#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>

int pandar_agent_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
#else
int pandar_agent_adopt_orphans(void) { return 0; }
#endif

extern char **environ;

char *const *pandar_agent_environment(void) { return environ; }

int pandar_agent_start_in(posix_spawn_file_actions_t *actions, const char *directory) {
    return posix_spawn_file_actions_addchdir_np(actions, directory);
}

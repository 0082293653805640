#pragma once
#include <spawn.h>

// What Swift's Glibc module does not offer to `pandar-agent`.

// Makes this process the parent of all its descendants' orphans, so that none gets away. 0, or -1 with errno.
int pandar_agent_adopt_orphans(void);

// The environment as it is now.
char *const *pandar_agent_environment(void);

// The child shall start in `directory`. 0, or an errno value.
int pandar_agent_start_in(posix_spawn_file_actions_t *actions, const char *directory);

#pragma once
#include <spawn.h>
#include <stddef.h>

// What Swift's Glibc module does not offer to `pandar-agent`.

// Makes this process the parent of all its descendants' orphans, so that none gets away. 0, or -1 with errno.
int pandar_agent_adopt_orphans(void);

// The environment as it is now.
char *const *pandar_agent_environment(void);

// The child shall start in `directory`. 0, or an errno value.
int pandar_agent_start_in(posix_spawn_file_actions_t *actions, const char *directory);

// posix_spawn's flag by which the child leads a session of its own.
extern const int pandar_agent_own_session;

// A new terminal of 50 lines of 200 characters: its outer end, which does not block and children do not inherit; its
// name is written to `name`. -1 with errno.
int pandar_agent_terminal(char *name, size_t size);

// Another descriptor of the same, which children do not inherit. -1 with errno.
int pandar_agent_duplicate(int descriptor);

// How the terminal takes input: 1 if in lines, plus 2 if what is typed is shown. -1 with errno.
int pandar_agent_terminal_mode(int terminal);

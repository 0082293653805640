#define _GNU_SOURCE
#include "CAgent.h"

#include "CProcessControl.h"

#include <errno.h>
#include <fcntl.h>
#include <termios.h>
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

const int pandar_agent_own_session = POSIX_SPAWN_SETSID;

int pandar_agent_terminal(char *name, size_t size) {
    // Wide, so that programs do not break their lines; some draw nothing on a terminal without a size.
    int terminal = pandar_terminal_open(name, size, 50, 200);
    if (terminal < 0) return -1;
    struct termios settings;
    if (tcgetattr(terminal, &settings) == 0) {
        // What is written is kept as text, and not shown: no carriage returns in it.
        settings.c_oflag &= (tcflag_t)~ONLCR;
        if (tcsetattr(terminal, TCSANOW, &settings) == 0) return terminal;
    }
    int reason = errno;
    close(terminal);
    errno = reason;
    return -1;
}

int pandar_agent_duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); }

int pandar_agent_terminal_mode(int terminal) {
    struct termios settings;
    if (tcgetattr(terminal, &settings) != 0) return -1;
    return (settings.c_lflag & ICANON ? 1 : 0) + (settings.c_lflag & ECHO ? 2 : 0);
}

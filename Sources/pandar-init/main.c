// The first process of a sandbox: gives up every privilege, starts the program behind the filter, collects orphans,
// passes on the runner's orders, and tells the runner how the program ended. When it ends, the kernel ends everything
// else in its process namespace; it ends when the program does or when the runner is gone.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "forward.h"
#include "options.h"
#include "privileges.h"
#include "program.h"

static int give_up(int control, const char *stage) {
    control_tell(control, pandar_control_failed, errno, stage);
    return 125;
}

// A process beside the program that takes its connections to the proxy.
static int start_forwarder(const struct options *options) {
    uint16_t port = options->port;
    int listener = pandar_forward_listen(&port);
    if (listener < 0) return -1;
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) {
        close(options->control);
        if (options->reports > 0) close(options->reports);
        pandar_forward_serve(listener, options->egress);
        _exit(0);
    }
    close(listener);
    return 0;
}

// Collects what has ended. Whether the program was among it, and then its status.
static bool collect(pid_t program, int *status) {
    bool ended = false;
    for (;;) {
        int one;
        pid_t pid = waitpid(-1, &one, WNOHANG);
        if (pid < 0 && errno == EINTR) continue;
        if (pid <= 0) return ended;
        if (pid != program) continue;
        *status = one;
        ended = true;
    }
}

// `receiver`: whom the order to end goes to, as kill() has it.
static int supervise(int control, int signals, pid_t program, pid_t receiver) {
    struct pollfd sources[] = {{.fd = control, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    for (;;) {
        if (poll(sources, 2, -1) < 0 && errno != EINTR) return 125;
        if (sources[1].revents != 0) {
            struct signalfd_siginfo information;
            if (read(signals, &information, sizeof information) < 0 && errno != EAGAIN) return 125;
            int status;
            if (collect(program, &status)) {
                control_tell(control, pandar_control_ended, status, "");
                return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
        }
        if (sources[0].revents != 0) {
            char order;
            ssize_t count = recv(control, &order, 1, MSG_DONTWAIT);
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            // The runner is gone: nobody waits for this any more.
            if (count <= 0) return 125;
            if (order == pandar_control_terminate) kill(receiver, SIGTERM);
        }
    }
}

int main(int count, char **arguments) {
    struct options options;
    const char *wrong = options_read(count, arguments, &options);
    if (wrong != NULL) {
        fprintf(stderr, "pandar-init: missing or wrong: %s. It is started by Pandar, inside a sandbox.\n", wrong);
        return 125;
    }
    int control = options.control;
    const char *stage = "descriptors";
    // Nothing that the service or bubblewrap left open reaches the program.
    if (control > 3 && close_range(3, (unsigned)control - 1, 0) < 0) return give_up(control, stage);
    int last = options.reports > 0 ? options.reports : control;
    if (close_range((unsigned)last + 1, ~0U, 0) < 0) return give_up(control, stage);
    if (fcntl(control, F_SETFD, FD_CLOEXEC) < 0) return give_up(control, stage);
    prctl(PR_SET_NAME, "pandar-init");

    if (privileges_drop(&options, &stage) < 0) return give_up(control, stage);
    // The change of user has taken it back; a runner that died before is seen on the control socket.
    prctl(PR_SET_PDEATHSIG, SIGKILL);

    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) return give_up(control, "signals");

    if (options.egress != NULL && start_forwarder(&options) < 0) return give_up(control, "forwarder");
    pid_t program = program_start(&options, &stage);
    if (program < 0) return give_up(control, stage);
    // The end of the program's reports is theirs alone to tell.
    if (options.reports > 0) close(options.reports);
    control_tell(control, pandar_control_started, 0, "");
    // A program that reports is a driver: it ends what it has started in an order of its own.
    return supervise(control, signals, program, options.reports > 0 ? program : -1);
}

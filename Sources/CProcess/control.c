#define _GNU_SOURCE
#include "CProcessControl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int pandar_control_pair(int ends[2]) {
    int on = 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -1;
    // The kernel tells who sent a report, by the number that the process has out here.
    if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        return 0;
    close(ends[0]);
    close(ends[1]);
    return -1;
}

int pandar_control_receive(int descriptor, struct pandar_control_report *report, pid_t *sender) {
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr aligned;
    } space;
    struct iovec parts = {.iov_base = report, .iov_len = sizeof *report};
    struct msghdr message = {
        .msg_iov = &parts, .msg_iovlen = 1, .msg_control = space.bytes, .msg_controllen = sizeof space.bytes};
    memset(report, 0, sizeof *report);
    ssize_t count;
    do count = recvmsg(descriptor, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    if (count < 0 && errno == EAGAIN) return 0;
    if (count != sizeof *report) return -1;
    report->stage[sizeof report->stage - 1] = 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *sender = 0;
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
        struct ucred credentials;
        memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
        *sender = credentials.pid;
    }
    return 1;
}

void pandar_control_send(int descriptor, char order) { send(descriptor, &order, 1, MSG_NOSIGNAL | MSG_DONTWAIT); }

int pandar_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int pandar_pidfd_kill(int descriptor, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
}

int pandar_terminal_open(char *name, size_t size, int lines, int columns) {
    struct winsize window = {.ws_row = (unsigned short)lines, .ws_col = (unsigned short)columns};
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (terminal < 0) return -1;
    if (grantpt(terminal) == 0 && unlockpt(terminal) == 0 && ptsname_r(terminal, name, size) == 0 &&
        ioctl(terminal, TIOCSWINSZ, &window) == 0) {
        return terminal;
    }
    int error = errno;
    close(terminal);
    errno = error;
    return -1;
}

int pandar_terminal(int ends[2]) {
    char name[64];
    ends[0] = pandar_terminal_open(name, sizeof name, 24, 80);
    if (ends[0] < 0) return -1;
    ends[1] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (ends[1] >= 0) return 0;
    int error = errno;
    close(ends[0]);
    errno = error;
    return -1;
}

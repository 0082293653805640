#define _GNU_SOURCE
#include "CProcessPoll.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int pandar_poll_make(int descriptors[2]) {
    descriptors[0] = epoll_create1(EPOLL_CLOEXEC);
    if (descriptors[0] < 0) return -1;
    descriptors[1] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptors[1] >= 0 && pandar_poll_add(descriptors[0], descriptors[1], UINT64_MAX) == 0) return 0;
    if (descriptors[1] >= 0) close(descriptors[1]);
    close(descriptors[0]);
    return -1;
}

int pandar_poll_add(int poll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = token}};
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

int pandar_poll_remove(int poll, int descriptor) {
    return epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL);
}

int pandar_poll_wait(const int descriptors[2], uint64_t *tokens, int capacity, int milliseconds) {
    struct epoll_event events[128];
    int count = epoll_wait(descriptors[0], events, capacity < 128 ? capacity : 128, milliseconds);
    for (int index = 0; index < count; index++) {
        tokens[index] = events[index].data.u64;
        if (tokens[index] == UINT64_MAX) {
            eventfd_t value;
            eventfd_read(descriptors[1], &value);
        }
    }
    return count;
}

int pandar_poll_wake(const int descriptors[2]) {
    return eventfd_write(descriptors[1], 1);
}

int pandar_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

#define _GNU_SOURCE
#include "forward.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, CONNECTIONS = 512, EVENTS = 64, RETRY_MS = 50, RETRIES = 200 };

/* One direction of a connection: what was read and not yet written. */
struct flow {
    size_t start, end;
    bool read_done;  /* the source sent its last byte */
    bool broken;     /* it did not end, it broke */
    bool write_done; /* the sink was told so */
    char bytes[BUFFER];
};

/* side 0 is the program's TCP socket, side 1 the Unix socket; flow[i] is read from side i. */
struct connection {
    struct end {
        struct connection *owner;
        int fd;
        uint32_t interest; /* what epoll watches now */
    } end[2];
    struct flow flow[2];
    bool connected;
    int retries;
    bool dead;
    struct connection *next;
};

struct forwarder {
    int epoll, listener;
    bool accepting; /* the listener is watched */
    int64_t retry_at; /* when what had to wait is tried again, in ms; 0: nothing waits */
    int count;
    struct sockaddr_un address;
    struct connection *all;
};

int pandar_forward_listen(uint16_t *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 256) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

static int64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void retry_soon(struct forwarder *forwarder) {
    if (forwarder->retry_at == 0) forwarder->retry_at = now_ms() + RETRY_MS;
}

/* Watches exactly `interest` on one end; an end without interest leaves the set, since HUP cannot be masked. */
static bool watch(struct forwarder *forwarder, struct end *end, uint32_t interest) {
    if (end->interest == interest) return true;
    int operation = interest == 0 ? EPOLL_CTL_DEL : end->interest == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    struct epoll_event event = {.events = interest, .data.ptr = end};
    if (epoll_ctl(forwarder->epoll, operation, end->fd, &event) != 0) return false;
    end->interest = interest;
    return true;
}

static void accept_again(struct forwarder *forwarder, bool on) {
    if (forwarder->accepting == on) return;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(forwarder->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, forwarder->listener, &event) == 0)
        forwarder->accepting = on;
    if (!on) retry_soon(forwarder);
}

static void end_connection(struct forwarder *forwarder, struct connection *connection) {
    if (connection->dead) return;
    connection->dead = true;
    /* The program must see that its stream broke, not that it ended: reset instead of FIN. */
    bool whole = connection->flow[0].write_done && connection->flow[1].write_done;
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (!whole) setsockopt(connection->end[0].fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    for (int side = 0; side < 2; side++)
        if (connection->end[side].fd >= 0) close(connection->end[side].fd);
    forwarder->count--;
    accept_again(forwarder, true);
}

/* A full backlog of a Unix socket is EAGAIN, for which nothing can be waited for but time. */
static void connect_upstream(struct forwarder *forwarder, struct connection *connection) {
    int fd = connection->end[1].fd;
    if (connect(fd, (struct sockaddr *)&forwarder->address, sizeof forwarder->address) == 0) {
        connection->connected = true;
    } else if (errno == EAGAIN && connection->retries++ < RETRIES) {
        retry_soon(forwarder);
    } else {
        end_connection(forwarder, connection);
    }
}

static bool would_block(void) { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

/* Moves what can be moved from one side to the other; false if the connection broke. */
static bool pump(struct connection *connection, int side) {
    struct flow *flow = &connection->flow[side];
    int source = connection->end[side].fd, sink = connection->end[1 - side].fd;
    /* A few rounds only: the others have their turn. */
    for (int round = 0; round < 4; round++) {
        if (!flow->read_done && flow->end < BUFFER) {
            ssize_t count = recv(source, flow->bytes + flow->end, BUFFER - flow->end, 0);
            if (count > 0) flow->end += (size_t)count;
            else if (count == 0) flow->read_done = true;
            /* An error is told once; what came before it is still passed on. */
            else if (!would_block()) flow->read_done = flow->broken = true;
        }
        if (flow->start == flow->end) break;
        ssize_t count = send(sink, flow->bytes + flow->start, flow->end - flow->start, MSG_NOSIGNAL);
        if (count > 0) flow->start += (size_t)count;
        else if (would_block()) break;
        else return false;
        if (flow->start == flow->end) flow->start = flow->end = 0;
    }
    if (flow->start < flow->end) return true;
    flow->start = flow->end = 0;
    if (flow->broken) return false;
    if (flow->read_done && !flow->write_done) {
        flow->write_done = true;
        if (shutdown(sink, SHUT_WR) != 0 && errno != ENOTCONN) return false;
    }
    return true;
}

static void advance(struct forwarder *forwarder, struct connection *connection) {
    if (connection->dead || !connection->connected) return;
    struct flow *up = &connection->flow[0], *down = &connection->flow[1];
    if (!pump(connection, 0) || !pump(connection, 1) || (up->write_done && down->write_done))
        return end_connection(forwarder, connection);
    for (int side = 0; side < 2; side++) {
        struct flow *out = &connection->flow[side], *in = &connection->flow[1 - side];
        uint32_t interest = 0;
        if (!out->read_done && out->end < BUFFER) interest |= EPOLLIN;
        if (in->start < in->end) interest |= EPOLLOUT;
        if (!watch(forwarder, &connection->end[side], interest)) return end_connection(forwarder, connection);
    }
}

static void take(struct forwarder *forwarder, int fd) {
    struct connection *connection = malloc(sizeof *connection);
    int upstream = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection == NULL || upstream < 0) {
        if (upstream >= 0) close(upstream);
        free(connection);
        close(fd);
        return accept_again(forwarder, false);
    }
    /* The buffers need no zeros: 128 KiB are touched only as far as they are used. */
    memset(connection->end, 0, sizeof connection->end);
    for (int side = 0; side < 2; side++) {
        connection->end[side].owner = connection;
        struct flow *flow = &connection->flow[side];
        flow->start = flow->end = 0;
        flow->read_done = flow->broken = flow->write_done = false;
    }
    connection->end[0].fd = fd;
    connection->end[1].fd = upstream;
    connection->connected = connection->dead = false;
    connection->retries = 0;
    connection->next = forwarder->all;
    forwarder->all = connection;
    forwarder->count++;
    connect_upstream(forwarder, connection);
    advance(forwarder, connection);
}

static void accept_all(struct forwarder *forwarder) {
    for (int round = 0; round < EVENTS; round++) {
        if (forwarder->count >= CONNECTIONS) return accept_again(forwarder, false);
        int fd = accept4(forwarder->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) take(forwarder, fd);
        else if (would_block()) return;
        /* Out of descriptors or memory: the listener stays readable, so it is not looked at for a moment. */
        else if (errno != ECONNABORTED) return accept_again(forwarder, false);
    }
}

/* Ends what died in this round, after its last event, and tries again what had to wait. */
static void tidy(struct forwarder *forwarder, bool retry) {
    for (struct connection **link = &forwarder->all; *link != NULL;) {
        struct connection *connection = *link;
        if (retry && !connection->dead && !connection->connected) {
            connect_upstream(forwarder, connection);
            advance(forwarder, connection);
        }
        if (connection->dead) {
            *link = connection->next;
            free(connection);
        } else {
            link = &connection->next;
        }
    }
}

_Noreturn void pandar_forward_serve(int listener, const char *socket_path) {
    struct forwarder forwarder = {.listener = listener, .address = {.sun_family = AF_UNIX}};
    strncpy(forwarder.address.sun_path, socket_path, sizeof forwarder.address.sun_path - 1);
    forwarder.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (forwarder.epoll < 0 || strlen(socket_path) >= sizeof forwarder.address.sun_path) _exit(125);
    accept_again(&forwarder, true);
    for (;;) {
        struct epoll_event events[EVENTS];
        int64_t left = forwarder.retry_at == 0 ? -1 : forwarder.retry_at - now_ms();
        int timeout = forwarder.retry_at != 0 && left < 0 ? 0 : (int)left;
        int count = epoll_wait(forwarder.epoll, events, EVENTS, timeout);
        bool retry = forwarder.retry_at != 0 && now_ms() >= forwarder.retry_at;
        if (retry) forwarder.retry_at = 0;
        for (int index = 0; index < count; index++) {
            struct end *end = events[index].data.ptr;
            if (end == NULL) accept_all(&forwarder);
            else advance(&forwarder, end->owner);
        }
        tidy(&forwarder, retry);
        if (retry && forwarder.count < CONNECTIONS) accept_again(&forwarder, true);
    }
}

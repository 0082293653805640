#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asking.h"
#include "frames.h"

// A line of git's, without reading a byte of what comes after it. `false` at the end.
static bool read_line(char *line, size_t capacity) {
    size_t size = 0;
    while (size + 1 < capacity) {
        ssize_t count = read(0, line + size, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        if (line[size] == '\n') break;
        size++;
    }
    line[size] = 0;
    return true;
}

// Moves what is there. 0 at the end, -1 when the other side takes nothing more.
static int move(int from, int to) {
    static char bytes[65536];
    ssize_t count = read(from, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) return 1;
    if (count <= 0) return 0;
    return write_all(to, bytes, (size_t)count) ? 1 : -1;
}

// git's bytes to the broker and back, until the broker has no more. git's end of a push is no end: it waits for the
// answer, and only its death shall look like one.
static int relay(int gate, bool tells_end) {
    bool reads = true;
    for (;;) {
        struct pollfd ends[] = {{gate, POLLIN, 0}, {reads ? 0 : -1, POLLIN, 0}, {1, 0, 0}};
        if (poll(ends, 3, -1) < 0) {
            if (errno == EINTR) continue;
            return 1;
        }
        // git has read all that it wanted, or is gone: its protocol tells it how things went, not this code.
        if (ends[2].revents & (POLLERR | POLLNVAL)) return 0;
        if (ends[0].revents) {
            int result = move(gate, 1);
            if (result <= 0) return result < 0;
        }
        if (ends[1].revents) {
            int result = move(0, gate);
            if (result < 0) reads = false;
            if (result == 0) {
                reads = false;
                if (tells_end) shutdown(gate, SHUT_WR);
            }
        }
    }
}

static int connect_service(const char *service, const char *url) {
    static uint8_t payload[frame_largest];
    int gate = gate_connect();
    char *words[] = {(char *)service, (char *)url, NULL};
    // A push that is only asked about.
    const char *push = getenv("PANDAR_PUSH");
    char *variables[] = {push && strcmp(push, "ask") == 0 ? (char *)"PANDAR_PUSH=ask" : NULL, NULL};
    uint8_t kind;
    size_t size;
    if (gate < 0 || !gate_hello(gate, 'R', words, variables) || !gate_receive(gate, &kind, payload, &size)) {
        dprintf(2, "pandar: no runner answers\n");
        return 1;
    }
    if (kind != frame_stream) {
        gate_explain(payload, size);
        return exit_refused;
    }
    if (!write_all(1, "\n", 1)) return 1;
    return relay(gate, strcmp(service, "git-receive-pack") != 0);
}

int ask_remote(int count, char **arguments) {
    if (count != 3) {
        dprintf(2, "git-remote-pandar: git runs this\n");
        return 64;
    }
    char line[256];
    while (read_line(line, sizeof line) && line[0]) {
        if (strcmp(line, "capabilities") == 0) {
            if (!write_all(1, "connect\n\n", 9)) return 1;
        } else if (strncmp(line, "connect ", 8) == 0) {
            return connect_service(line + 8, arguments[2]);
        } else {
            dprintf(2, "git-remote-pandar: '%s' is not known here\n", line);
            return 1;
        }
    }
    return 0;
}

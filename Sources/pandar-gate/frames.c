#define _GNU_SOURCE
#include "frames.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char socket_path[] = "/run/pandar/gate.sock";

int gate_connect(void) {
    int gate = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (gate < 0) return -1;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, socket_path, sizeof socket_path);
    if (connect(gate, (struct sockaddr *)&address, sizeof address) == 0) return gate;
    close(gate);
    return -1;
}

bool write_all(int descriptor, const void *bytes, size_t size) {
    const char *next = bytes;
    while (size > 0) {
        ssize_t count = write(descriptor, next, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        next += count;
        size -= (size_t)count;
    }
    return true;
}

static bool read_all(int descriptor, void *bytes, size_t size) {
    char *next = bytes;
    while (size > 0) {
        ssize_t count = read(descriptor, next, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        next += count;
        size -= (size_t)count;
    }
    return true;
}

static void put(uint8_t *place, uint32_t value) {
    for (int index = 0; index < 4; index++) place[index] = (uint8_t)(value >> (8 * index));
}

static uint32_t get(const uint8_t *place) {
    return (uint32_t)place[0] | (uint32_t)place[1] << 8 | (uint32_t)place[2] << 16 | (uint32_t)place[3] << 24;
}

bool gate_send(int gate, uint8_t kind, const void *payload, size_t size) {
    uint8_t head[5];
    put(head, (uint32_t)size);
    head[4] = kind;
    return write_all(gate, head, sizeof head) && write_all(gate, payload, size);
}

bool gate_receive(int gate, uint8_t *kind, uint8_t *payload, size_t *size) {
    uint8_t head[5];
    if (!read_all(gate, head, sizeof head)) return false;
    *size = get(head);
    *kind = head[4];
    return *size <= frame_largest && read_all(gate, payload, *size);
}

static uint8_t hello[frame_largest];
static size_t hello_size;

static bool add(const char *text) {
    size_t size = strlen(text);
    if (size > sizeof hello - hello_size - 4) return false;
    put(hello + hello_size, (uint32_t)size);
    memcpy(hello + hello_size + 4, text, size);
    hello_size += 4 + size;
    return true;
}

static bool add_list(char *const *list) {
    if (hello_size + 4 > sizeof hello) return false;
    size_t place = hello_size;
    uint32_t count = 0;
    hello_size += 4;
    for (; *list; list++, count++)
        if (!add(*list)) return false;
    put(hello + place, count);
    return true;
}

bool gate_hello(int gate, char kind, char *const *words, char *const *environment) {
    static char directory[4096];
    if (!getcwd(directory, sizeof directory)) directory[0] = 0;
    hello[0] = 1;
    hello[1] = (uint8_t)kind;
    hello_size = 2;
    return add(directory) && add_list(words) && add_list(environment) && gate_send(gate, frame_hello, hello, hello_size);
}

void gate_explain(const uint8_t *reason, size_t size) {
    static const char name[] = "pandar: ";
    // Where nobody listens there is nothing else to say it to.
    if (write_all(2, name, sizeof name - 1) && write_all(2, reason, size) && write_all(2, "\n", 1)) return;
}

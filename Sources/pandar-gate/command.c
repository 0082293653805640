#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asking.h"
#include "frames.h"

extern char **environ;

static const char own_directory[] = "/run/pandar/bin";
static uint8_t payload[frame_largest];

static int complain(const char *name, const char *what) {
    dprintf(2, "pandar-gate: %s: %s\n", name, what);
    return 127;
}

// The program that PATH would have found, were this one not there.
static int become(const char *name, char **arguments) {
    signal(SIGPIPE, SIG_DFL);
    const char *path = getenv("PATH");
    if (!path) path = "/usr/local/bin:/usr/bin:/bin";
    int error = ENOENT;
    while (*path) {
        size_t size = strcspn(path, ":");
        char place[4096];
        bool is_own = size == sizeof own_directory - 1 && memcmp(path, own_directory, size) == 0;
        if (size > 0 && !is_own && size + strlen(name) + 2 < sizeof place) {
            memcpy(place, path, size);
            place[size] = '/';
            strcpy(place + size + 1, name);
            execv(place, arguments);
            if (errno != ENOENT && errno != ENOTDIR) error = errno;
        }
        path += size + (path[size] == ':');
    }
    return complain(name, error == ENOENT ? "not installed here" : strerror(error));
}

// Variables that change what such programs do; the broker takes no others.
static bool is_relevant(const char *variable) {
    static const char *const prefixes[] = {
        "KUBE", "TF_", "AWS_", "CLOUDSDK_", "AZURE_", "ARM_", "HELM_", "GH_", "GLAB_", "PULUMI_", "ANSIBLE_", "LANG=",
        "LC_ALL=", "NO_COLOR=",
    };
    for (size_t index = 0; index < sizeof prefixes / sizeof *prefixes; index++)
        if (strncmp(variable, prefixes[index], strlen(prefixes[index])) == 0) return true;
    return false;
}

static char **relevant_environment(void) {
    static char *chosen[257];
    size_t count = 0;
    for (char **variable = environ; *variable && count < 256; variable++)
        if (is_relevant(*variable)) chosen[count++] = *variable;
    return chosen;
}

static uint32_t number(const uint8_t *bytes, size_t size) {
    uint32_t value = 0;
    for (size_t index = 0; index < size && index < 4; index++) value |= (uint32_t)bytes[index] << (8 * index);
    return value;
}

// Standard input up to its end, or one byte more than is wanted, which the broker then refuses.
static void send_input(int gate, uint32_t wanted) {
    static uint8_t bytes[65536];
    uint64_t left = (uint64_t)wanted + 1;
    while (left > 0) {
        ssize_t count = read(0, bytes, left < sizeof bytes ? left : sizeof bytes);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        if (!gate_send(gate, frame_input, bytes, (size_t)count)) return;
        left -= (uint64_t)count;
    }
    gate_send(gate, frame_input, bytes, 0);
}

// Passes on what the broker tells, to the end. Where it tells that the program is to run here: `inside`.
static int follow(int gate, const char *name, bool *inside) {
    uint8_t kind;
    size_t size;
    while (gate_receive(gate, &kind, payload, &size)) {
        switch (kind) {
        case frame_inside: *inside = true; return 0;
        case frame_wanted:
            // Where it cannot be sent, the runner may have said why.
            send_input(gate, number(payload, size));
            break;
        case frame_output:
            if (!write_all(1, payload, size)) return 1;
            break;
        case frame_error:
            if (!write_all(2, payload, size)) return 1;
            break;
        case frame_exit: return (int)(number(payload, size) & 0xFF);
        case frame_refusal: gate_explain(payload, size); return exit_refused;
        default: return complain(name, "the runner was not understood");
        }
    }
    complain(name, "the runner did not answer to the end");
    return exit_refused;
}

int ask_command(const char *name, char **arguments) {
    int gate = gate_connect();
    // Without a broker the program has what the sandbox has: nothing to do harm with.
    if (gate < 0) return become(name, arguments);
    char *first = arguments[0];
    arguments[0] = (char *)name;
    bool is_sent = gate_hello(gate, 'C', arguments, relevant_environment());
    arguments[0] = first;
    if (!is_sent) {
        complain(name, "more words than the runner takes, or it is gone");
        return exit_refused;
    }
    bool inside = false;
    int code = follow(gate, name, &inside);
    close(gate);
    return inside ? become(name, arguments) : code;
}

int ask_secret(int count, char **arguments) {
    if (count != 2) {
        dprintf(2, "usage: pandar-secret NAME\n");
        return 64;
    }
    int gate = gate_connect();
    char *none[] = {NULL};
    bool inside = false;
    if (gate < 0 || !gate_hello(gate, 'S', arguments + 1, none)) return complain("pandar-secret", "no runner answers");
    return follow(gate, "pandar-secret", &inside);
}

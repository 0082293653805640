#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// A resource limit, soft and hard alike.
struct limit {
    int resource;
    uint64_t value;
};

// What the runner asks for on the command line: `pandar-init [OPTION VALUE]... -- PROGRAM ARGUMENT...`.
struct options {
    int control;        // --control FD: the socket to the runner
    int reports;        // --reports FD: a descriptor that the program keeps, the next after control; 0: none
    uid_t uid;          // --uid N: become this user; only where init starts as root
    gid_t gid;          // --gid N
    uid_t seen_uid;     // --seen-uid N: what the program sees of it; without it the same
    gid_t seen_gid;     // --seen-gid N
    bool terminal;      // --terminal 1: descriptor 0 is a terminal and shall control the program's session
    bool permissive;    // --permissive 1: the program may trace its own children
    uint16_t port;      // --port N: where the proxy is reached inside, on loopback
    const char *egress; // --egress PATH: the proxy's socket; none: no network
    struct limit limits[16]; // --limit RESOURCE=VALUE, by the resource's number
    size_t limit_count;
    char **program; // what stands after --
};

// Reads the command line. NULL, or what is wrong with it.
const char *options_read(int count, char **arguments, struct options *options);

#pragma once
#include <stddef.h>
#include <stdint.h>

// What the machine does with nothing of Pandar around it, in C.

struct bench_header {
    const char *name;
    const void *value;
    size_t length;
};

// A record that is written for every one that is read. Its key is the key of the record that was read.
struct bench_output {
    const char *topic;
    const void *value;
    size_t length;
    const struct bench_header *headers;
    size_t header_count;
};

struct bench_mover_plan {
    const char *bootstrap;
    const char *input;
    int32_t partitions;
    const char *group;
    const char *transactional_id; // NULL: at least once
    int batch;                    // most records of one commit
    const struct bench_output *outputs;
    size_t output_count;
};

// A loop over librdkafka on a thread of its own: consume a batch, write every output for each of its records into the
// same partition, wait for the acknowledgements, commit the offsets.
struct bench_mover;

// Starts the loop. Strings and bytes of `plan` must live until it is stopped. NULL on error, with the reason in `error`.
struct bench_mover *bench_mover_start(const struct bench_mover_plan *plan, char *error, size_t error_size);

// Stops the loop and frees it. 0, or -1 when it ended early, with the reason in `error`.
int bench_mover_stop(struct bench_mover *mover, char *error, size_t error_size);

// Runs a program `count` times with posix_spawn, `parallel` at a time. Its path is the first of its `arguments`, which end
// with NULL. Seconds, or -1 when one of them did not exit with 0.
double bench_spawn(char *const arguments[], int count, int parallel);

// Whether the bytes contain the pattern. Swift's Glibc module lacks memmem.
int bench_contains(const void *bytes, size_t length, const void *pattern, size_t pattern_length);

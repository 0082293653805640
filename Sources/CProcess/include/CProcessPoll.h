#pragma once
#include <stdint.h>

// epoll and eventfd, which Swift's Glibc module does not have. Functions return -1 on error, with errno.

// Two descriptors: [0] epoll, [1] an eventfd in it under the token UINT64_MAX.
int pandar_poll_make(int descriptors[2]);
int pandar_poll_add(int poll, int descriptor, uint64_t token);
int pandar_poll_remove(int poll, int descriptor);
// Fills `tokens` with what is ready, at most `capacity` (128); clears the eventfd. Returns their number.
int pandar_poll_wait(const int descriptors[2], uint64_t *tokens, int capacity, int milliseconds);
int pandar_poll_wake(const int descriptors[2]);

// A pipe that is closed on exec, with a reading end that does not block.
int pandar_pipe(int ends[2]);

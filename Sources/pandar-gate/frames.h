#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The talk with the runner's gate broker, one connection for each thing that is asked. A frame is the length of its
// payload (4 bytes, little-endian), its kind (1 byte), and the payload. Known to the runner as `GateFrame`.
enum {
    frame_largest = 256 * 1024,
    frame_hello = 'H',   // to the broker: what is asked
    frame_input = 'D',   // to the broker: standard input; empty at its end
    frame_inside = 'I',  // from the broker: nothing from outside is needed
    frame_stream = 'C',  // from the broker: from here on bytes go both ways without frames
    frame_wanted = 'S',  // from the broker: send standard input, at most so many bytes as the payload says
    frame_output = 'O',  // from the broker: for standard output
    frame_error = 'E',   // from the broker: for standard error
    frame_exit = 'X',    // from the broker: the exit code, 4 bytes
    frame_refusal = 'R', // from the broker: no, and why
};

// What the program says where it may not: EX_NOPERM of sysexits.h.
enum { exit_refused = 77 };

// Connects to the broker. A descriptor, or -1.
int gate_connect(void);

// What the broker is asked: a kind ('C' a command, 'R' a service of git, 'S' a secret), the words, and variables.
// `false` when it is too long or the broker is gone.
bool gate_hello(int gate, char kind, char *const *words, char *const *environment);

bool gate_send(int gate, uint8_t kind, const void *payload, size_t size);

// Reads a frame into `payload`, which holds `frame_largest` bytes. `false` when the broker is gone or talks nonsense.
bool gate_receive(int gate, uint8_t *kind, uint8_t *payload, size_t *size);

bool write_all(int descriptor, const void *bytes, size_t size);

// Prints the broker's reason.
void gate_explain(const uint8_t *reason, size_t size);

#pragma once

// Attacks that need C. Each prints a line `NAME=ERRNO` (or `NAME=ok`) for everything that it tried.
void hostile_told(const char *name, long result);

int hostile_calls(void);
int hostile_sockets(void);
int hostile_foreign(const char *which);
int hostile_terminal(void);
int hostile_handle(int count, char **arguments);
int hostile_descriptors(void);

/* A forwarder from a TCP port on loopback to a Unix socket: how any program inside a sandbox reaches the egress proxy. */
#ifndef PANDAR_FORWARD_H
#define PANDAR_FORWARD_H

#include <stdint.h>

/* Listens on 127.0.0.1.
 * port: in, the port to bind, 0 for any; out, the port that was bound.
 * Returns the listening descriptor (non-blocking, close-on-exec), or -1 with errno set. */
int pandar_forward_listen(uint16_t *port);

/* Pipes each connection of the listener to one of its own to the Unix socket, and never returns. One thread, at most
 * 512 connections of 2 x 64 KiB. It closes nothing but its own descriptors; SIGPIPE does not reach it. */
_Noreturn void pandar_forward_serve(int listener, const char *socket_path);

#endif

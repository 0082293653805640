#pragma once
#include <stdint.h>

int pandar_forward_listen(uint16_t *port);
void pandar_forward_serve(int listener, const char *socket_path);

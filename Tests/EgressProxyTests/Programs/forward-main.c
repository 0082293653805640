/* The forwarder as a program: prints its port, then serves. argv: the Unix socket, and how many descriptors it may have. */
#include "forward.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

int main(int count, char **arguments) {
    if (count < 2) return 2;
    if (count > 2) {
        rlim_t limit = (rlim_t)atoi(arguments[2]);
        struct rlimit files = {.rlim_cur = limit, .rlim_max = limit};
        if (setrlimit(RLIMIT_NOFILE, &files) != 0) return 3;
    }
    uint16_t port = 0;
    int listener = pandar_forward_listen(&port);
    if (listener < 0) return 4;
    printf("%d\n", port);
    fflush(stdout);
    pandar_forward_serve(listener, arguments[1]);
}

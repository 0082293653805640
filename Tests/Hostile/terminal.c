#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "hostile.h"

// Types into the terminal on descriptor 0, in every way that has worked somewhere.
int hostile_terminal(void) {
    char key = '#', paste[2] = {3, 0};
    int discipline = 13; // N_HDLC, a module with a past
    hostile_told("is-terminal", isatty(0) ? 0 : -1);
    hostile_told("tiocsti", ioctl(0, TIOCSTI, &key));
    // The kernel looks at 32 bits of the request.
    hostile_told("tiocsti-high-bits", syscall(SYS_ioctl, 0, 0x100000000UL | TIOCSTI, &key));
    hostile_told("tioclinux", ioctl(0, TIOCLINUX, paste));
    hostile_told("tioclinux-high-bits", syscall(SYS_ioctl, 0, 0xf00000000UL | TIOCLINUX, paste));
    hostile_told("tiocsetd", ioctl(0, TIOCSETD, &discipline));
    hostile_told("tioccons", ioctl(0, TIOCCONS));
    return 0;
}

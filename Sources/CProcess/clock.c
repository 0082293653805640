#define _GNU_SOURCE
#include "CProcessClock.h"

#include <sys/timex.h>

int pandar_clock_state(int *is_synchronised, long *largest_error_microseconds) {
    struct timex clock = {0};
    if (adjtimex(&clock) < 0) return -1;
    *is_synchronised = (clock.status & STA_UNSYNC) == 0;
    *largest_error_microseconds = clock.maxerror;
    return 0;
}

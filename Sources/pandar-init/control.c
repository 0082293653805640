#define _GNU_SOURCE
#include "control.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

void control_tell(int control, enum pandar_control_kind kind, int value, const char *stage) {
    struct pandar_control_report report;
    struct rusage usage;
    memset(&report, 0, sizeof report);
    report.kind = kind;
    report.value = value;
    strncpy(report.stage, stage, sizeof report.stage - 1);
    if (getrusage(RUSAGE_CHILDREN, &usage) == 0) {
        report.cpu_microseconds = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000
            + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
        report.peak_kilobytes = (uint64_t)usage.ru_maxrss;
    }
    // The runner may be gone; then everything ends anyway.
    send(control, &report, sizeof report, MSG_NOSIGNAL);
}

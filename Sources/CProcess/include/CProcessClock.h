#pragma once

// The kernel's knowledge of its wall clock, which Swift's Glibc module does not have. Returns -1 on error.
int pandar_clock_state(int *is_synchronised, long *largest_error_microseconds);

#pragma once
#include "CProcessControl.h"

// Tells the runner; `value` and `stage` as the kind wants them.
void control_tell(int control, enum pandar_control_kind kind, int value, const char *stage);

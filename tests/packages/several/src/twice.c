#include "twice.h"

int twice(int value) { return FACTOR * value; }

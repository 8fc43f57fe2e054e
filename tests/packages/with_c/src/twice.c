#include "twice.h"

long long twice(long long value) {
    return value * 2;
}

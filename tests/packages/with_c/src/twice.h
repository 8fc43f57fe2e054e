long long twice(long long value);

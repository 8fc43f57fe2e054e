int times(int value) { return value * FACTOR; }

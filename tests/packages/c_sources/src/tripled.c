int tripled(int value) { return value * 3; }

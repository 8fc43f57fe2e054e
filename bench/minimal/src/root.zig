//! The smallest module that does something: what its size is, every extension starts from.

pub fn add(a: i64, b: i64) i64 {
    return a + b;
}

/// From another file.
pub fn imported(there: i64) i64 {
    return there + 1;
}

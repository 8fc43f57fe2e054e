pub fn one() u8 {
    return 1;
}

const build_facts = @import("build_facts");

extern fn twice(value: c_int) c_int;

pub fn two() c_int {
    return twice(1);
}

pub fn minor() u8 {
    return build_facts.minor;
}

use super::Table;

pub(in crate::keyboard) const US: Table = Table {
    rows: [
        ["`1234567890-=", "~!@#$%^&*()_+", "             "],
        ["qwertyuiop[]", "QWERTYUIOP{}", "            "],
        ["asdfghjkl;'\\", "ASDFGHJKL:\"|", "            "],
        [" zxcvbnm,./", " ZXCVBNM<>?", "           "],
    ],
    dead: &[],
};

use super::Table;

pub(in crate::keyboard) const UK: Table = Table {
    rows: [
        ["`1234567890-=", "¬!\"£$%^&*()_+", "¦   €        "],
        ["qwertyuiop[]", "QWERTYUIOP{}", "  é   úíó   "],
        ["asdfghjkl;'#", "ASDFGHJKL:@~", "á           "],
        ["\\zxcvbnm,./", "|ZXCVBNM<>?", "           "],
    ],
    dead: &[],
};

use super::{Level, Table};
use crate::keyboard::Key;

pub(in crate::keyboard) const FRENCH: Table = Table {
    rows: [
        ["²&é\"'(-è_çà)=", " 1234567890°+", "   #{[| \\^@]}"],
        ["azertyuiop $", "AZERTYUIOP £", "  €        ¤"],
        ["qsdfghjklmù*", "QSDFGHJKLM%µ", "            "],
        ["<wxcvbn,;:!", ">WXCVBN?./§", "           "],
    ],
    dead: &[
        ('^', Key::BracketLeft, Level::Plain),
        ('¨', Key::BracketLeft, Level::Shift),
        ('~', Key::Digit2, Level::AltGr),
        ('`', Key::Digit7, Level::AltGr),
    ],
};

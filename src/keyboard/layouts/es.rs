use super::{Level, Table};
use crate::keyboard::Key;

pub(in crate::keyboard) const SPANISH: Table = Table {
    rows: [
        ["º1234567890'¡", "ª!\"·$%&/()=?¿", "\\|@#  ¬      "],
        ["qwertyuiop +", "QWERTYUIOP *", "  €       []"],
        ["asdfghjklñ ç", "ASDFGHJKLÑ Ç", "          {}"],
        ["<zxcvbnm,.-", ">ZXCVBNM;:_", "           "],
    ],
    dead: &[
        ('`', Key::BracketLeft, Level::Plain),
        ('^', Key::BracketLeft, Level::Shift),
        ('´', Key::Quote, Level::Plain),
        ('¨', Key::Quote, Level::Shift),
        ('~', Key::Digit4, Level::AltGr),
    ],
};

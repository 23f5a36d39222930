use super::{Level, Table};
use crate::keyboard::Key;

pub(in crate::keyboard) const GERMAN: Table = Table {
    rows: [
        [" 1234567890ß ", "°!\"§$%&/()=? ", "  ²³   {[]}\\ "],
        ["qwertzuiopü+", "QWERTZUIOPÜ*", "@ €        ~"],
        ["asdfghjklöä#", "ASDFGHJKLÖÄ'", "            "],
        ["<yxcvbnm,.-", ">YXCVBNM;:_", "|      µ   "],
    ],
    dead: &[
        ('^', Key::Backquote, Level::Plain),
        ('´', Key::Equal, Level::Plain),
        ('`', Key::Equal, Level::Shift),
    ],
};

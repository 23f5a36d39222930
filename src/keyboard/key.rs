//! The keys of a PC's keyboard.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Defines [`Key`] with the names that people write; the first is the one that is shown.
macro_rules! keys {
    ($($key:ident $first:literal $(/ $other:literal)*),* $(,)?) => {
        /// A key by its place: letters, digits and marks are those of a US keyboard.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
        pub enum Key {
            $(#[doc = concat!("`", $first, "`")] $key),*
        }

        impl Key {
            /// Every key.
            pub const ALL: &'static [Self] = &[$(Self::$key),*];

            /// Returns the name that people write.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$key => $first),*
                }
            }

            /// Returns the key of a name, in small letters.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($first $(| $other)* => Some(Self::$key),)*
                    _ => None,
                }
            }
        }
    };
}

keys! {
    Escape "esc" / "escape",
    F1 "f1", F2 "f2", F3 "f3", F4 "f4", F5 "f5", F6 "f6",
    F7 "f7", F8 "f8", F9 "f9", F10 "f10", F11 "f11", F12 "f12",
    PrintScreen "printscreen" / "print" / "prtsc" / "sysrq",
    ScrollLock "scrolllock",
    Pause "pause" / "break",

    Backquote "backquote" / "grave",
    Digit1 "digit1", Digit2 "digit2", Digit3 "digit3", Digit4 "digit4", Digit5 "digit5",
    Digit6 "digit6", Digit7 "digit7", Digit8 "digit8", Digit9 "digit9", Digit0 "digit0",
    Minus "minus", Equal "equal", Backspace "backspace" / "bksp",

    Tab "tab",
    Q "keyq", W "keyw", E "keye", R "keyr", T "keyt",
    Y "keyy", U "keyu", I "keyi", O "keyo", P "keyp",
    BracketLeft "bracketleft", BracketRight "bracketright",
    Backslash "backslash",

    CapsLock "capslock" / "caps",
    A "keya", S "keys", D "keyd", F "keyf", G "keyg",
    H "keyh", J "keyj", K "keyk", L "keyl",
    Semicolon "semicolon", Quote "quote",
    Enter "enter" / "return" / "ret",

    ShiftLeft "shift" / "lshift" / "shift_l",
    IntlBackslash "intlbackslash" / "less",
    Z "keyz", X "keyx", C "keyc", V "keyv", B "keyb", N "keyn", M "keym",
    Comma "comma", Period "period" / "dot", Slash "slash",
    ShiftRight "rshift" / "shift_r",

    ControlLeft "ctrl" / "control" / "lctrl" / "ctrl_l",
    MetaLeft "win" / "super" / "meta" / "cmd" / "windows" / "lwin",
    AltLeft "alt" / "option" / "lalt" / "alt_l",
    Space "space" / "spc",
    AltRight "altgr" / "ralt" / "alt_r",
    MetaRight "rwin",
    Menu "menu" / "apps" / "contextmenu",
    ControlRight "rctrl" / "ctrl_r",

    Insert "insert" / "ins", Home "home", PageUp "pageup" / "pgup",
    Delete "del" / "delete", End "end", PageDown "pagedown" / "pgdn",
    ArrowUp "up", ArrowLeft "left", ArrowDown "down", ArrowRight "right",

    NumLock "numlock",
    KeypadDivide "kp_divide", KeypadMultiply "kp_multiply", KeypadSubtract "kp_subtract",
    KeypadAdd "kp_add", KeypadEnter "kp_enter", KeypadDecimal "kp_decimal",
    Keypad0 "kp_0", Keypad1 "kp_1", Keypad2 "kp_2", Keypad3 "kp_3", Keypad4 "kp_4",
    Keypad5 "kp_5", Keypad6 "kp_6", Keypad7 "kp_7", Keypad8 "kp_8", Keypad9 "kp_9",

    VolumeMute "volumemute", VolumeDown "volumedown", VolumeUp "volumeup",
}

impl Key {
    /// Whether the key changes what others do while it is held.
    pub fn is_modifier(self) -> bool {
        use Key::{
            AltLeft, AltRight, ControlLeft, ControlRight, MetaLeft, MetaRight, ShiftLeft,
            ShiftRight,
        };
        matches!(
            self,
            ShiftLeft
                | ShiftRight
                | ControlLeft
                | ControlRight
                | AltLeft
                | AltRight
                | MetaLeft
                | MetaRight
        )
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Key;

    #[test]
    fn every_key_has_a_name_of_its_own_that_leads_back_to_it() {
        let names: HashSet<_> = Key::ALL.iter().map(|key| key.name()).collect();
        assert_eq!(names.len(), Key::ALL.len());
        for key in Key::ALL {
            assert_eq!(Key::named(key.name()), Some(*key));
        }
        assert_eq!(Key::named("escape"), Some(Key::Escape));
        assert_eq!(Key::named("any"), None);
    }
}

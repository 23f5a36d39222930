//! The names that vendors have for keys, as ours.

/// Returns a chord as it is written here: `ctrl+s`.
pub(super) fn chord(written: &str) -> String {
    if written == "+" {
        return written.to_owned();
    }
    let parts: Vec<String> = written.split('+').map(name).collect();
    parts.join("+")
}

/// Returns the name of one key. Single characters are what they make.
fn name(written: &str) -> String {
    if written.chars().count() <= 1 {
        return written.to_lowercase();
    }
    let plain = written.to_lowercase();
    let known = match plain.as_str() {
        "page_up" | "prior" => "pageup",
        "page_down" | "next" => "pagedown",
        "arrowup" | "arrow_up" => "up",
        "arrowdown" | "arrow_down" => "down",
        "arrowleft" | "arrow_left" => "left",
        "arrowright" | "arrow_right" => "right",
        "super_l" | "super_r" | "meta_l" | "meta_r" | "command" | "os" => "win",
        "control_l" | "control_r" => "ctrl",
        "iso_level3_shift" => "altgr",
        "back_space" => "backspace",
        "caps_lock" => "capslock",
        "num_lock" => "numlock",
        "scroll_lock" => "scrolllock",
        "print_screen" => "printscreen",
        "spacebar" => "space",
        "plus" => "+",
        "minus" | "underscore" => "-",
        "equal" => "=",
        other => other,
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::chord;
    use crate::keyboard::{Chord, Layout};

    #[test]
    fn what_vendors_write_are_chords_here() {
        for written in [
            "Return",
            "alt+Tab",
            "ctrl+s",
            "Page_Down",
            "KP_0",
            "super",
            "BackSpace",
            "F5",
            "CTRL+SHIFT+ESC",
            "ArrowDown",
            "CMD+SPACE",
            "Control+A",
            "Meta+Left",
            "ENTER",
            "+",
            "a",
            "A",
            "?",
            "Delete",
        ] {
            let ours = chord(written);
            assert!(Chord::parse(&ours, Layout::Us).is_ok(), "{written}: {ours}");
        }
    }
}

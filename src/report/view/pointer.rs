use crate::model::{Button, Wheel};
use crate::report::Document;
use crate::report::document::Body;
use crate::report::dto::PointedItem;
use crate::report::human;
use crate::request::{Clicks, Effect, Gesture, Pointed};

pub(super) fn pointed(pointed: &Pointed) -> Document {
    let done = done(&pointed.gesture);
    let seen = pointed.effect.as_ref().map(seen).unwrap_or_default();
    let line = format!("{}: {done}{seen} ({})", pointed.vm, human::duration(pointed.took));
    let names = vec![pointed.vm.clone()];
    Document::items(&[PointedItem::from(pointed)], Body::Lines(vec![line]), names)
}

fn done(gesture: &Gesture) -> String {
    match gesture {
        Gesture::Move(at) => format!("pointer at {at}"),
        Gesture::Click { at, button, times } => {
            let button = match button {
                Button::Left => "",
                Button::Right => "right-",
                Button::Middle => "middle-",
            };
            let times = match times {
                Clicks::Single => "",
                Clicks::Double => "double-",
            };
            format!("{button}{times}clicked at {at}")
        }
        Gesture::Drag { from, to, .. } => format!("dragged from {from} to {to}"),
        Gesture::Scroll { at, wheel, notches } => {
            let way = match wheel {
                Wheel::Up => "up",
                Wheel::Down => "down",
                Wheel::Still => "nowhere",
            };
            let place = at.map(|at| format!(" at {at}")).unwrap_or_default();
            format!("scrolled {way} {notches}{place}")
        }
    }
}

fn seen(effect: &Effect) -> String {
    match (effect.is_change(), effect.changed_share) {
        (false, _) => "; the screen did not change".to_owned(),
        (true, Some(share)) if share < 0.001 => {
            "; less than 0.1 % of the screen changed".to_owned()
        }
        (true, Some(share)) => format!("; {} of the screen changed", human::percent(share)),
        (true, None) => "; the screen has another size now".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::seen;
    use crate::request::Effect;

    #[test]
    fn a_blinking_cursor_is_a_change_but_told_as_a_small_one() {
        let told = |after: &str, changed_share| {
            let (before, after) = ("a".to_owned(), after.to_owned());
            seen(&Effect { before, after, changed_share })
        };
        assert_eq!(told("a", Some(0.0)), "; the screen did not change");
        assert_eq!(told("b", Some(0.00002)), "; less than 0.1 % of the screen changed");
        assert_eq!(told("b", Some(0.263)), "; 26.3 % of the screen changed");
        assert_eq!(told("b", None), "; the screen has another size now");
    }
}

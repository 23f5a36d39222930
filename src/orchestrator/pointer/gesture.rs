//! What a gesture is to a device: reports, and rests between them.

use std::time::Duration;

use crate::model::{Button, PointerReport, Position, Size, Wheel};
use crate::request::{Clicks, Gesture};

/// How long a button stays down, and up again before it goes down once more: long enough to be
/// seen, far shorter than half of any system's time for a double click.
const PRESS: Duration = Duration::from_millis(50);

/// How long is waited after each movement of a drag.
const PULL: Duration = Duration::from_millis(10);

/// In how many movements a drag arrives.
const PULLS: u32 = 10;

/// How long is waited after each notch of the wheel.
const NOTCH: Duration = Duration::from_millis(10);

/// Reports that are told in one call, and how long to rest after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) reports: Vec<PointerReport>,
    pub(super) rest: Duration,
}

/// Returns what a gesture on this screen takes.
pub(super) fn steps(gesture: &Gesture, screen: Size) -> Vec<Step> {
    match *gesture {
        Gesture::Move(at) => vec![step(vec![up(at)], Duration::ZERO)],
        Gesture::Click { at, button, times } => {
            let click = [
                step(vec![up(at), down(at, button)], PRESS),
                step(
                    vec![up(at)],
                    match times {
                        Clicks::Single => Duration::ZERO,
                        Clicks::Double => PRESS,
                    },
                ),
            ];
            match times {
                Clicks::Single => click.to_vec(),
                Clicks::Double => [click.clone(), click].concat(),
            }
        }
        Gesture::Drag { from, to, button } => {
            let mut steps = vec![step(vec![up(from), down(from, button)], PRESS)];
            let way = (1..=PULLS).map(|part| between(from, to, part));
            steps.extend(way.map(|at| step(vec![down(at, button)], PULL)));
            steps.push(step(vec![down(to, button)], PRESS));
            steps.push(step(vec![up(to)], Duration::ZERO));
            steps
        }
        Gesture::Scroll { at, wheel, notches } => {
            let at = at.unwrap_or(Position { x: screen.width / 2, y: screen.height / 2 });
            let notch = step(vec![PointerReport { wheel, ..up(at) }], NOTCH);
            let notches = (0..notches).map(|_| notch.clone());
            std::iter::once(step(vec![up(at)], Duration::ZERO)).chain(notches).collect()
        }
    }
}

/// Returns what lets go of the buttons that these steps hold, if they hold any.
pub(super) fn release(steps: &[Step]) -> Option<PointerReport> {
    let mut reports = steps.iter().flat_map(|step| &step.reports);
    let last = reports.clone().last()?;
    let holds = reports.any(|report| report.held.is_some());
    holds.then(|| up(last.at))
}

fn step(reports: Vec<PointerReport>, rest: Duration) -> Step {
    Step { reports, rest }
}

fn up(at: Position) -> PointerReport {
    PointerReport { at, held: None, wheel: Wheel::Still }
}

fn down(at: Position, button: Button) -> PointerReport {
    PointerReport { held: Some(button), ..up(at) }
}

/// Returns a place on the straight way, after so many of its parts.
fn between(from: Position, to: Position, part: u32) -> Position {
    let along = |from: u32, to: u32| {
        let moved = u64::from(from.abs_diff(to)) * u64::from(part) / u64::from(PULLS);
        let moved = u32::try_from(moved).unwrap_or(u32::MAX);
        if to >= from { from.saturating_add(moved) } else { from.saturating_sub(moved) }
    };
    Position { x: along(from.x, to.x), y: along(from.y, to.y) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::steps;
    use crate::model::{Button, PointerReport, Position, Size, Wheel};
    use crate::request::{Clicks, Gesture};

    const SCREEN: Size = Size { width: 1024, height: 768 };

    fn reports(gesture: &Gesture) -> Vec<PointerReport> {
        steps(gesture, SCREEN).into_iter().flat_map(|step| step.reports).collect()
    }

    /// Returns how often a button goes down.
    fn presses(reports: &[PointerReport]) -> usize {
        let pairs = reports.iter().zip(reports.iter().skip(1));
        pairs.filter(|(one, next)| one.held.is_none() && next.held.is_some()).count()
    }

    fn position() -> impl Strategy<Value = Position> {
        (0u32..1024, 0u32..768).prop_map(|(x, y)| Position { x, y })
    }

    #[test]
    fn a_double_click_presses_twice_without_moving() {
        let (at, button) = (Position { x: 3, y: 4 }, Button::Left);
        let double = reports(&Gesture::Click { at, button, times: Clicks::Double });
        assert_eq!(presses(&double), 2);
        assert!(double.iter().all(|report| report.at == at));
    }

    #[test]
    fn a_wheel_turns_as_often_as_it_is_told() {
        let scroll = Gesture::Scroll { at: None, wheel: Wheel::Up, notches: 3 };
        let turned = reports(&scroll).iter().filter(|it| it.wheel == Wheel::Up).count();
        assert_eq!(turned, 3);
    }

    proptest! {
        #[test]
        fn a_drag_holds_one_button_all_the_way(from in position(), to in position()) {
            let button = Button::Right;
            let drag = reports(&Gesture::Drag { from, to, button });
            prop_assert_eq!(presses(&drag), 1);
            prop_assert_eq!(drag.first().map(|it| (it.at, it.held)), Some((from, None)));
            prop_assert_eq!(drag.last().map(|it| (it.at, it.held)), Some((to, None)));
            let within = |from: u32, to: u32, at: u32| (from.min(to)..=from.max(to)).contains(&at);
            for report in &drag {
                prop_assert!(within(from.x, to.x, report.at.x) && within(from.y, to.y, report.at.y));
            }
        }
    }
}

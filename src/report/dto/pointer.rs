use serde::Serialize;

use super::millis;
use crate::model::Position;
use crate::request::{Clicks, Gesture, Pointed};

#[derive(Debug, Serialize)]
pub(crate) struct PointedItem {
    vm: String,
    action: &'static str,
    via: &'static str,
    at: PositionShape,
    from: Option<PositionShape>,
    button: Option<&'static str>,
    clicks: Option<u32>,
    notches: Option<u32>,
    screen: SizeShape,
    screen_changed: Option<bool>,
    changed_share: Option<f64>,
    hash_before: Option<String>,
    hash_after: Option<String>,
    took_ms: u64,
}

#[derive(Debug, Serialize)]
struct PositionShape {
    x: u32,
    y: u32,
}

#[derive(Debug, Serialize)]
struct SizeShape {
    width: u32,
    height: u32,
}

impl From<&Pointed> for PointedItem {
    fn from(pointed: &Pointed) -> Self {
        let effect = pointed.effect.as_ref();
        let mut item = Self {
            vm: pointed.vm.clone(),
            action: pointed.gesture.action(),
            via: pointed.way,
            at: PositionShape { x: 0, y: 0 },
            from: None,
            button: None,
            clicks: None,
            notches: None,
            screen: SizeShape { width: pointed.screen.width, height: pointed.screen.height },
            screen_changed: effect.map(crate::request::Effect::is_change),
            changed_share: effect.and_then(|effect| effect.changed_share),
            hash_before: effect.map(|effect| effect.before.clone()),
            hash_after: effect.map(|effect| effect.after.clone()),
            took_ms: millis(pointed.took),
        };
        match pointed.gesture {
            Gesture::Move(at) => item.at = at.into(),
            Gesture::Click { at, button, times } => {
                item.at = at.into();
                item.button = Some(button.as_str());
                item.clicks = Some(match times {
                    Clicks::Single => 1,
                    Clicks::Double => 2,
                });
            }
            Gesture::Drag { from, to, button } => {
                item.at = to.into();
                item.from = Some(from.into());
                item.button = Some(button.as_str());
            }
            Gesture::Scroll { at, notches, .. } => {
                item.at = at.unwrap_or(Position { x: 0, y: 0 }).into();
                item.notches = Some(notches);
            }
        }
        item
    }
}

impl From<Position> for PositionShape {
    fn from(at: Position) -> Self {
        Self { x: at.x, y: at.y }
    }
}

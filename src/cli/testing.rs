//! What the tests of this module share.

use std::time::Duration;

use super::target::Given;
use crate::config::{Sources, load};

/// Returns defaults, but a wait of five minutes and a stop of one.
pub(crate) fn given() -> Given {
    let loaded = load(&Sources::default()).expect("the defaults are right");
    let mut timeouts = loaded.settings.timeouts;
    timeouts.wait = Duration::from_mins(5);
    timeouts.stop = Duration::from_mins(1);
    let layout = loaded.settings.input.keyboard_layout;
    Given { default_vm: None, timeouts, layout, recovery: loaded.settings.recovery }
}

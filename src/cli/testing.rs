//! What the tests of this module share.

use std::time::Duration;

use super::target::Given;
use crate::config::{Sources, load};

/// Returns defaults, but a wait of 300 s and a stop of 60 s.
pub(crate) fn given() -> Given {
    let loaded = load(&Sources::default()).expect("the defaults are right");
    let mut timeouts = loaded.settings.timeouts;
    timeouts.wait = Duration::from_secs(300);
    timeouts.stop = Duration::from_secs(60);
    Given { default_vm: None, timeouts }
}

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Share;

/// How a screen is watched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ScreenWatch {
    /// How long it must stay as it is to be stable.
    pub still: Duration,
    /// A change of no more pixels than these is none: a blinking cursor.
    pub tolerance: Share,
    /// The picture from which it must differ to be changed; `None` is what it shows first.
    pub since: Option<PathBuf>,
    /// What it must say.
    pub text: Option<String>,
}

impl Default for ScreenWatch {
    fn default() -> Self {
        let tolerance = Share::of_millionths(1000);
        Self { still: Duration::from_secs(2), tolerance, since: None, text: None }
    }
}

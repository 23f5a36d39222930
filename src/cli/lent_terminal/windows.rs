use std::io;
use std::time::Duration;

use tokio::time::{Interval, interval};

/// How often somebody looks: consoles tell of new sizes only among what is typed.
const OFTEN: Duration = Duration::from_millis(500);

/// Tells when the terminal may have another size.
#[derive(Debug)]
pub(super) struct Resizes(Interval);

impl Resizes {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self(interval(OFTEN)))
    }

    pub(super) async fn next(&mut self) {
        self.0.tick().await;
    }
}

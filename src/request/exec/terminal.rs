use serde::{Deserialize, Serialize};

use tokio::sync::watch;

/// A terminal that is lent to a command in a guest.
#[derive(Debug, Clone)]
pub struct GuestTerminal {
    /// What it understands, such as `xterm-256color`.
    pub kind: String,
    /// How large it is, now and later.
    pub sizes: watch::Receiver<TerminalSize>,
}

impl PartialEq for GuestTerminal {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.sizes.same_channel(&other.sizes)
    }
}

impl Eq for GuestTerminal {}

/// How large a terminal is, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct TerminalSize {
    /// How many characters a line has.
    pub columns: u16,
    /// How many lines it has.
    pub rows: u16,
}

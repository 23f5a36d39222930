use std::sync::Arc;

use super::View;
use super::tracker::{Step, What};
use crate::cli::console::Console;

/// Shows steps as plain lines.
#[derive(Debug)]
pub(super) struct Lines(Arc<Console>);

impl Lines {
    pub(super) fn new(console: Arc<Console>) -> Self {
        Self(console)
    }
}

impl View for Lines {
    fn step(&mut self, step: Step) {
        match step.what {
            What::Begun(line) | What::Moved(line) | What::Again(line) | What::Ended(line) => {
                self.0.talk(&(line + "\n"));
            }
        }
    }
}

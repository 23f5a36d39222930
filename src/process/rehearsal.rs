use std::sync::Arc;

use async_trait::async_trait;

use super::{CommandLine, CommandRunner, Effect, Ledger, Output, ProcessError};

/// Lets reads through and only notes writes: the heart of `--dry-run`.
#[derive(Debug)]
pub struct RehearsingRunner {
    real: Arc<dyn CommandRunner>,
    ledger: Ledger,
}

impl RehearsingRunner {
    /// Wraps a runner; what it would have changed is noted in the ledger.
    pub fn new(real: Arc<dyn CommandRunner>, ledger: Ledger) -> Self {
        Self { real, ledger }
    }
}

#[async_trait]
impl CommandRunner for RehearsingRunner {
    async fn run(&self, line: &CommandLine) -> Result<Output, ProcessError> {
        match line.effect() {
            Effect::Read => self.real.run(line).await,
            Effect::Write => {
                self.ledger.note(line.to_string());
                Ok(Output::ok(""))
            }
        }
    }

    fn rehearses(&self) -> bool {
        true
    }

    async fn settle(&self) {
        self.real.settle().await;
    }
}

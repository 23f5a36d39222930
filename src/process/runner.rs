use std::fmt::Debug;
use std::io;
use std::time::Duration;

use async_trait::async_trait;

use super::CommandLine;
use super::Output;
use super::RawOutput;

/// Runs programs. An exit code other than 0 is an [`Output`]: only the caller knows what it means.
///
/// Dropping the future cancels the call: the program is asked to end, given time, then killed.
#[async_trait]
pub trait CommandRunner: Debug + Send + Sync {
    /// Runs a program to its end.
    async fn run(&self, line: &CommandLine) -> Result<Output, ProcessError>;

    /// Runs a program to its end, and takes what it prints as it is.
    async fn run_raw(&self, line: &CommandLine) -> Result<RawOutput, ProcessError> {
        self.run(line).await.map(RawOutput::from)
    }

    /// Returns whether what would change something is only noted.
    fn rehearses(&self) -> bool {
        false
    }

    /// Waits until every canceled call has really ended.
    async fn settle(&self) {}
}

/// Why a program could not be run to its end.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// There is no such program.
    #[error("{program} was not found")]
    NotFound {
        /// The program.
        program: String,
    },
    /// The host would not start it.
    #[error("{program} could not be started")]
    Spawn {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It did not end in time and was ended.
    #[error("{program} did not answer within {after:?} and was ended")]
    TimedOut {
        /// The program.
        program: String,
        /// The deadline.
        after: Duration,
    },
    /// What it printed could not be read.
    #[error("the output of {program} could not be read")]
    Read {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It printed more than is kept.
    #[error("{program} printed more than {limit} bytes and was ended")]
    Flood {
        /// The program.
        program: String,
        /// The limit.
        limit: usize,
    },
    /// It was to serve and ended.
    #[error("{program} ended instead of serving: {said}")]
    NotServing {
        /// The program.
        program: String,
        /// Its last words.
        said: String,
    },
}

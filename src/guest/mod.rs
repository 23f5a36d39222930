//! To come.

use std::io;

/// Where the output of a command in a guest goes as it comes.
pub trait OutputSink: Send + Sync {
    /// Takes bytes of standard output.
    fn stdout(&self, bytes: &[u8]) -> io::Result<()>;

    /// Takes bytes of standard error.
    fn stderr(&self, bytes: &[u8]) -> io::Result<()>;
}

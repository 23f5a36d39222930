use std::io;

/// Takes what a command in a guest prints, as it comes.
///
/// A call may block: the guest is then not read from, and its command waits.
pub trait OutputSink: Send + Sync {
    /// Takes a piece of its standard output.
    fn stdout(&self, bytes: &[u8]) -> io::Result<()>;

    /// Takes a piece of its standard error.
    fn stderr(&self, bytes: &[u8]) -> io::Result<()>;
}

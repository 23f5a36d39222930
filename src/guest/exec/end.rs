/// How a command in a guest ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecEnd {
    /// Its exit code; 128 and the signal's number if a signal ended it.
    pub exit_code: i32,
    /// The name of the signal that ended it, such as `TERM`.
    pub signal: Option<String>,
}

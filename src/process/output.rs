/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// With this code.
    Code(i32),
    /// By this signal (Unix).
    Signal(i32),
}

/// What a program printed and how it ended. Text is decoded lossily, `\r\n` is `\n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How it ended.
    pub exit: Exit,
    /// What it printed on standard output.
    pub stdout: String,
    /// What it printed on standard error.
    pub stderr: String,
}

impl Output {
    /// Decodes what a program printed.
    pub fn decode(exit: Exit, stdout: &[u8], stderr: &[u8]) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        Self { exit, stdout: text(stdout), stderr: text(stderr) }
    }

    /// Builds the output of a call that went well and printed this.
    pub fn ok(stdout: impl Into<String>) -> Self {
        Self { exit: Exit::Code(0), stdout: stdout.into(), stderr: String::new() }
    }
}

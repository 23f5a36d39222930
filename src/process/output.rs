/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// With this code.
    Code(i32),
    /// By this signal (Unix).
    Signal(i32),
    /// Not by itself: it had done its work, as a [`super::Sign`] told, and was ended.
    Dismissed,
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

/// What a program printed, byte by byte, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawOutput {
    /// How it ended.
    pub exit: Exit,
    /// What it printed on standard output.
    pub stdout: Vec<u8>,
    /// What it printed on standard error.
    pub stderr: Vec<u8>,
}

impl RawOutput {
    /// Returns it as text.
    pub fn decoded(&self) -> Output {
        Output::decode(self.exit, &self.stdout, &self.stderr)
    }
}

impl From<Output> for RawOutput {
    fn from(Output { exit, stdout, stderr }: Output) -> Self {
        Self { exit, stdout: stdout.into_bytes(), stderr: stderr.into_bytes() }
    }
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

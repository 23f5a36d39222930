use std::io::{self, IsTerminal};

use super::environment::Environment;
use super::global::When;
use crate::report::Paint;

/// Which of our streams are terminals, and what they can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// What is typed comes from a person.
    pub(crate) stdin: Stream,
    /// Results are read by a person.
    pub(crate) stdout: Stream,
    /// Messages are read by a person.
    pub(crate) stderr: Stream,
    /// How wide standard output is, if it is a terminal that tells.
    pub(crate) width: Option<u16>,
}

/// What a stream leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// A person.
    Terminal,
    /// A file or a program.
    Elsewhere,
}

impl Terminal {
    /// Looks at our streams.
    pub(crate) fn look() -> Self {
        let stdout = Stream::of(&io::stdout());
        let width = match stdout {
            Stream::Terminal => comfy_table::Table::new().width(),
            Stream::Elsewhere => None,
        };
        Self { stdin: Stream::of(&io::stdin()), stdout, stderr: Stream::of(&io::stderr()), width }
    }

    /// Returns whether a question can be asked and answered.
    pub(crate) fn can_ask(self) -> bool {
        self.stdin == Stream::Terminal && self.stderr == Stream::Terminal
    }
}

impl Stream {
    fn of(stream: &impl IsTerminal) -> Self {
        if stream.is_terminal() { Self::Terminal } else { Self::Elsewhere }
    }

    /// Decides on colour: the flag, then `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR=0`, `TERM=dumb`,
    /// the stream.
    pub(crate) fn paint(self, when: When, environment: &Environment) -> Paint {
        let forced = environment.text("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let unwanted = environment.text("CLICOLOR").is_some_and(|value| value == "0");
        let dumb = environment.text("TERM").is_some_and(|term| term == "dumb");
        let colour = match when {
            When::Always => true,
            When::Never => false,
            When::Auto if environment.text("NO_COLOR").is_some() => false,
            When::Auto if forced => true,
            When::Auto => self == Self::Terminal && !dumb && !unwanted,
        };
        if colour { Paint::Colour } else { Paint::None }
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;
    use crate::cli::environment::Environment;
    use crate::cli::global::When;
    use crate::report::Paint;

    #[test]
    fn colour_follows_flag_then_environment_then_stream() {
        let environment = |pairs: &[(&str, &str)]| {
            let mut environment = Environment::default();
            for (name, value) in pairs {
                environment.set(name, value);
            }
            environment
        };
        let plain = environment(&[]);
        assert_eq!(Stream::Terminal.paint(When::Auto, &plain), Paint::Colour);
        assert_eq!(Stream::Elsewhere.paint(When::Auto, &plain), Paint::None);
        assert_eq!(Stream::Elsewhere.paint(When::Always, &plain), Paint::Colour);
        let no = environment(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]);
        assert_eq!(Stream::Terminal.paint(When::Auto, &no), Paint::None);
        assert_eq!(Stream::Terminal.paint(When::Always, &no), Paint::Colour);
        let forced = environment(&[("CLICOLOR_FORCE", "1")]);
        assert_eq!(Stream::Elsewhere.paint(When::Auto, &forced), Paint::Colour);
        assert_eq!(Stream::Elsewhere.paint(When::Never, &forced), Paint::None);
        let dumb = environment(&[("TERM", "dumb")]);
        assert_eq!(Stream::Terminal.paint(When::Auto, &dumb), Paint::None);
        let unwanted = environment(&[("CLICOLOR", "0")]);
        assert_eq!(Stream::Terminal.paint(When::Auto, &unwanted), Paint::None);
        assert_eq!(Stream::Terminal.paint(When::Always, &unwanted), Paint::Colour);
    }
}

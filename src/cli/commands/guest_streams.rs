//! What is said of the streams of a command in a guest: its input, its terminal.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::cli::lent_terminal::LentTerminal;
use crate::cli::shell::App;
use crate::cli::terminal::Stream;
use crate::cli::usage;
use crate::error::Error;
use crate::request::{ExecRequest, Input, InputStream};

/// What comes into a command in a guest, and whether it runs at a terminal.
#[derive(Debug, Args)]
pub(super) struct StreamsWish {
    /// Give the command this file as its standard input, or ours with `-` [default: none]
    #[arg(long, value_name = "FILE")]
    stdin: Option<PathBuf>,

    /// Give the command a terminal: ours, if we run at one
    #[arg(short, long)]
    tty: bool,
}

impl StreamsWish {
    /// Whether our own standard input goes to the guest.
    pub(super) fn takes_stdin(&self) -> bool {
        self.stdin.as_ref().is_some_and(|file| file.as_os_str() == "-")
    }

    /// Makes sure that several guests can have what is wanted.
    pub(super) fn check_several(&self) -> Result<(), Error> {
        if self.tty {
            return Err(usage("several VMs cannot share a terminal").hint("leave out `--tty`"));
        }
        if self.takes_stdin() {
            return Err(usage("several VMs cannot share our standard input")
                .hint("write it into a file, and give it with `--stdin FILE`"));
        }
        Ok(())
    }

    /// Says what comes into the command, without a terminal.
    pub(super) fn input(&self) -> Input {
        match &self.stdin {
            None => Input::Nothing,
            Some(_) if self.takes_stdin() => Input::Stream(InputStream::new(io::stdin())),
            Some(file) => Input::File(file.clone()),
        }
    }

    /// Lends the command a terminal if it is to have one.
    pub(super) fn lend(&self, app: &App, exec: &mut ExecRequest) -> Option<LentTerminal> {
        self.tty.then(|| lend(app, exec))
    }
}

/// Lends a command our terminal, if we run at one and nothing else is said of its input.
pub(super) fn lend(app: &App, exec: &mut ExecRequest) -> LentTerminal {
    let lent = LentTerminal::offer();
    let shell = &app.shell;
    exec.terminal = Some(lent.terminal(shell.environment.text("TERM")));
    let is_ours = shell.terminal.stdin == Stream::Terminal && !shell.is_structured();
    if is_ours && exec.input == Input::Nothing {
        exec.input = Input::Stream(lent.typed(shell.console.clone()));
    }
    lent
}

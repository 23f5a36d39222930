use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::login::LoginWish;
use super::simple::{one, show};
use crate::cli::commands::words::leading_vm;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::target::Given;
use crate::cli::usage;
use crate::error::{self, Error};
use crate::keyboard::{Chord, Layout, Secrecy};
use crate::request::{Credentials, Keys, KeysRequest, Request, Secret};

/// How much is typed at most: at 13 ms a key movement that takes half an hour.
const LONGEST: u64 = 64 * 1024;

/// Type a text on a VM's keyboard
///
/// A line's end in the text is Enter. The layout is the guest's: what it cannot make is refused
/// before anything is typed. The text of --file is taken for a secret: no log holds it, nor this
/// host's list of processes. A line end at its end is left out.
///
/// With --via guest the text is put on the clipboard of the user who logs in and sits at the guest's
/// desktop, and pasted with Ctrl+V: that makes any character.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli type my-first-vm \"hello world\"
  vm-cli type --name my-first-vm \"dir C:\\\" --enter --layout de
  vm-cli type my-first-vm --file password.txt --enter
  date | vm-cli type my-first-vm --file -
  vm-cli type my-first-vm \"日本\" --via guest --username admin --identity id_ed25519")]
pub(crate) struct Type {
    /// Name the VM, then the text; several words are joined by blanks
    #[arg(value_name = "NAME TEXT")]
    words: Vec<String>,

    /// Name the VM, as NAME does
    #[arg(long = "name", alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Type what stands in this file, or comes on standard input with `-`
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Press Enter at the end
    #[arg(short, long)]
    enter: bool,

    /// Which layout the guest has: us, uk, de, fr or es [default: as configured]
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<Layout>,

    /// Press the keys, or put the text on the guest's clipboard over SSH and paste it with Ctrl+V
    #[arg(long, value_enum, value_name = "WAY", default_value = "keyboard")]
    via: Via,

    #[command(flatten)]
    login: LoginWish,
}

/// On which way a text gets into the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Via {
    /// The keys that make it are pressed.
    Keyboard,
    /// It is pasted: for what no key makes.
    Guest,
}

impl Type {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let reads_text = self.file.as_ref().is_some_and(|file| file.as_os_str() == "-");
        if reads_text && self.login.password_stdin {
            return Err(usage("the text and the password cannot both come on standard input")
                .hint("use `--password-file`")
                .into());
        }
        let app = shell.app()?;
        let password = match self.via {
            Via::Guest => self.login.read(&app)?,
            Via::Keyboard => None,
        };
        let response = one(&app, self.request(&app.given(), password)?).outcome()?;
        Ok(show(&app, &response)?)
    }

    /// Says what the arguments ask for, the password having been read.
    pub(super) fn request(
        &self,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<Request, Error> {
        let (vm, words) = leading_vm(&self.words, self.name.as_deref(), given)?;
        let secrecy = if self.file.is_some() { Secrecy::Secret } else { Secrecy::Open };
        let mut text = match (&self.file, words) {
            (Some(file), []) => without_line_end(&read(file)?).to_owned(),
            (Some(_), [..]) => {
                return Err(usage("both a text and `--file` are given").hint("give one of them"));
            }
            (None, []) if !self.enter => {
                return Err(usage("no text is given")
                    .hint("give one: `vm-cli type NAME \"hello\"`, or `--file FILE`"));
            }
            (None, words) => words.join(" "),
        };
        let layout = self.layout.unwrap_or(given.layout);
        let credentials = self.login.credentials(password);
        let keys = match self.via {
            Via::Keyboard if credentials != Credentials::default() => {
                return Err(usage("nobody logs in to press keys")
                    .hint("add `--via guest`, or leave out who logs in"));
            }
            Via::Keyboard => {
                if self.enter {
                    text.push('\n');
                }
                Keys::Text { text: Secret::new(text), secrecy, layout }
            }
            Via::Guest => {
                let chords = [Some("ctrl+v"), self.enter.then_some("enter")];
                let chords = chords.into_iter().flatten().map(|it| Chord::parse(it, layout));
                Keys::Pasted {
                    text: Secret::new(text),
                    chords: chords.collect::<Result<_, _>>()?,
                    credentials,
                    reach_within: given.timeouts.wait,
                }
            }
        };
        Ok(Request::Press(KeysRequest { vm, keys }))
    }
}

fn read(file: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let (read, what) = if file.as_os_str() == "-" {
        let read = io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text);
        (read, "read the text from standard input".to_owned())
    } else {
        let opened = fs::File::open(file);
        let read = opened.and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text));
        (read, format!("read `{}`", file.display()))
    };
    let length = read.map_err(|e| error::io(what, e))?;
    if u64::try_from(length).unwrap_or(u64::MAX) > LONGEST {
        return Err(usage(format!("the text is longer than {LONGEST} bytes"))
            .hint("copy a file into the guest instead of typing it"));
    }
    Ok(text)
}

/// Takes off the one line end that editors and `echo` put at the end.
pub(in crate::cli) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::without_line_end;

    #[test]
    fn one_line_end_is_taken_off_only() {
        assert_eq!(without_line_end("secret\r\n"), "secret");
        assert_eq!(without_line_end(" se cret \n\n"), " se cret \n");
    }
}

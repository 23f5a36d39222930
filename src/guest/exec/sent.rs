use super::{posix, windows};
use crate::error::{Error, ErrorKind};
use crate::request::{ExecRequest, GuestShell, Place, Program};

/// What is sent for a request, and how what it starts can be ended. Pure.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// The line; `None` opens the user's shell.
    pub(super) line: Option<String>,
    pub(super) ending: Ending,
}

/// How what was started is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// By hanging up, which is all that there is: whether it heeds that is its own affair.
    HangUp,
    /// By its group of processes, which it announces.
    Group,
    /// By its tree of processes on Windows, whose root it announces.
    Tree(Place),
}

impl Ending {
    /// Returns the line that ends it.
    pub(super) fn line(self, pid: u32) -> Option<String> {
        match self {
            Self::HangUp => None,
            Self::Group => Some(posix::ending(pid)),
            Self::Tree(place) => Some(windows::ending(pid, place)),
        }
    }
}

impl Sent {
    /// Decides what is sent to a server that calls itself by this banner.
    pub(super) fn new(request: &ExecRequest, banner: &str) -> Result<Self, Error> {
        let Program::Line(command) = &request.program else {
            plain(request, "a shell")?;
            return Ok(Self { line: None, ending: Ending::HangUp });
        };
        if command.contains('\0') {
            return Err(Error::new(ErrorKind::Usage, "the command contains a NUL character"));
        }
        let is_windows = banner.contains("Windows");
        let as_it_is = |what: &str| {
            plain(request, what)?;
            Ok(Self { line: Some(command.clone()), ending: Ending::HangUp })
        };
        match (request.place, request.shell) {
            (Place::Desktop, _) | (_, GuestShell::PowerShell | GuestShell::Cmd) => Ok(Self {
                line: Some(windows::line(request, command)?),
                ending: Ending::Tree(request.place),
            }),
            (Place::Session, GuestShell::Users) if is_windows => {
                as_it_is("the user's own shell on Windows")
            }
            (Place::Session, GuestShell::AsIs) => as_it_is("a command that is sent as it is"),
            (Place::Session, GuestShell::Users) => {
                Ok(Self { line: Some(posix::line(request, command)), ending: Ending::Group })
            }
        }
    }
}

/// Makes sure that nothing is wanted that only a known shell can do.
fn plain(request: &ExecRequest, what: &str) -> Result<(), Error> {
    if request.environment.is_empty() && request.folder.is_none() {
        return Ok(());
    }
    let line = format!("{what} takes neither a folder nor variables");
    Err(Error::new(ErrorKind::Usage, line)
        .hint("on Windows, say which shell: `--shell powershell`, or `--shell cmd`"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ending, Sent};
    use crate::request::{ExecRequest, GuestShell, Place, Program};

    const POSIX: &str = "SSH-2.0-dropbear_2026.94";
    const WINDOWS: &str = "SSH-2.0-OpenSSH_for_Windows_9.5";

    fn request() -> ExecRequest {
        ExecRequest::new("web".parse().unwrap(), "dir", Duration::ZERO)
    }

    fn ending(request: &ExecRequest, banner: &str) -> Ending {
        Sent::new(request, banner).unwrap().ending
    }

    #[test]
    fn the_guest_and_the_shell_decide_what_is_sent() {
        let plain = request();
        assert_eq!(ending(&plain, POSIX), Ending::Group);
        let dir = Some("dir".to_owned());
        let as_it_is = Sent { line: dir, ending: Ending::HangUp };
        assert_eq!(Sent::new(&plain, WINDOWS).unwrap(), as_it_is);
        let raw = ExecRequest { shell: GuestShell::AsIs, ..request() };
        assert_eq!(Sent::new(&raw, POSIX).unwrap(), as_it_is);
        for shell in [GuestShell::PowerShell, GuestShell::Cmd] {
            let asked = ExecRequest { shell, ..request() };
            assert_eq!(ending(&asked, WINDOWS), Ending::Tree(Place::Session));
        }
        let shown = ExecRequest { place: Place::Desktop, ..request() };
        assert_eq!(ending(&shown, WINDOWS), Ending::Tree(Place::Desktop));
        let shell = ExecRequest { program: Program::LoginShell, ..request() };
        assert_eq!(Sent::new(&shell, POSIX).unwrap().line, None);
    }

    #[test]
    fn what_only_a_known_shell_can_do_is_refused_by_the_others() {
        let folder = Some("/tmp".to_owned());
        let wanted = ExecRequest { folder, ..request() };
        Sent::new(&wanted, POSIX).unwrap();
        let error = Sent::new(&wanted, WINDOWS).unwrap_err();
        assert!(error.next_step().unwrap().contains("--shell powershell"), "{error}");
        let nul = ExecRequest { program: Program::Line("a\0".to_owned()), ..request() };
        Sent::new(&nul, POSIX).unwrap_err();
    }
}

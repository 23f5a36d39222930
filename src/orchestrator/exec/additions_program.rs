//! What the Guest Additions are told to run, and what became of it. Pure.

use crate::error::{Error, ErrorKind};
use crate::hypervisor::{GuestOutput, GuestProgram, in_ascii};
use crate::model::GuestSystem;
use crate::request::{ExecRequest, GuestShell, Input, Place, Program, Secret};

/// The variable by which a command and all that it starts are found again.
const TOKEN: &str = "VM_CLI_COMMAND";

/// What stands before an exit code that VBoxManage would not tell.
const MARK: &str = "\nvm-cli-exit-code ";

/// VBoxManage tells no higher exit code of the guest than 93, but for this one.
const UNTOLD: i32 = 126;

/// Runs a line as it is and tells its exit code, by another way if it is too high.
const WRAPPER: &str = "sh -c \"$1\"; c=$?; [ $c -le 93 ] || \
                       { printf '\\nvm-cli-exit-code %d\\n' $c >&2; exit 94; }; exit $c";

/// Returns the program that runs what a request wants.
pub(super) fn of_request(
    request: &ExecRequest,
    system: GuestSystem,
    token: &str,
) -> Result<GuestProgram, Error> {
    let Program::Line(line) = &request.program else {
        return Err(lacking(request, "open no shells"));
    };
    if request.input != Input::Nothing {
        return Err(lacking(request, "hand on no input"));
    }
    if request.terminal.is_some() {
        return Err(lacking(request, "lend no terminal"));
    }
    if request.place == Place::Desktop {
        return Err(lacking(request, "show nothing on the desktop"));
    }
    let (file, arguments) = match (system, request.shell) {
        (GuestSystem::Posix, GuestShell::Users | GuestShell::AsIs) => {
            ("/bin/sh", ["-c", WRAPPER, "sh", &in_ascii(line)].map(str::to_owned).to_vec())
        }
        (GuestSystem::Posix, GuestShell::PowerShell | GuestShell::Cmd) => {
            let message = format!("the guest of `{}` is not said to run Windows", request.vm);
            return Err(Error::new(ErrorKind::Usage, message)
                .about(&request.vm)
                .hint("leave `--shell` out"));
        }
        (GuestSystem::Windows, GuestShell::Users | GuestShell::AsIs | GuestShell::Cmd) => {
            let file = r"C:\Windows\System32\cmd.exe";
            (file, vec!["/d".to_owned(), "/s".to_owned(), "/c".to_owned(), format!("\"{line}\"")])
        }
        (GuestSystem::Windows, GuestShell::PowerShell) => {
            let file = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
            let options = ["-NoProfile", "-NonInteractive", "-Command", line];
            (file, options.map(str::to_owned).to_vec())
        }
    };
    let wanted = request.environment.iter();
    let mut environment: Vec<(String, Secret)> =
        wanted.map(|it| (it.name().to_owned(), Secret::new(it.reveal()))).collect();
    environment.push((TOKEN.to_owned(), Secret::new(token)));
    Ok(GuestProgram {
        file: file.to_owned(),
        arguments,
        environment,
        folder: request.folder.clone(),
        timeout: request.timeout,
    })
}

fn lacking(request: &ExecRequest, what: &str) -> Error {
    let message = format!("the Guest Additions {what}");
    Error::new(ErrorKind::Unsupported, message).about(&request.vm).hint("use `--via ssh`")
}

/// Returns the program that ends a command and all that it started; `None` if there is none.
pub(super) fn ending(system: GuestSystem, token: &str) -> Option<GuestProgram> {
    if system == GuestSystem::Windows {
        return None;
    }
    // What it ends tells its environment; where that is not told, nothing is ended.
    let script = format!(
        "[ -r /proc/self/environ ] || exit 1; for p in /proc/[0-9]*; do \
         if grep -q '{TOKEN}={token}' \"$p/environ\"; then kill -9 \"${{p#/proc/}}\"; fi; \
         done 2>/dev/null; exit 0"
    );
    Some(GuestProgram {
        file: "/bin/sh".to_owned(),
        arguments: vec!["-c".to_owned(), script],
        environment: Vec::new(),
        folder: None,
        timeout: Some(super::additions::ENDING),
    })
}

/// Takes an exit code that was told among the errors out of them.
pub(super) fn with_exit_code(mut output: GuestOutput) -> GuestOutput {
    if output.exit_code != UNTOLD {
        return output;
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let Some(place) = told.rfind(MARK) else { return output };
    let code = told.get(place + MARK.len()..).and_then(|text| text.trim_end().parse().ok());
    let Some(code) = code else { return output };
    // What stands before it was decoded for the search alone.
    let mark = MARK.as_bytes();
    if let Some(place) = output.stderr.windows(mark.len()).rposition(|it| it == mark) {
        output.stderr.truncate(place);
    }
    GuestOutput { exit_code: code, ..output }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{of_request, with_exit_code};
    use crate::error::ErrorKind;
    use crate::hypervisor::GuestOutput;
    use crate::model::GuestSystem;
    use crate::request::{ExecRequest, GuestShell, Input, InputStream, Place};

    fn request() -> ExecRequest {
        ExecRequest::new("web".parse().unwrap(), "dir C:\\", Duration::ZERO)
    }

    #[test]
    fn each_system_has_a_shell_that_reads_the_line() {
        let posix = of_request(&request(), GuestSystem::Posix, "t").unwrap();
        assert_eq!(
            (posix.file.as_str(), posix.arguments.last().unwrap().as_str()),
            ("/bin/sh", "dir C:\\")
        );
        let windows = of_request(&request(), GuestSystem::Windows, "t").unwrap();
        assert!(windows.file.ends_with("cmd.exe"));
        assert_eq!(windows.arguments.join(" "), "/d /s /c \"dir C:\\\"");
        assert_eq!(posix.environment.len(), 1, "the token");
    }

    #[test]
    fn what_the_additions_cannot_is_refused_before_anything_is_run() {
        let input = Input::Stream(InputStream::of("x"));
        for (request, kind) in [
            (ExecRequest { input, ..request() }, ErrorKind::Unsupported),
            (ExecRequest { place: Place::Desktop, ..request() }, ErrorKind::Unsupported),
            (ExecRequest { shell: GuestShell::Cmd, ..request() }, ErrorKind::Usage),
        ] {
            let refused = of_request(&request, GuestSystem::Posix, "t").unwrap_err();
            assert_eq!(refused.kind(), kind);
            assert!(refused.next_step().is_some());
        }
    }

    fn ended(exit_code: i32, stderr: &[u8]) -> GuestOutput {
        GuestOutput { exit_code, stdout: Vec::new(), stderr: stderr.to_vec() }
    }

    #[test]
    fn a_high_exit_code_is_told_among_the_errors() {
        let output = with_exit_code(ended(126, b"sh: \xffx: not found\n\nvm-cli-exit-code 127\n"));
        assert_eq!((output.exit_code, &*output.stderr), (127, &b"sh: \xffx: not found\n"[..]));
        assert_eq!(with_exit_code(ended(3, b"\nvm-cli-exit-code 127\n")).exit_code, 3);
        assert_eq!(with_exit_code(ended(126, b"nothing")).exit_code, 126);
    }

    proptest! {
        #[test]
        fn what_a_command_says_is_left_as_it_is(said in prop::collection::vec(any::<u8>(), 0..40), code in 94..256) {
            let mut stderr = said.clone();
            stderr.extend(format!("\nvm-cli-exit-code {code}\n").into_bytes());
            let output = with_exit_code(ended(126, &stderr));
            prop_assert_eq!((output.exit_code, output.stderr), (code, said));
        }
    }
}

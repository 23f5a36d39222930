//! Texts that no keyboard of the guest makes: put on its clipboard over SSH, and pasted.
//!
//! VirtualBox's own shared clipboard is no way: a VM without a window has none.

use std::sync::Arc;
use std::time::Duration;

use super::VmOrchestrator;
use super::errand::{Complaint, Errand};
use crate::error::{Error, ErrorKind};
use crate::model::{GuestSystem, VmRef};
use crate::request::{Credentials, Input, InputStream, Secret};

/// What the guest's command ends with if nobody is logged in at its screen.
const NO_DESKTOP: i32 = 41;
/// What it ends with if there is no program that reaches the clipboard.
const NO_PROGRAM: i32 = 42;

impl VmOrchestrator {
    /// Puts a text on a guest's clipboard.
    pub(super) async fn fill_clipboard(
        &self,
        vm: &VmRef,
        text: &Secret,
        credentials: &Credentials,
        reach_within: Duration,
    ) -> Result<(), Error> {
        if self.rehearses() {
            self.note(format!("put the text on the clipboard of `{vm}` over SSH"));
            return Ok(());
        }
        let system = GuestSystem::of(&self.inspect(vm).await?);
        let errand = Errand { vm, credentials, reach_within };
        let said = Arc::new(Complaint::default());
        // On its standard input: the guest's list of processes shows no text either.
        let input = Input::Stream(InputStream::of(text.reveal()));
        match self.run_errand(errand, fill_by(system), input, said.clone()).await? {
            0 => Ok(()),
            exit_code => Err(said.behind(not_filled(vm, exit_code))),
        }
    }
}

/// Returns the command that puts its input on the clipboard of who is logged in at the screen.
fn fill_by(system: GuestSystem) -> String {
    match system {
        GuestSystem::Posix => posix(),
        GuestSystem::Windows => windows(),
    }
}

/// The desktop's variables stand in the environment of its programs. `xclip` stays to serve the
/// text, and must not hold the connection open.
fn posix() -> String {
    format!(
        "for p in /proc/[0-9]*/environ; do \
         [ -O \"$p\" ] && e=$(tr '\\0' '\\n' < \"$p\" 2>/dev/null | \
         grep -E '^(DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_RUNTIME_DIR)=') && \
         echo \"$e\" | grep -q DISPLAY= && break; e=; done; \
         [ -n \"$e\" ] || exit {NO_DESKTOP}; \
         while IFS= read -r v; do export \"$v\"; done <<END\n$e\nEND\n\
         if [ -n \"$WAYLAND_DISPLAY\" ] && command -v wl-copy >/dev/null; then wl-copy; \
         elif command -v xclip >/dev/null; then xclip -selection clipboard >/dev/null 2>&1; \
         elif command -v xsel >/dev/null; then xsel --clipboard --input; \
         else exit {NO_PROGRAM}; fi"
    )
}

/// SSH has a window station of its own there, with a clipboard of its own: a task of who is logged
/// in reaches the other one.
fn windows() -> String {
    format!(
        "powershell -NoProfile -Command \"\
         $u = (Get-CimInstance Win32_ComputerSystem).UserName; if (-not $u) {{ exit {NO_DESKTOP} }}; \
         $n = 'vm-cli-clipboard'; $f = Join-Path $env:PUBLIC $n; \
         $r = New-Object IO.StreamReader([Console]::OpenStandardInput(), [Text.Encoding]::UTF8); \
         [IO.File]::WriteAllText($f, $r.ReadToEnd()); \
         $c = 'Set-Clipboard -Value ([IO.File]::ReadAllText(''' + $f + '''))'; \
         $a = New-ScheduledTaskAction -Execute powershell \
         -Argument ('-NoProfile -WindowStyle Hidden -Command ' + $c); \
         $p = New-ScheduledTaskPrincipal -UserId $u -LogonType Interactive; \
         Register-ScheduledTask $n -Force -Action $a -Principal $p | Out-Null; \
         Start-ScheduledTask $n; \
         do {{ Start-Sleep -Milliseconds 100 }} \
         while ((Get-ScheduledTask $n).State -in 'Queued', 'Running'); \
         Unregister-ScheduledTask $n -Confirm:$false; Remove-Item $f\""
    )
}

fn not_filled(vm: &VmRef, exit_code: i32) -> Error {
    match exit_code {
        NO_DESKTOP => {
            let message = format!("nobody who logs in by this name sits at a desktop of `{vm}`");
            Error::new(ErrorKind::GuestNotReady, message).about(vm).given_up().hint(
                "log in at its screen first, and name the same user with `--username`; a console \
                 without a desktop has no clipboard: type with its `--layout`",
            )
        }
        NO_PROGRAM => {
            let message = format!("the guest of `{vm}` has no program that reaches its clipboard");
            Error::new(ErrorKind::GuestLacksTool, message)
                .about(vm)
                .hint("install `wl-clipboard` (Wayland) or `xclip` (X11) in the guest")
        }
        other => {
            let message = format!("the guest of `{vm}` did not take the text (exit code {other})");
            Error::new(ErrorKind::ProgramFailed, message).about(vm)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NO_DESKTOP, NO_PROGRAM, fill_by, not_filled};
    use crate::error::ErrorKind;
    use crate::model::{GuestSystem, VmRef};

    #[test]
    fn windows_is_asked_for_the_desktop_of_who_sits_there() {
        let command = fill_by(GuestSystem::Windows);
        assert!(command.starts_with("powershell -NoProfile -Command \""), "{command}");
        assert!(command.contains("-LogonType Interactive") && command.contains("exit 41"));
        assert_eq!(command.matches('"').count(), 2, "the shell in between sees one word");
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the guest's shell is this host's here")]
    fn the_command_puts_the_text_where_the_desktops_program_takes_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("xclip");
        std::fs::write(&program, format!("#!/bin/sh\ncat > {}/got\n", folder.path().display()))
            .unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        // A program of the desktop, as the command finds it.
        let mut desktop = std::process::Command::new("sleep");
        let mut desktop = desktop.arg("60").env("DISPLAY", ":7").spawn().unwrap();
        let text = "naïve 'quotes' $HOME \\ \"日本\"\nEND\n";
        let path = format!("{}:{}", folder.path().display(), "/usr/bin:/bin");
        let given = folder.path().join("given");
        std::fs::write(&given, text).unwrap();
        let ran = std::process::Command::new("sh")
            .args(["-c", &fill_by(GuestSystem::Posix)])
            .stdin(std::fs::File::open(given).unwrap())
            .env("PATH", path)
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .status();
        desktop.kill().unwrap();
        desktop.wait().unwrap();
        assert!(ran.unwrap().success());
        assert_eq!(std::fs::read_to_string(folder.path().join("got")).unwrap(), text);
    }

    #[test]
    fn what_is_missing_is_named() {
        let web: VmRef = "web".parse().unwrap();
        let error = not_filled(&web, NO_PROGRAM);
        assert_eq!(error.kind(), ErrorKind::GuestLacksTool);
        assert!(error.next_step().is_some_and(|hint| hint.contains("`xclip`")));
        assert_eq!(not_filled(&web, NO_DESKTOP).kind(), ErrorKind::GuestNotReady);
    }
}

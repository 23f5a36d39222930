//! What is sent to Windows guests: a script in base64, which passes through both of the shells that
//! their SSH server may hand it to.

use super::announcement::{Announced, MARK};
use crate::error::{Error, ErrorKind};
use crate::guest::base64;
use crate::request::{ExecRequest, GuestShell, Place};

/// `cmd.exe` takes no longer line, and it stands between.
const LONGEST: usize = 8000;

/// Returns the line that runs a command line as a request wants it.
pub(super) fn line(request: &ExecRequest, command: &str) -> Result<String, Error> {
    let sent = powershell(&script(request, command));
    if sent.len() <= LONGEST {
        return Ok(sent);
    }
    let line = format!("the command is too long for Windows: {LONGEST} characters are too few");
    Err(Error::new(ErrorKind::Usage, line).hint("put it into a script in the guest, and run that"))
}

/// Returns the line that ends a command and all that it started.
pub(super) fn ending(pid: u32, place: Place) -> String {
    let kill = format!("taskkill /pid {pid} /t /f");
    powershell(&match place {
        Place::Session => format!("{kill} | Out-Null"),
        Place::Desktop => format!(
            "Stop-ScheduledTask vm-cli-{pid}; {kill} | Out-Null; \
             Unregister-ScheduledTask vm-cli-{pid} -Confirm:$false"
        ),
    })
}

fn script(request: &ExecRequest, command: &str) -> String {
    let mut steps = vec![
        // Else it tells of its progress on standard error.
        "$ProgressPreference = 'SilentlyContinue'".to_owned(),
        "[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false".to_owned(),
    ];
    if let Some(folder) = &request.folder {
        let folder = quoted(folder);
        let no_folder = announce(Announced::NoFolder.word());
        steps.push(format!(
            "if (-not (Test-Path -LiteralPath {folder} -PathType Container)) \
             {{ {no_folder}; exit 1 }}"
        ));
        steps.push(format!("Set-Location -LiteralPath {folder}"));
        // What is started looks here, and not where PowerShell is.
        steps.push("[Environment]::CurrentDirectory = (Get-Location).ProviderPath".to_owned());
    }
    for variable in &request.environment {
        steps.push(format!("$env:{} = {}", variable.name(), quoted(variable.reveal())));
    }
    let began = announce(&format!("{} $PID", Announced::Began(0).word()));
    match (request.place, request.shell) {
        (Place::Desktop, shell) => steps.extend(on_desktop(shell, command, &began)),
        (Place::Session, GuestShell::Cmd) => {
            steps.push(began);
            steps.push(format!(
                "$it = New-Object Diagnostics.ProcessStartInfo 'cmd.exe', {}",
                quoted(&cmd_arguments(command))
            ));
            steps.push("$it.UseShellExecute = $false".to_owned());
            steps.push("$it = [Diagnostics.Process]::Start($it)".to_owned());
            steps.push("$it.WaitForExit()".to_owned());
            steps.push("exit $it.ExitCode".to_owned());
        }
        (Place::Session, GuestShell::PowerShell | GuestShell::Users | GuestShell::AsIs) => {
            steps.push(began);
            steps.push(command.to_owned());
            steps.push("$fine = $?".to_owned());
            steps.push("if ($null -ne $LASTEXITCODE) { exit $LASTEXITCODE }".to_owned());
            steps.push("if (-not $fine) { exit 1 }".to_owned());
        }
    }
    steps.join("\n")
}

/// Runs a command as a task of who sits at the screen, waits for its end, and removes the task.
fn on_desktop(shell: GuestShell, command: &str, began: &str) -> Vec<String> {
    let (program, arguments) = match shell {
        GuestShell::PowerShell => ("powershell.exe", encoded(command)),
        GuestShell::Cmd | GuestShell::Users | GuestShell::AsIs => {
            ("cmd.exe", cmd_arguments(command))
        }
    };
    let no_desktop = announce(Announced::NoDesktop.word());
    [
        "$ErrorActionPreference = 'Stop'",
        "$who = (Get-CimInstance Win32_ComputerSystem).UserName",
        &format!("if (-not $who) {{ {no_desktop}; exit 1 }}"),
        "$name = \"vm-cli-$PID\"",
        &format!(
            "$action = New-ScheduledTaskAction -Execute '{program}' -Argument {} \
             -WorkingDirectory (Get-Location).ProviderPath",
            quoted(&arguments)
        ),
        "$principal = New-ScheduledTaskPrincipal -UserId $who -LogonType Interactive",
        "$null = Register-ScheduledTask $name -Action $action -Principal $principal",
        began,
        "try {",
        "Start-ScheduledTask $name",
        "do { Start-Sleep -Milliseconds 200 } \
         while ((Get-ScheduledTask $name).State -in 'Queued', 'Running')",
        "$code = (Get-ScheduledTaskInfo $name).LastTaskResult",
        "} finally { Unregister-ScheduledTask $name -Confirm:$false }",
        "exit $code",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What `cmd.exe` is started with: all between the outer quotes is the command.
fn cmd_arguments(command: &str) -> String {
    format!("/d /s /c \"{command}\"")
}

fn announce(word: &str) -> String {
    format!("[Console]::Out.WriteLine(\"{MARK}{word}\")")
}

fn powershell(script: &str) -> String {
    format!("powershell {}", encoded(script))
}

fn encoded(script: &str) -> String {
    let bytes: Vec<u8> = script.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let script = base64::padded(&bytes);
    format!("-NoProfile -NonInteractive -OutputFormat Text -EncodedCommand {script}")
}

/// Quotes a word for PowerShell, which takes typographic quotes for quotes too.
fn quoted(word: &str) -> String {
    let mut text = String::from("'");
    for letter in word.chars() {
        if matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}') {
            text.push(letter);
        }
        text.push(letter);
    }
    text.push('\'');
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ending, line, quoted};
    use crate::error::ErrorKind;
    use crate::request::{ExecRequest, GuestShell, Place, Variable};

    fn request(shell: GuestShell, place: Place) -> ExecRequest {
        let vm = "web".parse().unwrap();
        let folder = Some(r"C:\it's here".to_owned());
        let environment = vec![Variable::new("KEY", "100% \"sure\"").unwrap()];
        let plain = ExecRequest::new(vm, "", Duration::ZERO);
        ExecRequest { environment, folder, shell, place, ..plain }
    }

    /// Reads back the script in a line.
    fn script(line: &str) -> String {
        let begin = "powershell -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand ";
        let text = line.strip_prefix(begin).unwrap();
        let six = |letter| crate::guest::base64::ALPHABET.iter().position(|it| *it == letter);
        let (mut bits, mut count, mut bytes) = (0usize, 0, Vec::new());
        for six in text.bytes().map_while(six) {
            (bits, count) = (bits << 6 | six, count + 6);
            if 8 <= count {
                count -= 8;
                bytes.push(u8::try_from(bits >> count & 255).unwrap());
            }
        }
        let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn powershell_gets_a_script_that_says_its_number_first() {
        let request = request(GuestShell::PowerShell, Place::Session);
        let expected = r#"$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false
if (-not (Test-Path -LiteralPath 'C:\it''s here' -PathType Container)) { [Console]::Out.WriteLine("vm-cli:no-folder"); exit 1 }
Set-Location -LiteralPath 'C:\it''s here'
[Environment]::CurrentDirectory = (Get-Location).ProviderPath
$env:KEY = '100% "sure"'
[Console]::Out.WriteLine("vm-cli:began $PID")
Get-Process "ü"
$fine = $?
if ($null -ne $LASTEXITCODE) { exit $LASTEXITCODE }
if (-not $fine) { exit 1 }"#;
        assert_eq!(script(&line(&request, "Get-Process \"ü\"").unwrap()), expected);
    }

    #[test]
    fn cmd_gets_the_command_line_as_it_was_written() {
        let request = request(GuestShell::Cmd, Place::Session);
        let sent = script(&line(&request, r#"dir "C:\a b" & echo it's %KEY%"#).unwrap());
        let started = r#"$it = New-Object Diagnostics.ProcessStartInfo 'cmd.exe', '/d /s /c "dir "C:\a b" & echo it''s %KEY%"'"#;
        assert!(sent.contains(started), "{sent}");
        assert!(sent.ends_with("exit $it.ExitCode"), "{sent}");
    }

    #[test]
    fn a_desktop_gets_a_task_that_is_removed_whatever_comes_of_it() {
        let request = request(GuestShell::Users, Place::Desktop);
        let sent = script(&line(&request, "notepad").unwrap());
        let steps: Vec<&str> = sent.lines().skip(6).collect();
        let expected = r#"$ErrorActionPreference = 'Stop'
$who = (Get-CimInstance Win32_ComputerSystem).UserName
if (-not $who) { [Console]::Out.WriteLine("vm-cli:no-desktop"); exit 1 }
$name = "vm-cli-$PID"
$action = New-ScheduledTaskAction -Execute 'cmd.exe' -Argument '/d /s /c "notepad"' -WorkingDirectory (Get-Location).ProviderPath
$principal = New-ScheduledTaskPrincipal -UserId $who -LogonType Interactive
$null = Register-ScheduledTask $name -Action $action -Principal $principal
[Console]::Out.WriteLine("vm-cli:began $PID")
try {
Start-ScheduledTask $name
do { Start-Sleep -Milliseconds 200 } while ((Get-ScheduledTask $name).State -in 'Queued', 'Running')
$code = (Get-ScheduledTaskInfo $name).LastTaskResult
} finally { Unregister-ScheduledTask $name -Confirm:$false }
exit $code"#;
        assert_eq!(steps.join("\n"), expected);
        let ended = script(&ending(7, Place::Desktop));
        assert!(ended.contains("Stop-ScheduledTask vm-cli-7; taskkill /pid 7 /t /f"), "{ended}");
        assert_eq!(script(&ending(7, Place::Session)), "taskkill /pid 7 /t /f | Out-Null");
    }

    #[test]
    fn what_windows_would_cut_off_is_refused() {
        let request = request(GuestShell::PowerShell, Place::Session);
        let error = line(&request, &"x".repeat(4000)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
    }

    #[test]
    fn no_quote_ends_a_word_early() {
        assert_eq!(quoted("a'b\u{2019}c\"d`e$f"), "'a''b\u{2019}\u{2019}c\"d`e$f'");
    }
}

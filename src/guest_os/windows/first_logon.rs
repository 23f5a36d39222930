use super::super::installation::{Installation, refused};
use super::script_name;
use crate::error::Error;

/// Looks for the script on all drives and runs it: nobody knows the answer disc's letter.
pub(super) const COMMAND: &str = "powershell.exe -NoProfile -ExecutionPolicy Bypass -Command \
    \"foreach ($d in Get-PSDrive -PSProvider FileSystem) { \
    $f = Join-Path $d.Root 'vm-cli-setup.ps1'; if (Test-Path $f) { & $f; break } }\"";

/// Can be run again: what is done is done once.
const SCRIPT: &str = r#"# Makes this Windows ready for testers. Its log is C:\vm-cli\setup.log.
$ErrorActionPreference = 'Continue'
$folder = 'C:\vm-cli'
New-Item -ItemType Directory -Force $folder | Out-Null
Start-Transcript -Append "$folder\setup.log" | Out-Null
if (Test-Path "$folder\ready") { Stop-Transcript | Out-Null; exit 0 }

# Nothing sleeps, nothing goes dark.
powercfg /change standby-timeout-ac 0
powercfg /change monitor-timeout-ac 0
powercfg /hibernate off

# Updates do not restart it behind a test's back.
$updates = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU'
New-Item -Force $updates | Out-Null
Set-ItemProperty $updates NoAutoRebootWithLoggedOnUsers 1
Set-ItemProperty $updates AUOptions 2

# No first-run pages.
$edge = 'HKLM:\SOFTWARE\Policies\Microsoft\Edge'
New-Item -Force $edge | Out-Null
Set-ItemProperty $edge HideFirstRunExperience 1

# SSH.
if (-not (Get-Service sshd -ErrorAction SilentlyContinue)) {
    Add-WindowsCapability -Online -Name 'OpenSSH.Server~~~~0.0.1.0'
}
Set-Service sshd -StartupType Automatic
Start-Service sshd
if (-not (Get-NetFirewallRule -Name vm-cli-ssh -ErrorAction SilentlyContinue)) {
    New-NetFirewallRule -Name vm-cli-ssh -DisplayName 'SSH' -Direction Inbound `
        -Protocol TCP -LocalPort 22 -Action Allow -Profile Any | Out-Null
}

# VirtualBox's additions, from whatever disc has them.
foreach ($drive in Get-PSDrive -PSProvider FileSystem) {
    $installer = Join-Path $drive.Root 'VBoxWindowsAdditions.exe'
    if (-not (Test-Path $installer)) { continue }
    $trust = Join-Path $drive.Root 'cert\VBoxCertUtil.exe'
    if (Test-Path $trust) {
        Get-ChildItem (Join-Path $drive.Root 'cert\vbox*.cer') | ForEach-Object {
            & $trust add-trusted-publisher $_.FullName --root $_.FullName
        }
    }
    Start-Process $installer -ArgumentList '/S' -Wait
    break
}
"#;

const END: &str = r#"
New-Item -Force "$folder\ready" | Out-Null
Stop-Transcript | Out-Null
"#;

/// Returns what is run at the first logon.
pub(super) fn script(wanted: &Installation) -> Result<String, Error> {
    let Some(script) = &wanted.post_install else { return Ok(format!("{SCRIPT}{END}")) };
    let name = script_name(script);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let run = match ending {
        "ps1" => format!("& (Join-Path $PSScriptRoot '{name}')"),
        "cmd" | "bat" => format!("& cmd.exe /c (Join-Path $PSScriptRoot '{name}')"),
        _ => {
            let why = format!("Windows does not know how to run `{}`", script.name);
            return Err(refused(why, "name a file that ends with `.ps1`, `.cmd` or `.bat`"));
        }
    };
    Ok(format!("{SCRIPT}\n# The script that was given.\n{run}\n{END}"))
}

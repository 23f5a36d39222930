use std::path::Path;

use uuid::Uuid;

use super::installation::refused;
use super::shell::quoted;
use crate::error::Error;
use crate::iso::Label;

/// What a VISO shows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown<'a> {
    /// These files alone, under a label.
    Files(&'a Label),
    /// All of an ISO, these files instead of its own or besides.
    Within {
        /// The ISO.
        iso: &'a Path,
        /// Which of its own files they replace.
        replaced: &'a [&'static str],
    },
}

/// Writes a VISO: a text of options that VirtualBox reads as a disc (VirtualBox's manual, "Virtual
/// ISO", and its own unattended installer). Files are their paths on the disc and on this host.
pub(super) fn text(id: Uuid, shown: Shown<'_>, files: &[(&str, &Path)]) -> Result<String, Error> {
    let mut lines = vec![format!("--iprt-iso-maker-file-marker-bourne-sh {id}")];
    match shown {
        Shown::Files(label) => lines.push(format!("--volume-id={}", label.as_str())),
        Shown::Within { iso, replaced } => {
            lines.push("--no-file-mode --no-dir-mode".to_owned());
            lines.push(format!("--import-iso {}", quoted(host_path(iso)?)));
            lines.push("--file-mode=0444 --dir-mode=0555".to_owned());
            lines.extend(replaced.iter().map(|path| format!("/{path}=:must-remove:")));
        }
    }
    for (path, host) in files {
        lines.push(quoted(&format!("/{path}={}", host_path(host)?)));
    }
    Ok(lines.join("\n") + "\n")
}

/// Returns a path of this host as it may stand in a VISO: `=` parts names there.
fn host_path(path: &Path) -> Result<&str, Error> {
    let shown = path.display();
    let why = match path.to_str() {
        None => "is not Unicode",
        Some(text) if text.contains('=') => "has a `=`",
        Some(text) if text.contains(char::is_control) => "has a control character",
        Some(text) => return Ok(text),
    };
    let hint = "choose another folder: VirtualBox cannot read such a path from a VISO";
    Err(refused(format!("`{shown}` {why}"), hint))
}

use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;

/// The name of a guest's user: one that Windows and Linux both take. What only one of them refuses
/// is refused there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName(String);

/// What Windows keeps for itself (Microsoft, "Naming conventions", and its own accounts).
const OF_WINDOWS: [&str; 8] = [
    "administrator",
    "defaultaccount",
    "guest",
    "none",
    "system",
    "localservice",
    "networkservice",
    "wdagutilityaccount",
];

/// What Linux distributions have from the beginning.
const OF_LINUX: [&str; 30] = [
    "root",
    "daemon",
    "bin",
    "sys",
    "adm",
    "sync",
    "games",
    "man",
    "lp",
    "mail",
    "news",
    "uucp",
    "proxy",
    "www-data",
    "backup",
    "list",
    "irc",
    "nobody",
    "messagebus",
    "sshd",
    "sudo",
    "wheel",
    "users",
    "staff",
    "operator",
    "shutdown",
    "halt",
    "ftp",
    "ntp",
    "dbus",
];

impl UserName {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks that Windows takes it for an account.
    pub(super) fn check_windows(&self) -> Result<(), Invalid> {
        let refuse = |why| Err(Invalid::new("user", &self.0, why));
        let forbidden = |c: char| "\"/\\[]:|<>+=;,?*%@".contains(c);
        match &self.0 {
            name if 20 < name.encode_utf16().count() => {
                refuse("has more than 20 characters, the most that Windows allows")
            }
            name if name.contains(forbidden) => refuse(
                "has a character that Windows forbids: one of \" / \\ [ ] : | < > + = ; , ? * % @",
            ),
            name if name.ends_with('.') => refuse("ends with a point, which Windows forbids"),
            name if OF_WINDOWS.contains(&name.to_lowercase().as_str()) => {
                refuse("is one of Windows' own")
            }
            _ => Ok(()),
        }
    }

    /// Checks that Linux takes it for an account (`useradd`'s rule).
    pub(super) fn check_linux(&self) -> Result<(), Invalid> {
        let refuse = |why| Err(Invalid::new("user", &self.0, why));
        let begins = |c: char| c.is_ascii_lowercase() || c == '_';
        let goes_on = |c: char| begins(c) || c.is_ascii_digit() || c == '-';
        match self.0.as_str() {
            name if 32 < name.len() => refuse("has more than 32 characters"),
            name if !name.starts_with(begins) || !name.chars().all(goes_on) => {
                refuse("is none for Linux: it takes a-z, 0-9, `-` and `_`, a letter first")
            }
            name if OF_LINUX.contains(&name) => refuse("is one of the system's own"),
            _ => Ok(()),
        }
    }
}

impl FromStr for UserName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refuse = |why| Err(Invalid::new("user", text, why));
        match text {
            "" => refuse("is empty"),
            _ if text.contains(char::is_control) => refuse("has a control character"),
            _ if text.trim() != text => refuse("begins or ends with a blank"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

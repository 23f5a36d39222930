use serde_json::Value;
use serde_json::json;

use super::Kind;

impl Kind {
    /// Reads the text of an environment variable or a flag as the value that it most likely
    /// means. What it cannot mean stays a text and is refused by the check.
    pub(in crate::config) fn read(&self, text: &str) -> Value {
        let meant = match self {
            Self::Integer { .. } => number(text),
            Self::Switch { .. } => switch(text),
            Self::Word { .. } | Self::Text { .. } | Self::Path => None,
            Self::Ports { .. } => range(text),
            // A number first: `1` is one MiB here, not "on".
            Self::Balloon { .. } => number(text).or_else(|| switch(text)),
        };
        meant.unwrap_or_else(|| json!(text))
    }
}

fn number(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(Value::is_number)
}

fn switch(text: &str) -> Option<Value> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(json!(true)),
        "false" | "0" | "no" | "off" => Some(json!(false)),
        _ => None,
    }
}

/// Reads `5900-5950`, `5900,5950` or `[5900,5950]`.
fn range(text: &str) -> Option<Value> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let (first, last) = bare.split_once(['-', ','])?;
    Some(json!([number(first)?, number(last)?]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::config::keys::find;

    #[test]
    fn each_kind_is_read_from_its_usual_spellings() {
        let cases = [
            ("vm_defaults.memory_mb", "8192", json!(8192)),
            ("vm_defaults.memory_mb", "-1", json!(-1)),
            ("vm_defaults.memory_mb", "8G", json!("8G")),
            ("security.audit_logging", "No", json!(false)),
            ("security.audit_logging", "1", json!(true)),
            ("security.audit_logging", "perhaps", json!("perhaps")),
            ("vm_defaults.firmware", "efi", json!("efi")),
            ("ssh.user", "42", json!("42")),
            ("storage.iso_path", "null", json!("null")),
            ("networking.vnc_port_range", "5901-5910", json!([5901, 5910])),
            ("networking.vnc_port_range", "[5901, 5910]", json!([5901, 5910])),
            ("networking.vnc_port_range", "5901", json!("5901")),
            ("performance.memory_ballooning", "1", json!(1)),
            ("performance.memory_ballooning", "on", json!(true)),
        ];
        for (path, text, value) in cases {
            assert_eq!(find(path).unwrap().kind.read(text), value, "{path}={text}");
        }
    }
}

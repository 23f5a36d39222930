use std::fmt;
use std::str::FromStr;

use super::Invalid;
use super::VmId;
use super::travels_as_text;

/// The longest VM name in bytes: `NAME.vbox-prev` and `NAME.vdi` must fit a file name everywhere.
const LONGEST_NAME: usize = 200;

/// A name for a VM that is to be made: safe as a file name on every host and as an argument.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VmName(String);

/// What a person types to mean an existing VM: a name, a UUID, or a unique start of a UUID.
///
/// More is allowed than in a [`VmName`], because VMs made by other tools have other names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VmRef(String);

/// A name for a snapshot. Not unique within a VM: drivers act by UUID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SnapshotName(String);

/// A name for a template. VMs are named after it, so it is one that a VM could have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TemplateName(String);

/// Refuses what no name may be: empty, an option, or with characters that end a line.
fn check_argument(what: &'static str, text: &str) -> Result<(), Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::new(what, text, "is empty"));
    }
    if text.starts_with('-') {
        // VBoxManage would read it as an option: `snapshot VM take --help` takes one of that name.
        return Err(Invalid::new(what, text, "begins with `-`, which reads as an option"));
    }
    if let Some(bad) = text.chars().find(|c| c.is_control()) {
        let why = format!("contains the control character {}", bad.escape_default());
        return Err(Invalid::new(what, text, why));
    }
    Ok(())
}

impl FromStr for VmName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        check_argument("VM name", text)?;
        if let Some(bad) = text.chars().find(|c| r#"/\:*?"<>|"#.contains(*c)) {
            let why = format!("contains `{bad}`, which cannot stand in a file name");
            return Err(Invalid::new("VM name", text, why));
        }
        if text.len() > LONGEST_NAME {
            let why = format!("is {} bytes long, at most {LONGEST_NAME} fit", text.len());
            return Err(Invalid::new("VM name", text, why));
        }
        if text.ends_with(['.', ' ']) || text.starts_with([' ', '.']) {
            return Err(Invalid::new("VM name", text, "begins or ends with a dot or a space"));
        }
        if text.parse::<VmId>().is_ok() {
            return Err(Invalid::new("VM name", text, "looks like a UUID"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl FromStr for TemplateName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let named = text.parse::<VmName>().map(|VmName(text)| Self(text));
        named.map_err(|refusal| Invalid { what: "template name", ..refusal })
    }
}

impl FromStr for VmRef {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        check_argument("VM name", text)?;
        Ok(Self(text.to_owned()))
    }
}

impl FromStr for SnapshotName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        check_argument("snapshot name", text)?;
        if text.len() > LONGEST_NAME {
            let why = format!("is {} bytes long, at most {LONGEST_NAME} fit", text.len());
            return Err(Invalid::new("snapshot name", text, why));
        }
        Ok(Self(text.to_owned()))
    }
}

impl VmRef {
    /// Returns the identity if the whole text is a UUID.
    pub fn as_id(&self) -> Option<VmId> {
        self.0.parse().ok()
    }
}

impl From<VmId> for VmRef {
    fn from(id: VmId) -> Self {
        Self(id.to_string())
    }
}

impl From<&VmName> for VmRef {
    fn from(name: &VmName) -> Self {
        Self(name.0.clone())
    }
}

macro_rules! text_like {
    ($($name:ident)*) => {$(
        impl $name {
            /// Returns the text as typed.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
text_like!(VmName VmRef SnapshotName TemplateName);
travels_as_text!(VmName VmRef SnapshotName TemplateName);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SnapshotName, TemplateName, VmName, VmRef};

    #[test]
    fn awkward_names_are_refused_with_the_reason() {
        for (text, why) in [
            ("", "is empty"),
            ("   ", "is empty"),
            ("--help", "option"),
            ("a/b", "file name"),
            ("a\\b", "file name"),
            ("a\"b", "file name"),
            ("a\nb", "control"),
            ("name.", "dot"),
            ("12345678-1234-1234-1234-123456789abc", "UUID"),
        ] {
            let refused = text.parse::<VmName>().unwrap_err().to_string();
            assert!(refused.contains(why), "{text:?}: {refused}");
        }
        let refused = "a/b".parse::<TemplateName>().unwrap_err().to_string();
        assert!(refused.starts_with("template name `a/b` contains `/`"), "{refused}");
        assert!("x".repeat(300).parse::<VmName>().unwrap_err().to_string().contains("300 bytes"));
    }

    #[test]
    fn ordinary_and_unicode_names_are_taken() {
        for text in ["web", "my-first-vm", "Büro 7", "仮想", "it's", "a.b_c (2)"] {
            assert_eq!(text.parse::<VmName>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_reference_may_hold_what_other_tools_allowed() {
        assert!("a \"quoted\" name".parse::<VmRef>().is_ok());
        assert!("-x".parse::<VmRef>().is_err());
        assert!("clean\nstate".parse::<SnapshotName>().is_err());
    }

    proptest! {
        #[test]
        fn what_is_taken_is_safe_as_a_file_name(text in ".{0,260}") {
            if let Ok(name) = text.parse::<VmName>() {
                prop_assert!(!name.as_str().starts_with('-'));
                prop_assert!(!name.as_str().contains(['/', '\\', '\0', '\n']));
                prop_assert!(name.as_str().len() <= 200);
            }
        }
    }
}

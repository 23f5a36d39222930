use std::fmt;
use std::str::FromStr;

use crate::model::Invalid;
use crate::request::WaitCondition;

/// What a VM must have come to before another one is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// It exists.
    Created,
    /// It runs.
    Running,
    /// Its guest reported an address.
    Ip,
    /// Its guest's SSH server shows its banner.
    Ssh,
    /// Its Guest Additions' services are up.
    Additions,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 5] = [Self::Created, Self::Running, Self::Ip, Self::Ssh, Self::Additions];

    /// The words of [`Condition::ALL`].
    pub(super) const WORDS: &[&str] = &["created", "running", "ip", "ssh", "additions"];

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Ip => "ip",
            Self::Ssh => "ssh",
            Self::Additions => "additions",
        }
    }

    /// Returns what must be waited for; `None` if it is so as soon as the VM is made or started.
    pub fn awaited(self) -> Option<WaitCondition> {
        match self {
            Self::Created | Self::Running => None,
            Self::Ip => Some(WaitCondition::Ip),
            Self::Ssh => Some(WaitCondition::Ssh),
            Self::Additions => Some(WaitCondition::Additions),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Condition {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let why = format!("is not one of {}", Self::WORDS.join(", "));
            Invalid::new("condition", text, why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn every_condition_reads_back_from_its_word() {
        let words = Condition::ALL.map(Condition::as_str);
        assert_eq!(words, Condition::WORDS);
        for condition in Condition::ALL {
            assert_eq!(condition.to_string().parse(), Ok(condition));
        }
        assert!("poweroff".parse::<Condition>().is_err(), "`up` would start it again");
    }
}

use std::time::Duration;

use super::Condition;
use crate::model::{Display, NamePattern, SnapshotName, TemplateName, VmName, VmRef};
use crate::request::{CloneWish, CreateRequest};

/// The VMs of a file, each of counted ones on its own, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fleet {
    pub(super) members: Vec<Member>,
    /// The places of the members, each after all that it needs.
    pub(super) order: Vec<usize>,
    /// The file, as messages name it.
    pub(super) file: String,
}

/// One VM of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key under which it stands in the file.
    pub entry: String,
    /// Its name.
    pub name: VmName,
    /// How it is made if it is not there.
    pub making: Making,
    /// Where its screen shows when it is started; `None` if it is not.
    pub start: Option<Display>,
    /// The snapshot of its own to which it goes back before it is started from off.
    pub start_from: Option<SnapshotName>,
    /// What `up` waits for.
    pub wait: Option<Condition>,
    /// How long it is waited for; `None` is as configured.
    pub patience: Option<Duration>,
    /// What must be so before it is begun.
    pub needs: Vec<Need>,
}

/// How a VM is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Making {
    /// Anew.
    New(Box<CreateRequest>),
    /// As a copy.
    Copy(Copying),
    /// From a template.
    Template(TemplateName),
}

/// Of what a VM is a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copying {
    /// The original.
    pub source: VmRef,
    /// Its place if it is of the same file.
    pub member: Option<usize>,
    /// What the copy holds of its disks.
    pub content: CloneWish,
    /// The snapshot that the copy begins with.
    pub snapshot: Option<SnapshotName>,
}

/// Something that must be so before a VM is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Need {
    /// The place of the other VM.
    pub member: usize,
    /// What it must have come to.
    pub until: Condition,
}

impl Fleet {
    /// Returns the VMs, in the order of the file.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Returns the file, as messages name it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the places of the VMs that are meant: every one without words, else those whose
    /// key or name is a word or fits it. A word that means none is the failure.
    pub fn meant<'a>(&self, words: &'a [String]) -> Result<Vec<usize>, &'a str> {
        if words.is_empty() {
            return Ok((0..self.members.len()).collect());
        }
        let mut meant = vec![false; self.members.len()];
        for word in words {
            let pattern = NamePattern::read(word);
            let fits = |name: &str| {
                name == word.as_str() || pattern.as_ref().is_some_and(|it| it.matches(name))
            };
            let mut any = false;
            for (member, meant) in self.members.iter().zip(&mut meant) {
                if fits(&member.entry) || fits(member.name.as_str()) {
                    (*meant, any) = (true, true);
                }
            }
            if !any {
                return Err(word);
            }
        }
        Ok(places(&meant))
    }

    /// Returns some places and those of everything that they need, in the order of the file.
    pub fn with_needs(&self, places_meant: &[usize]) -> Vec<usize> {
        let mut meant = vec![false; self.members.len()];
        let mut open = places_meant.to_vec();
        while let Some(place) = open.pop() {
            if let (Some(meant), Some(member)) = (meant.get_mut(place), self.members.get(place))
                && !std::mem::replace(meant, true)
            {
                open.extend(member.needs.iter().map(|need| need.member));
            }
        }
        places(&meant)
    }

    /// Returns some of the places, each after all that it needs.
    pub(super) fn ordered<'a>(
        &'a self,
        chosen: &'a [usize],
    ) -> impl DoubleEndedIterator<Item = (usize, &'a Member)> {
        let chosen: std::collections::HashSet<usize> = chosen.iter().copied().collect();
        let of = move |place: &usize| {
            let member = self.members.get(*place)?;
            chosen.contains(place).then_some((*place, member))
        };
        self.order.iter().filter_map(of)
    }
}

fn places(meant: &[bool]) -> Vec<usize> {
    meant.iter().enumerate().filter(|(_, meant)| **meant).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use crate::fleet::file::testing::fleet;

    #[test]
    fn words_mean_keys_names_and_patterns_and_bring_what_is_needed() {
        let fleet = fleet(
            r#"{"vms": {"dc": {}, "client": {"count": 2, "depends_on": ["dc"]}, "other": {}}}"#,
        );
        let meant = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            fleet.meant(&words).map_err(str::to_owned)
        };
        assert_eq!(meant(&[]), Ok(vec![0, 1, 2, 3]));
        assert_eq!(meant(&["client"]), Ok(vec![1, 2]));
        assert_eq!(meant(&["client-2", "o*"]), Ok(vec![2, 3]));
        assert_eq!(meant(&["dc", "nosuch"]), Err("nosuch".to_owned()));
        assert_eq!(fleet.with_needs(&[2]), [0, 2]);
    }
}

//! What the entries of a file say of each other.

use std::collections::HashMap;

use super::DEFAULT_FILE;
use super::entry::{Entry, EntryMaking};
use super::order::{circles, order};
use super::problem::Problem;
use crate::config::{Settings, nearest};
use crate::fleet::{Condition, Copying, Fleet, Making, Member, Need};
use crate::model::{Nic, Protocol, Switch, VmName, VmRef};
use crate::request::{CreateRequest, PortWish};

/// Joins entries, each right in itself, to a fleet.
pub(super) fn join(entries: &[Entry], settings: &Settings) -> Result<Fleet, Vec<Problem>> {
    let links = Links::of(entries, settings);
    let mut problems = links.twins();
    for entry in entries {
        problems.extend(links.wrong_needs(entry));
        problems.extend(links.wrong_source(entry));
        let own = entry.wait.and_then(|until| links.impossible(entry, until));
        problems.extend(own.map(|why| Problem::at(&format!("{}.wait", entry.path), why)));
    }
    problems.extend(links.circles());
    if !problems.is_empty() {
        return Err(problems);
    }
    let members: Vec<Member> = entries.iter().flat_map(|entry| links.members(entry)).collect();
    let needs: Vec<Vec<usize>> =
        members.iter().map(|it| it.needs.iter().map(|need| need.member).collect()).collect();
    Ok(Fleet { order: order(&needs), members, file: DEFAULT_FILE.to_owned() })
}

struct Links<'a> {
    entries: &'a [Entry],
    settings: &'a Settings,
    by_key: HashMap<&'a str, usize>,
    /// The place of each VM and its entry's, by the VM's name.
    by_name: HashMap<&'a str, (usize, usize)>,
    /// The place of each entry's first VM.
    firsts: Vec<usize>,
}

impl<'a> Links<'a> {
    fn of(entries: &'a [Entry], settings: &'a Settings) -> Self {
        let mut links = Self {
            entries,
            settings,
            by_key: HashMap::new(),
            by_name: HashMap::new(),
            firsts: Vec::new(),
        };
        let mut place = 0;
        for (nth, entry) in entries.iter().enumerate() {
            links.by_key.insert(&entry.key, nth);
            links.firsts.push(place);
            for name in &entry.names {
                links.by_name.entry(name.as_str()).or_insert((place, nth));
                place += 1;
            }
        }
        links
    }

    fn entry(&self, key: &str) -> Option<(usize, &'a Entry)> {
        let nth = *self.by_key.get(key)?;
        Some((nth, self.entries.get(nth)?))
    }

    /// Finds names that two VMs would have.
    fn twins(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (nth, entry) in self.entries.iter().enumerate() {
            let taken = |name: &&VmName| {
                self.by_name.get(name.as_str()).is_some_and(|(_, first)| *first != nth)
            };
            if let Some(name) = entry.names.iter().find(taken)
                && let Some((_, first)) = self.by_name.get(name.as_str())
                && let Some(first) = self.entries.get(*first)
            {
                let why = format!("its VM `{name}` is there twice: `{}` has it too", first.path);
                problems.push(Problem::at(&entry.path, why));
            }
        }
        problems
    }

    fn wrong_needs(&self, entry: &Entry) -> Vec<Problem> {
        let mut problems = Vec::new();
        for need in &entry.needs {
            match self.entry(&need.on) {
                None => {
                    // Counted VMs are meant by their key, all of them.
                    let counted = self.by_name.get(need.on.as_str());
                    let of = counted.and_then(|(_, nth)| self.entries.get(*nth));
                    let likely = of.map(|it| it.key.clone()).or_else(|| {
                        nearest(&need.on, self.entries.iter().map(|it| it.key.as_str()))
                    });
                    let why = format!("there is no `{}` in this file", need.on);
                    problems.push(Problem::at(&need.path, why).near(likely));
                }
                Some((_, other)) => {
                    let why = self.impossible(other, need.until);
                    problems.extend(why.map(|why| Problem::at(&need.path, why)));
                }
            }
        }
        problems
    }

    /// Says why something can never be so of the VMs of an entry.
    fn impossible(&self, entry: &Entry, until: Condition) -> Option<String> {
        let key = &entry.key;
        if entry.start.is_none() && until != Condition::Created {
            return Some(format!("`{key}` is never {until}: its `start` is false"));
        }
        let EntryMaking::New(asked) = &entry.making else { return None };
        match until {
            Condition::Ssh if !self.has_ssh(asked) => Some(format!(
                "`{key}` never shows `ssh`: no host port leads to its port 22 (see `nic`, \
                 `ssh_port`, `forward`)"
            )),
            Condition::Ip if self.nic(asked) == &Nic::None => {
                Some(format!("`{key}` never has an `ip`: it has no network"))
            }
            Condition::Created
            | Condition::Running
            | Condition::Ip
            | Condition::Ssh
            | Condition::Additions => None,
        }
    }

    fn nic<'b>(&'b self, asked: &'b CreateRequest) -> &'b Nic {
        asked.nic.as_ref().unwrap_or(&self.settings.vm_defaults.nic)
    }

    fn has_ssh(&self, asked: &CreateRequest) -> bool {
        let leads =
            asked.forwards.iter().any(|it| it.protocol == Protocol::Tcp && it.guest_port == 22);
        let chosen = match asked.ssh {
            PortWish::None => false,
            PortWish::Free | PortWish::Port(_) => true,
            PortWish::Configured => self.settings.networking.enable_port_forwarding == Switch::On,
        };
        *self.nic(asked) == Nic::Nat && (leads || chosen)
    }

    /// Says what is wrong with the original of copies.
    fn wrong_source(&self, entry: &Entry) -> Option<Problem> {
        let EntryMaking::Copy { from, snapshot, .. } = &entry.making else { return None };
        let path = format!("{}.from", entry.path);
        if let Some((_, nth)) = self.by_name.get(from.as_str()) {
            let other = self.entries.get(*nth)?;
            let moves = other.start.is_some() && snapshot.is_none();
            return moves.then(|| {
                let why = format!(
                    "`{from}` is started by this file, so a copy of it would be another one each \
                     time: say `\"start\": false` there, or name a `from_snapshot`"
                );
                Problem::at(&path, why)
            });
        }
        let (_, counted) = self.entry(from.as_str())?;
        let first = counted.names.first().map(ToString::to_string);
        Some(Problem::at(&path, format!("`{from}` stands for several VMs")).near(first))
    }

    /// Returns the places of the entries that each entry needs.
    fn entry_needs(&self, entry: &Entry) -> Vec<usize> {
        let named = entry.needs.iter().filter_map(|need| Some(self.entry(&need.on)?.0));
        let source = self.source(entry).map(|(_, nth)| nth);
        named.chain(source).collect()
    }

    /// Returns the places of the VM and the entry of which an entry's VMs are copies.
    fn source(&self, entry: &Entry) -> Option<(usize, usize)> {
        match &entry.making {
            EntryMaking::Copy { from, .. } => self.by_name.get(from.as_str()).copied(),
            EntryMaking::New(_) | EntryMaking::Template(_) => None,
        }
    }

    fn circles(&self) -> Vec<Problem> {
        let needs: Vec<Vec<usize>> =
            self.entries.iter().map(|entry| self.entry_needs(entry)).collect();
        let problem = |circle: &Vec<usize>| {
            let entries: Vec<&Entry> =
                circle.iter().filter_map(|nth| self.entries.get(*nth)).collect();
            let first = entries.first()?;
            let names = entries.iter().chain([first]).map(|entry| format!("`{}`", entry.key));
            let way = names.collect::<Vec<_>>().join(" -> ");
            let why = format!("nothing can be first, each one needs the next: {way}");
            Some(Problem::at(&format!("{}.depends_on", first.path), why))
        };
        circles(&needs).iter().filter_map(problem).collect()
    }

    fn members(&self, entry: &'a Entry) -> impl Iterator<Item = Member> {
        let source = self.source(entry).map(|(place, _)| place);
        let mut needs: Vec<Need> = Vec::new();
        for need in &entry.needs {
            let Some((nth, other)) = self.entry(&need.on) else { continue };
            let first = self.firsts.get(nth).copied().unwrap_or_default();
            let each = first..first + other.names.len();
            needs.extend(each.map(|member| Need { member, until: need.until }));
        }
        needs.extend(source.map(|member| Need { member, until: Condition::Created }));
        entry.names.iter().map(move |name| Member {
            entry: entry.key.clone(),
            name: name.clone(),
            making: making(&entry.making, name, source),
            start: entry.start,
            start_from: entry.start_from.clone(),
            wait: entry.wait,
            patience: entry.patience,
            needs: needs.clone(),
        })
    }
}

fn making(of: &EntryMaking, name: &VmName, source: Option<usize>) -> Making {
    match of {
        EntryMaking::New(asked) => {
            Making::New(Box::new(CreateRequest { name: name.clone(), ..(**asked).clone() }))
        }
        EntryMaking::Template(template) => Making::Template(template.clone()),
        EntryMaking::Copy { from, content, snapshot } => Making::Copy(Copying {
            source: VmRef::clone(from),
            member: source,
            content: *content,
            snapshot: snapshot.clone(),
        }),
    }
}

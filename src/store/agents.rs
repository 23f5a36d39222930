use std::time::SystemTime;

use rusqlite::Connection;
use rusqlite::Row;
use rusqlite::params;

use super::Owner;
use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::model::VmId;

/// Agents, the VMs that they hold, and what they share.
#[derive(Debug, Clone, Copy)]
pub struct Agents<'a>(pub(super) &'a Store);

/// An agent that said what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Who it is, as the audit trail names it.
    pub name: String,
    /// What it is, such as `tester`.
    pub kind: String,
    /// What it can do, in its own words.
    pub capabilities: Vec<String>,
    /// When it last said so.
    pub seen_at: SystemTime,
}

/// A VM that an agent has for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VmLease {
    /// The VM.
    pub vm: VmId,
    /// Who has it.
    pub holder: String,
    /// Until when, unless he takes it again.
    pub until: SystemTime,
}

/// A value that agents share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The value: JSON.
    pub value: String,
    /// How often it was set.
    pub version: u64,
}

impl Store {
    /// Returns the agents.
    pub fn agents(&self) -> Agents<'_> {
        Agents(self)
    }
}

impl Agents<'_> {
    /// Notes what an agent says it is.
    pub fn register(&self, agent: &Agent) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "REPLACE INTO agents (name, kind, capabilities, seen_at) VALUES (?1, ?2, ?3, ?4)",
                params![
                    agent.name,
                    agent.kind,
                    agent.capabilities.join("\n"),
                    millis(agent.seen_at)
                ],
            )?;
            Ok(())
        })
    }

    /// Reads every agent, by name.
    pub fn list(&self) -> Result<Vec<Agent>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT * FROM agents ORDER BY name")?;
            let found = query.query_map([], agent)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Takes a VM, or keeps it longer. `false` if somebody else has it.
    pub fn take(&self, lease: &VmLease, now: SystemTime) -> Result<bool, Error> {
        let owner = Owner::this_process();
        self.0.write(|sql| {
            let taken = sql.execute(
                "REPLACE INTO vm_leases (vm, holder, until, owner_pid, owner_started)
                 SELECT ?1, ?2, ?3, ?5, ?6 WHERE NOT EXISTS (
                     SELECT 1 FROM vm_leases WHERE vm = ?1 AND holder <> ?2 AND ?4 < until)",
                params![
                    lease.vm.to_string(),
                    lease.holder,
                    millis(lease.until),
                    millis(now),
                    owner.map(|it| it.pid),
                    owner.map(|it| millis(it.started)),
                ],
            )?;
            Ok(taken == 1)
        })
    }

    /// Gives a VM back. `false` if this one does not have it.
    pub fn give_back(&self, vm: VmId, holder: &str) -> Result<bool, Error> {
        self.0.write(|sql| {
            let given = sql.execute(
                "DELETE FROM vm_leases WHERE vm = ?1 AND holder = ?2",
                params![vm.to_string(), holder],
            )?;
            Ok(given == 1)
        })
    }

    /// Takes back what was had for too long. Returns how it was.
    pub fn take_back(&self, now: SystemTime) -> Result<Vec<VmLease>, Error> {
        let overdue = |sql: &Connection| {
            let mut query =
                sql.prepare_cached("SELECT * FROM vm_leases WHERE until <= ?1 ORDER BY vm")?;
            query.query_map([millis(now)], lease)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        if self.0.read(|sql| Ok(overdue(sql)?))?.is_empty() {
            return Ok(Vec::new());
        }
        self.0.write(|sql| {
            let back = overdue(sql)?;
            sql.execute("DELETE FROM vm_leases WHERE until <= ?1", [millis(now)])?;
            Ok(back)
        })
    }

    /// Leaves an agent no longer than until a time with the VMs that it has.
    pub fn shorten(&self, holder: &str, until: SystemTime) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "UPDATE vm_leases SET until = ?2 WHERE holder = ?1 AND ?2 < until",
                params![holder, millis(until)],
            )?;
            Ok(())
        })
    }

    /// Leaves nobody longer than until a time with what a process lent that is gone.
    pub fn shorten_orphans(
        &self,
        until: SystemTime,
        is_alive: impl Fn(&Owner) -> bool,
    ) -> Result<(), Error> {
        let owners: Vec<Owner> = self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT DISTINCT owner_pid, owner_started FROM vm_leases
                 WHERE owner_pid IS NOT NULL AND ?1 < until",
            )?;
            let found = query.query_map([millis(until)], |row| {
                let started = columns::time(row, "owner_started")?;
                Ok(Owner { pid: row.get("owner_pid")?, started })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })?;
        for owner in owners.iter().filter(|it| !is_alive(it)) {
            self.0.write(|sql| {
                sql.execute(
                    "UPDATE vm_leases SET until = ?1
                     WHERE owner_pid = ?2 AND owner_started = ?3 AND ?1 < until",
                    params![millis(until), owner.pid, millis(owner.started)],
                )?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Reads the VMs that somebody has now.
    pub fn leases(&self, now: SystemTime) -> Result<Vec<VmLease>, Error> {
        self.0.read(|sql| {
            let mut query =
                sql.prepare_cached("SELECT * FROM vm_leases WHERE ?1 < until ORDER BY vm")?;
            let found = query.query_map([millis(now)], lease)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Reads a shared value.
    pub fn shared(&self, key: &str) -> Result<Option<Shared>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT * FROM shared WHERE key = ?1")?;
            let mut found = query.query_map([key], shared)?;
            Ok(found.next().transpose()?)
        })
    }

    /// Sets a shared value that has this version still; 0 is one that is not there. `false` if it
    /// has another.
    pub fn share(&self, key: &str, value: &str, version: u64) -> Result<bool, Error> {
        self.0.write(|sql| {
            let set = if version == 0 {
                sql.execute(
                    "INSERT OR IGNORE INTO shared (key, value, version) VALUES (?1, ?2, 1)",
                    params![key, value],
                )?
            } else {
                let version = i64::try_from(version).unwrap_or(i64::MAX);
                sql.execute(
                    "UPDATE shared SET value = ?2, version = version + 1
                     WHERE key = ?1 AND version = ?3",
                    params![key, value, version],
                )?
            };
            Ok(set == 1)
        })
    }

    /// Returns since when agents may not use guests.
    pub fn paused_since(&self) -> Result<Option<SystemTime>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT at FROM marks WHERE name = ?1")?;
            let mut found = query.query_map([PAUSED], |row| columns::time(row, "at"))?;
            Ok(found.next().transpose()?)
        })
    }

    /// Forbids agents to use guests.
    pub fn pause(&self, now: SystemTime) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "INSERT OR IGNORE INTO marks (name, at) VALUES (?1, ?2)",
                params![PAUSED, millis(now)],
            )?;
            Ok(())
        })
    }

    /// Lets agents use guests again.
    pub fn resume(&self) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute("DELETE FROM marks WHERE name = ?1", [PAUSED])?;
            Ok(())
        })
    }
}

const PAUSED: &str = "agents-paused";

fn agent(row: &Row<'_>) -> rusqlite::Result<Agent> {
    let capabilities: String = row.get("capabilities")?;
    Ok(Agent {
        name: row.get("name")?,
        kind: row.get("kind")?,
        capabilities: capabilities.lines().map(ToOwned::to_owned).collect(),
        seen_at: columns::time(row, "seen_at")?,
    })
}

fn lease(row: &Row<'_>) -> rusqlite::Result<VmLease> {
    Ok(VmLease {
        vm: columns::parsed(row, "vm")?,
        holder: row.get("holder")?,
        until: columns::time(row, "until")?,
    })
}

fn shared(row: &Row<'_>) -> rusqlite::Result<Shared> {
    Ok(Shared { value: row.get("value")?, version: columns::count(row, "version")? })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::{Shared, VmLease};
    use crate::model::VmId;
    use crate::store::Store;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_vm_is_had_by_one_until_it_is_given_back_or_the_time_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("x.db"), UNIX_EPOCH).unwrap().store;
        let agents = store.agents();
        let vm = VmId::from_random(1);
        let lease =
            |holder: &str, until| VmLease { vm, holder: holder.to_owned(), until: at(until) };
        assert!(agents.take(&lease("a", 10), at(0)).unwrap());
        assert!(!agents.take(&lease("b", 20), at(5)).unwrap());
        assert!(agents.take(&lease("a", 15), at(5)).unwrap());
        assert_eq!(agents.leases(at(14)).unwrap(), [lease("a", 15)]);
        assert!(agents.leases(at(15)).unwrap().is_empty());
        assert!(agents.take(&lease("b", 30), at(15)).unwrap());
        assert!(!agents.give_back(vm, "a").unwrap());
        assert!(agents.give_back(vm, "b").unwrap());
        assert!(agents.take(&lease("a", 40), at(16)).unwrap());
    }

    #[test]
    fn a_shared_value_is_set_by_who_knows_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("x.db"), UNIX_EPOCH).unwrap().store;
        let agents = store.agents();
        assert_eq!(agents.shared("k").unwrap(), None);
        assert!(!agents.share("k", "0", 1).unwrap());
        assert!(agents.share("k", "1", 0).unwrap());
        assert!(!agents.share("k", "2", 0).unwrap());
        assert!(agents.share("k", "3", 1).unwrap());
        assert!(!agents.share("k", "4", 1).unwrap());
        assert_eq!(agents.shared("k").unwrap(), Some(Shared { value: "3".into(), version: 2 }));
    }

    #[test]
    fn a_pause_holds_from_its_first_moment() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("x.db"), UNIX_EPOCH).unwrap().store;
        assert_eq!(store.agents().paused_since().unwrap(), None);
        store.agents().pause(at(1)).unwrap();
        store.agents().pause(at(2)).unwrap();
        assert_eq!(store.agents().paused_since().unwrap(), Some(at(1)));
        store.agents().resume().unwrap();
        assert_eq!(store.agents().paused_since().unwrap(), None);
    }
}

use rusqlite::Row;
use rusqlite::params;

use super::Owner;
use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::model::Mebibytes;
use crate::model::VmId;

/// The places of VMs that are just being started, until they can be seen to run.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a>(pub(super) &'a Store);

/// A place that is kept for a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The VM.
    pub vm: VmId,
    /// The memory that it is going to take.
    pub memory: Mebibytes,
    /// The process that starts it.
    pub owner: Owner,
}

impl Store {
    /// Returns the places that are kept.
    pub fn places(&self) -> Places<'_> {
        Places(self)
    }
}

impl Places<'_> {
    /// Reads the places whose processes live; those of dead ones are given back.
    pub fn kept(&self) -> Result<Vec<Place>, Error> {
        let all: Vec<Place> = self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT * FROM places WHERE ?1 = '' OR world IN ('', ?1) ORDER BY vm",
            )?;
            let found = query.query_map([self.0.world()], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })?;
        let (kept, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.owner.is_alive());
        for place in left {
            self.give_back(&place)?;
        }
        Ok(kept)
    }

    /// Keeps a place.
    pub fn keep(&self, place: &Place) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "REPLACE INTO places (vm, memory_mib, owner_pid, owner_started, world)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    place.vm.to_string(),
                    i64::try_from(place.memory.0).unwrap_or(i64::MAX),
                    place.owner.pid,
                    millis(place.owner.started),
                    self.0.world(),
                ],
            )?;
            Ok(())
        })
    }

    /// Gives a place back; one that another process keeps for the same VM by now stays.
    pub fn give_back(&self, place: &Place) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "DELETE FROM places WHERE vm = ?1 AND owner_pid = ?2",
                params![place.vm.to_string(), place.owner.pid],
            )?;
            Ok(())
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Place> {
    let memory: i64 = row.get("memory_mib")?;
    Ok(Place {
        vm: columns::parsed(row, "vm")?,
        memory: Mebibytes(u64::try_from(memory).unwrap_or(0)),
        owner: Owner { pid: row.get("owner_pid")?, started: columns::time(row, "owner_started")? },
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Place;
    use crate::model::{Mebibytes, VmId};
    use crate::store::{Owner, Store};

    #[test]
    fn a_place_is_kept_until_it_is_given_back_or_its_process_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("x.db"), std::time::UNIX_EPOCH).unwrap().store;
        let owner = Owner::of_process(std::process::id()).unwrap();
        let place = |vm, owner| Place { vm: VmId::from_random(vm), memory: Mebibytes(64), owner };
        let dead = Owner { started: owner.started - Duration::from_hours(1), ..owner };
        let (first, stale) = (place(1, owner), place(2, dead));
        store.places().keep(&first).unwrap();
        store.places().keep(&stale).unwrap();
        let kept = store.places().kept().unwrap();
        assert_eq!(kept.iter().map(|it| it.vm).collect::<Vec<_>>(), [first.vm]);
        store.places().give_back(&first).unwrap();
        assert!(store.places().kept().unwrap().is_empty());
    }
}

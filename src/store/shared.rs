use rusqlite::Row;
use rusqlite::params;

use super::Agents;
use super::columns;
use crate::error::Error;

/// A value that agents share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The value: JSON.
    pub value: String,
    /// How often it was set.
    pub version: u64,
}

impl Agents<'_> {
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
}

fn shared(row: &Row<'_>) -> rusqlite::Result<Shared> {
    Ok(Shared { value: row.get("value")?, version: columns::count(row, "version")? })
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::Shared;
    use crate::store::Store;

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
}

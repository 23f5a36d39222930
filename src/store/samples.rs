use std::time::SystemTime;

use rusqlite::params;

use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::request::Series;

/// What metrics were, over time.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a>(pub(super) &'a Store);

/// The value of a metric at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// When.
    pub at: SystemTime,
    /// The metric.
    pub name: String,
    /// Its value, finite: SQLite has no other numbers.
    pub value: f64,
}

impl Store {
    /// Returns what metrics were.
    pub fn samples(&self) -> Samples<'_> {
        Samples(self)
    }
}

impl Samples<'_> {
    /// Adds samples in one transaction; those without a finite value are left out.
    pub fn append(&self, samples: &[Sample]) -> Result<(), Error> {
        self.0.write(|sql| {
            let mut insert =
                sql.prepare_cached("INSERT INTO samples (name, at, value) VALUES (?1, ?2, ?3)")?;
            for sample in samples.iter().filter(|sample| sample.value.is_finite()) {
                insert.execute(params![sample.name, millis(sample.at), sample.value])?;
            }
            Ok(())
        })
    }

    /// Reads one metric from a time on, the oldest sample first.
    pub fn list(&self, name: &str, since: SystemTime) -> Result<Vec<Sample>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT * FROM samples WHERE name = ?1 AND ?2 <= at ORDER BY at, rowid",
            )?;
            let found = query.query_map(params![name, millis(since)], |row| {
                Ok(Sample {
                    at: columns::time(row, "at")?,
                    name: row.get("name")?,
                    value: row.get("value")?,
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Tells how every metric went from a time on, in the order of their names.
    pub fn series(&self, since: SystemTime) -> Result<Vec<Series>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT name, count(*) AS samples, min(at) AS first_at, max(at) AS last_at,
                        min(value) AS least, avg(value) AS mean, max(value) AS most,
                        (SELECT value FROM samples AS newest WHERE newest.name = samples.name
                         ORDER BY at DESC, rowid DESC LIMIT 1) AS last
                 FROM samples WHERE ?1 <= at GROUP BY name ORDER BY name",
            )?;
            let found = query.query_map([millis(since)], |row| {
                Ok(Series {
                    name: row.get("name")?,
                    samples: columns::count(row, "samples")?,
                    first_at: columns::time(row, "first_at")?,
                    last_at: columns::time(row, "last_at")?,
                    last: row.get("last")?,
                    min: row.get("least")?,
                    mean: row.get("mean")?,
                    max: row.get("most")?,
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Forgets the samples before this time. Returns how many there were.
    pub fn prune(&self, before: SystemTime) -> Result<usize, Error> {
        self.0.write(|sql| Ok(sql.execute("DELETE FROM samples WHERE at < ?1", [millis(before)])?))
    }
}

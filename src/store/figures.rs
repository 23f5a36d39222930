use std::time::Duration;
use std::time::SystemTime;

use super::Store;
use super::columns;
use super::columns::from_duration_millis;
use super::columns::millis;
use super::task_record;
use crate::error::Error;
use crate::model::VmTaskType;
use crate::request::TaskFigures;

/// How long the tasks of one type took, from queued to done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeFigures {
    /// The type.
    pub task_type: VmTaskType,
    /// How many ended well.
    pub done: u64,
    /// Half of them took no longer than this.
    pub p50: Duration,
    /// 95 of 100 took no longer than this.
    pub p95: Duration,
}

impl Store {
    /// Counts the tasks that were queued at this time or later.
    pub fn figures(&self, since: SystemTime) -> Result<TaskFigures, Error> {
        self.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT count(*) FILTER (WHERE state = 'done') AS done,
                        count(*) FILTER (WHERE state = 'failed') AS failed,
                        count(*) FILTER (WHERE state = 'canceled') AS canceled,
                        count(*) FILTER (WHERE ended_at IS NULL) AS open,
                        ifnull(sum(max(attempts - 1, 0)), 0) AS retries,
                        count(*) FILTER (WHERE state = 'done' AND type = 'create') AS created,
                        CAST(avg(ended_at - queued_at) AS INTEGER) AS mean
                 FROM tasks WHERE ?1 <= queued_at",
            )?;
            Ok(query.query_row([millis(since)], |row| {
                Ok(TaskFigures {
                    done: columns::count(row, "done")?,
                    failed: columns::count(row, "failed")?,
                    canceled: columns::count(row, "canceled")?,
                    open: columns::count(row, "open")?,
                    retries: columns::count(row, "retries")?,
                    vms_created: columns::count(row, "created")?,
                    mean_time: row.get::<_, Option<i64>>("mean")?.map(from_duration_millis),
                })
            })?)
        })
    }

    /// Tells how long the tasks took that were queued at this time or later, by type.
    pub fn times_by_type(&self, since: SystemTime) -> Result<Vec<TypeFigures>, Error> {
        self.read(|sql| {
            // The nearest rank: the smallest time that at least that share did not exceed.
            let mut query = sql.prepare_cached(
                "WITH ranked AS (
                     SELECT type, ended_at - queued_at AS took,
                            row_number() OVER (PARTITION BY type ORDER BY ended_at - queued_at) AS nth,
                            count(*) OVER (PARTITION BY type) AS total
                     FROM tasks WHERE state = 'done' AND ended_at IS NOT NULL AND ?1 <= queued_at
                 )
                 SELECT type, total AS done,
                        min(took) FILTER (WHERE total * 50 <= nth * 100) AS p50,
                        min(took) FILTER (WHERE total * 95 <= nth * 100) AS p95
                 FROM ranked GROUP BY type ORDER BY type",
            )?;
            let found = query.query_map([millis(since)], |row| {
                Ok(TypeFigures {
                    task_type: task_record::task_type(&row.get::<_, String>("type")?),
                    done: columns::count(row, "done")?,
                    p50: columns::duration(row, "p50")?,
                    p95: columns::duration(row, "p95")?,
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

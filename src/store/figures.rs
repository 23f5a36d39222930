use std::time::SystemTime;

use super::Store;
use super::columns;
use super::columns::from_duration_millis;
use super::columns::millis;
use super::task_record;
use crate::error::Error;
use crate::request::ErrorFigures;
use crate::request::TaskFigures;
use crate::request::TypeFigures;

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
                        count(*) FILTER (WHERE 1 < attempts) AS retried,
                        count(*) FILTER (WHERE 1 < attempts AND state = 'done') AS recovered,
                        count(*) FILTER (WHERE state = 'done' AND type = 'create') AS created,
                        count(*) FILTER (WHERE state = 'done' AND type = 'recover') AS vms_recovered,
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
                    retried: columns::count(row, "retried")?,
                    recovered: columns::count(row, "recovered")?,
                    vms_created: columns::count(row, "created")?,
                    vms_recovered: columns::count(row, "vms_recovered")?,
                    mean_time: row.get::<_, Option<i64>>("mean")?.map(from_duration_millis),
                })
            })?)
        })
    }

    /// Tells what the tasks came to that were queued at this time or later, by type.
    pub fn figures_by_type(&self, since: SystemTime) -> Result<Vec<TypeFigures>, Error> {
        self.read(|sql| {
            // The nearest rank: the smallest time that at least that share did not exceed.
            let mut query = sql.prepare_cached(
                "WITH done AS (
                     SELECT type, ended_at - queued_at AS took,
                            row_number() OVER (PARTITION BY type ORDER BY ended_at - queued_at) AS nth,
                            count(*) OVER (PARTITION BY type) AS total
                     FROM tasks WHERE state = 'done' AND ended_at IS NOT NULL AND ?1 <= queued_at
                 ), times AS (
                     SELECT type, CAST(avg(took) AS INTEGER) AS mean,
                            min(took) FILTER (WHERE total * 50 <= nth * 100) AS p50,
                            min(took) FILTER (WHERE total * 95 <= nth * 100) AS p95
                     FROM done GROUP BY type
                 )
                 SELECT tasks.type, mean, p50, p95,
                        count(*) FILTER (WHERE state = 'done') AS done,
                        count(*) FILTER (WHERE state = 'failed') AS failed
                 FROM tasks LEFT JOIN times ON times.type = tasks.type
                 WHERE ended_at IS NOT NULL AND ?1 <= queued_at
                 GROUP BY tasks.type ORDER BY tasks.type",
            )?;
            let found = query.query_map([millis(since)], |row| {
                let time = |column: &str| {
                    row.get::<_, Option<i64>>(column).map(|span| span.map(from_duration_millis))
                };
                Ok(TypeFigures {
                    task_type: task_record::task_type(&row.get::<_, String>("type")?),
                    done: columns::count(row, "done")?,
                    failed: columns::count(row, "failed")?,
                    mean: time("mean")?,
                    p50: time("p50")?,
                    p95: time("p95")?,
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Counts the failures of the tasks that were queued at this time or later, by code.
    pub fn figures_by_error(&self, since: SystemTime) -> Result<Vec<ErrorFigures>, Error> {
        self.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT first_error_code AS code, count(*) AS count FROM tasks
                 WHERE state = 'failed' AND first_error_code IS NOT NULL AND ?1 <= queued_at
                 GROUP BY code ORDER BY count DESC, code",
            )?;
            let found = query.query_map([millis(since)], |row| {
                Ok(ErrorFigures { code: row.get("code")?, count: columns::count(row, "count")? })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

//! What a session reads of tasks, changes and figures.

use std::time::Duration;

use super::session::{Session, Work};
use crate::error::Error;
use crate::request::MetricsReport;
use crate::store::{AuditRecord, TaskFilter, TaskRecord};

impl Session {
    /// Reads the tasks that are remembered.
    pub(crate) async fn tasks(
        &mut self,
        filter: TaskFilter,
        within: Option<Duration>,
    ) -> Result<Vec<TaskRecord>, Error> {
        match &self.work {
            Work::Here(orchestrator) => orchestrator.tasks(filter, within),
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.tasks(filter, within)).await?,
        }
    }

    /// Reads one task.
    pub(crate) async fn task(&mut self, id: &str) -> Result<TaskRecord, Error> {
        match &self.work {
            Work::Here(orchestrator) => orchestrator.task(id),
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.task(id)).await?,
        }
    }

    /// Ends a task of another process.
    pub(crate) async fn cancel_task(&mut self, id: &str) -> Result<TaskRecord, Error> {
        match &self.work {
            Work::Here(orchestrator) => self.signals.or(orchestrator.cancel_task(id)).await?,
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.cancel_task(id)).await?,
        }
    }

    /// Forgets tasks that ended longer ago than this, and returns how many.
    pub(crate) async fn prune_tasks(&mut self, older_than: Duration) -> Result<usize, Error> {
        match &self.work {
            Work::Here(orchestrator) => orchestrator.prune_tasks(older_than),
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.prune_tasks(older_than)).await?,
        }
    }

    /// Reads the audit trail, the newest line first.
    pub(crate) async fn audit(
        &mut self,
        vm: Option<String>,
        within: Option<Duration>,
        limit: Option<u32>,
    ) -> Result<Vec<AuditRecord>, Error> {
        match &self.work {
            Work::Here(orchestrator) => orchestrator.audit(vm, within, limit),
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.audit(vm, within, limit)).await?,
        }
    }

    /// Reads figures of this time, or of all that is kept.
    pub(crate) async fn metrics(
        &mut self,
        within: Option<Duration>,
    ) -> Result<MetricsReport, Error> {
        match &self.work {
            Work::Here(orchestrator) => {
                self.signals.or(orchestrator.metrics_report(within)).await?
            }
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.metrics(within)).await?,
        }
    }
}

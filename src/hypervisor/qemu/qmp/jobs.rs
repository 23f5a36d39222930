//! QEMU's jobs, which go on while it answers.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time;

use super::conversation::{Conversation, in_time};
use crate::error::{Error, ErrorKind};
use crate::hypervisor::qemu::refused;

/// How often is looked whether a job is over.
const GLANCE: Duration = Duration::from_millis(5);

/// The name of the job that is run: one at a time.
const NAME: &str = "vm-cli";

#[derive(Debug, Deserialize)]
struct Job {
    id: String,
    status: String,
    error: Option<String>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    /// Runs a job to its end.
    pub(in crate::hypervisor::qemu) async fn job(
        &mut self,
        command: &'static str,
        mut arguments: Value,
    ) -> Result<(), Error> {
        if let Some(arguments) = arguments.as_object_mut() {
            arguments.insert("job-id".to_owned(), NAME.into());
        }
        let limit = self.patience.job;
        let work = async {
            // A caller that died may have left one that is over, well or not.
            self.dismiss().await.ok();
            self.call(command, arguments).await?;
            while !self.dismiss().await.map_err(|e| named(command, e))? {
                time::sleep(GLANCE).await;
            }
            Ok(())
        };
        in_time(limit, command, work).await
    }

    /// Puts a job away that is over, with its failure if it failed; tells whether there is none.
    async fn dismiss(&mut self) -> Result<bool, Error> {
        let jobs = self.call("query-jobs", json!({})).await?;
        let jobs: Vec<Job> = serde_json::from_value(jobs).map_err(|e| {
            Error::new(ErrorKind::Unparseable, "QEMU's jobs cannot be understood").caused_by(e)
        })?;
        let Some(job) = jobs.into_iter().find(|job| job.id == NAME) else { return Ok(true) };
        if job.status != "concluded" {
            return Ok(false);
        }
        self.call("job-dismiss", json!({"id": NAME})).await?;
        job.error.map_or(Ok(true), |why| Err(refused::by_monitor("job", &why)))
    }
}

fn named(command: &str, error: Error) -> Error {
    let kind = error.kind();
    Error::new(kind, format!("QEMU's `{command}` failed")).caused_by(error)
}

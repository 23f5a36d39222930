use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::model::Scope;
use crate::report::Document;
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::{Effect, Method};

/// List who changed what, the newest line first, and what came of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct AuditList {
    /// Only what was done to this VM, by the name that was given.
    vm: Option<String>,
    /// Only this far back, in seconds.
    since_seconds: Option<f64>,
    /// So many at most; 100 if it is left out.
    limit: Option<u32>,
}

impl Method for AuditList {
    const NAME: &'static str = "audit_list";
    const SCOPE: Scope = Scope::Admin;
    const EFFECT: Effect = Effect::Looks;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let within = self.since_seconds.map(Desk::duration).transpose()?;
        let lines = desk.orchestrator().audit(self.vm, within, Some(self.limit.unwrap_or(100)))?;
        Ok(Document::audit(&lines).into())
    }
}

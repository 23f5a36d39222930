use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct StepItem {
    pub(crate) step: String,
    pub(crate) took_ms: u64,
    pub(crate) detail: String,
}

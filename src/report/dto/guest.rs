use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct ExecutedItem {
    pub(crate) vm: String,
    pub(crate) exit_code: i32,
    pub(crate) took_ms: u64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

use serde::Serialize;

use super::moment;
use crate::store::Token;

/// A line of `token list`.
#[derive(Debug, Serialize)]
pub(crate) struct TokenItem {
    name: String,
    scopes: Vec<&'static str>,
    /// `null` is every VM.
    vms: Option<Vec<String>>,
    created_at: String,
}

impl From<&Token> for TokenItem {
    fn from(token: &Token) -> Self {
        Self {
            name: token.name.clone(),
            scopes: token.scopes.iter().map(|it| it.as_str()).collect(),
            vms: (!token.vms.is_empty()).then(|| token.vms.clone()),
            created_at: moment(token.created_at),
        }
    }
}

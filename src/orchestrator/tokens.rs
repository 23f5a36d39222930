//! Tokens of the server's clients: made, listed, revoked, recognised.

use uuid::Uuid;

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::files::Digest;
use crate::model::Scope;
use crate::request::Secret;
use crate::store::Token;

/// What every token begins with, so that one that leaked is recognised.
const PREFIX: &str = "vmc_";

impl VmOrchestrator {
    /// Makes a token, and returns what its bearer presents; it is not kept anywhere. Without VMs it
    /// reaches every one.
    pub fn create_token(
        &self,
        name: &str,
        scopes: &[Scope],
        vms: &[String],
    ) -> Result<Secret, Error> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || 64 < name.len() || !name.chars().all(fits) {
            let message = format!("`{name}` is no name for a token");
            return Err(Error::new(ErrorKind::Usage, message)
                .hint("take up to 64 letters, digits, `-`, `_` and `.`"));
        }
        // Two random UUIDs hold 244 random bits, of the system's own source.
        let (one, other) = (Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let secret = format!("{PREFIX}{one}{other}");
        let token = Token {
            name: name.to_owned(),
            hash: Digest::of_bytes(&secret).to_string(),
            scopes: scopes.to_vec(),
            vms: vms.to_vec(),
            created_at: self.now(),
        };
        if !self.rehearses() {
            let line = self.begin_audit_of("token-create", None);
            let added = self.store().and_then(|store| store.tokens().add(&token));
            self.end_audit(line, added.as_ref().err());
            added?;
        }
        Ok(Secret::new(secret))
    }

    /// Reads every token.
    pub fn tokens(&self) -> Result<Vec<Token>, Error> {
        self.store()?.tokens().list()
    }

    /// Removes a token: its bearer is nobody from now on.
    pub fn revoke_token(&self, name: &str) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        let line = self.begin_audit_of("token-revoke", None);
        let removed = self.store().and_then(|store| store.tokens().remove(name));
        let revoked = removed.and_then(|was_there| {
            let message = format!("there is no token `{name}`");
            let missing = Error::new(ErrorKind::NotFound, message);
            let hint = "run `vm-cli token list` to see them";
            if was_there { Ok(()) } else { Err(missing.hint(hint)) }
        });
        self.end_audit(line, revoked.as_ref().err());
        revoked
    }

    /// Returns the token that somebody presents, if there is such a one. Blocks for a read of the
    /// store.
    pub fn token_of(&self, presented: &str) -> Result<Option<Token>, Error> {
        let presented = Digest::of_bytes(presented).to_string();
        let same = |it: &Token| takes_as_long_for_any(it.hash.as_bytes(), presented.as_bytes());
        // Every one is compared, so that the time tells nothing of where it stands.
        let found: Vec<Token> = self.tokens()?.into_iter().filter(same).collect();
        Ok(found.into_iter().next())
    }
}

/// Compares without telling by the time where the first difference is.
fn takes_as_long_for_any(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && std::hint::black_box(differences) == 0
}

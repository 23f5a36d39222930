use std::time::SystemTime;

use rusqlite::Row;
use rusqlite::params;

use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::Scope;

/// The tokens by which clients of the server say who they are.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'a>(pub(super) &'a Store);

/// A token. What its bearer presents is not kept, only a hash of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its name.
    pub name: String,
    /// The SHA-256 of what its bearer presents, hexadecimal.
    pub hash: String,
    /// What its bearer may do.
    pub scopes: Vec<Scope>,
    /// The VMs that its bearer may reach, by names or UUIDs; empty is every one.
    pub vms: Vec<String>,
    /// When it was made.
    pub created_at: SystemTime,
}

impl Store {
    /// Returns the tokens.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(self)
    }
}

impl Tokens<'_> {
    /// Adds a token; names are unique.
    pub fn add(&self, token: &Token) -> Result<(), Error> {
        let scopes: Vec<&str> = token.scopes.iter().map(|it| it.as_str()).collect();
        let added = self.0.write(|sql| {
            Ok(sql.execute(
                "INSERT OR IGNORE INTO tokens (name, hash, scopes, vms, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    token.name,
                    token.hash,
                    scopes.join(" "),
                    // A name of a VM holds no line feed.
                    token.vms.join("\n"),
                    millis(token.created_at),
                ],
            )?)
        })?;
        if added == 1 {
            return Ok(());
        }
        let message = format!("there is a token `{}` already", token.name);
        Err(Error::new(ErrorKind::AlreadyExists, message)
            .hint("take another name, or revoke that one first"))
    }

    /// Removes a token. Returns whether there was one.
    pub fn remove(&self, name: &str) -> Result<bool, Error> {
        self.0.write(|sql| Ok(sql.execute("DELETE FROM tokens WHERE name = ?1", [name])? == 1))
    }

    /// Reads every token, by name.
    pub fn list(&self) -> Result<Vec<Token>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT * FROM tokens ORDER BY name")?;
            let found = query.query_map([], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Token> {
    let (scopes, vms): (String, String) = (row.get("scopes")?, row.get("vms")?);
    Ok(Token {
        name: row.get("name")?,
        hash: row.get("hash")?,
        // A scope that this version does not know allows nothing here.
        scopes: scopes.split(' ').filter_map(|it| it.parse().ok()).collect(),
        vms: vms.lines().map(ToOwned::to_owned).collect(),
        created_at: columns::time(row, "created_at")?,
    })
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::Token;
    use crate::error::ErrorKind;
    use crate::model::Scope;
    use crate::store::Store;

    #[test]
    fn a_token_is_there_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("x.db"), UNIX_EPOCH).unwrap().store;
        let token = |name: &str, vms: &[&str]| Token {
            name: name.into(),
            hash: format!("hash of {name}"),
            scopes: vec![Scope::Observe, Scope::Input],
            vms: vms.iter().map(ToString::to_string).collect(),
            created_at: UNIX_EPOCH,
        };
        let (ci, kim) = (token("ci", &["web", "a b"]), token("kim", &[]));
        store.tokens().add(&kim).unwrap();
        store.tokens().add(&ci).unwrap();
        let twice = store.tokens().add(&token("ci", &[])).unwrap_err();
        assert_eq!(twice.kind(), ErrorKind::AlreadyExists);
        assert_eq!(store.tokens().list().unwrap(), [ci, kim.clone()]);
        assert!(store.tokens().remove("ci").unwrap());
        assert!(!store.tokens().remove("ci").unwrap());
        assert_eq!(store.tokens().list().unwrap(), [kim]);
    }
}

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error;
use crate::error::Error;
use crate::request::Credentials;
use crate::request::Secret;

/// Who logs in, and what is tried in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The guest's user.
    pub user: String,
    /// What is tried, the first one first.
    pub methods: Vec<AuthMethod>,
}

/// A way to prove who one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthMethod {
    /// A private key file.
    Identity(PathBuf),
    /// A password, asked for directly or by a prompt.
    Password(Secret),
    /// The keys that the user's SSH agent holds.
    Agent(Agent),
}

/// Where the user's SSH agent listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agent {
    /// At this socket.
    Socket(PathBuf),
    /// Where agents listen on this system.
    Usual,
}

impl Agent {
    /// Finds the agent that an environment names. Windows' agents need no name.
    pub fn of(environment: &[(String, String)]) -> Option<Self> {
        let named = environment.iter().find(|(name, _)| name == "SSH_AUTH_SOCK");
        match named {
            Some((_, socket)) if !socket.is_empty() => Some(Self::Socket(socket.into())),
            Some(_) | None => cfg!(windows).then_some(Self::Usual),
        }
    }
}

impl Login {
    /// Decides what is tried: what was named, the key before the password; if nothing was named,
    /// the agent's keys and then the configured key.
    pub fn new(
        credentials: &Credentials,
        user: &str,
        identity: Option<&Path>,
        agent: Option<Agent>,
    ) -> Self {
        let named = credentials.identity.clone().map(AuthMethod::Identity);
        let password = credentials.password.clone().map(AuthMethod::Password);
        let mut methods: Vec<_> = named.into_iter().chain(password).collect();
        if methods.is_empty() {
            methods.extend(agent.map(AuthMethod::Agent));
            methods.extend(identity.map(|path| AuthMethod::Identity(path.to_owned())));
        }
        Self { user: credentials.user.clone().unwrap_or_else(|| user.to_owned()), methods }
    }

    /// Makes sure that every key file can be read: a guest takes seconds to find out.
    pub(super) fn check_keys(&self) -> Result<(), Error> {
        for method in &self.methods {
            let AuthMethod::Identity(key) = method else { continue };
            File::open(key)
                .map_err(|error| error::io(format!("read the key `{}`", key.display()), error))?;
        }
        Ok(())
    }
}

impl fmt::Display for AuthMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity(path) => write!(f, "the key `{}`", path.display()),
            Self::Password(_) => f.write_str("the password"),
            Self::Agent(_) => f.write_str("the SSH agent"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Agent, AuthMethod, Login};
    use crate::error::ErrorKind;
    use crate::request::{Credentials, Secret};

    fn agent() -> Agent {
        Agent::Socket("agent".into())
    }

    #[test]
    fn what_was_named_is_all_that_is_tried() {
        let credentials = Credentials {
            user: Some("root".to_owned()),
            password: Some(Secret::new("hunter2")),
            identity: Some("id".into()),
        };
        let login = Login::new(&credentials, "admin", Some(Path::new("configured")), Some(agent()));
        let password = AuthMethod::Password(Secret::new("hunter2"));
        assert_eq!(login.methods, [AuthMethod::Identity("id".into()), password]);
        assert_eq!(login.user, "root");
        assert!(!format!("{login:?}").contains("hunter2"));
    }

    #[test]
    fn a_key_that_is_not_there_is_found_out_before_anything_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("id");
        let login = Login::new(&Credentials::default(), "admin", Some(&key), None);
        let error = login.check_keys().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileNotFound);
        assert!(error.to_string().contains(&key.display().to_string()));
        std::fs::write(&key, "").unwrap();
        login.check_keys().unwrap();
    }

    #[test]
    fn without_a_name_the_agent_and_the_configured_key_are_tried() {
        let none = Credentials::default();
        let login = Login::new(&none, "admin", Some(Path::new("configured")), Some(agent()));
        let by_agent = AuthMethod::Agent(agent());
        assert_eq!(login.methods, [by_agent.clone(), AuthMethod::Identity("configured".into())]);
        assert_eq!(login.user, "admin");
        assert_eq!(Login::new(&none, "admin", None, Some(agent())).methods, [by_agent]);
        assert_eq!(Login::new(&none, "admin", None, None).methods, []);
    }

    #[test]
    fn an_agent_is_where_the_environment_says() {
        let environment = |socket: &str| vec![("SSH_AUTH_SOCK".to_owned(), socket.to_owned())];
        assert_eq!(Agent::of(&environment("/run/x")), Some(Agent::Socket("/run/x".into())));
        let usual = cfg!(windows).then_some(Agent::Usual);
        assert_eq!([Agent::of(&[]), Agent::of(&environment(""))], [usual.clone(), usual]);
    }
}

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio_rustls::TlsAcceptor;

use super::doors::{Authentication, Doors};
use super::rate::Rate;
use super::tickets::Tickets;
use super::tls;
use crate::config::Settings;
use crate::error::Error;
use crate::model::Switch;
use crate::server::{Client, Office};

/// What the server is told at its start.
#[derive(Debug, Clone)]
pub struct SiteOptions {
    /// The configuration that holds, as `GET /v1/config` tells it.
    pub config: Value,
}

/// What every request over HTTP needs. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Site(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    office: Office,
    rules: RwLock<Arc<Rules>>,
    tickets: Tickets,
}

/// What can be configured anew while the server runs.
pub(super) struct Rules {
    pub(super) config: Value,
    pub(super) authentication: Authentication,
    pub(super) doors: Doors,
    pub(super) rate: Rate,
    pub(super) tls: Option<TlsAcceptor>,
}

/// Gives a server that runs another configuration.
#[derive(Debug, Clone)]
pub struct Reloader(Site);

impl Reloader {
    /// The keys that take effect; the others do with the next start.
    pub const KEYS: [&str; 4] = [
        "security.require_authentication",
        "server.max_requests_per_second",
        "server.tls_certificate",
        "server.tls_key",
    ];

    /// Lets the settings take effect that can, from the next request on; the certificate's files are
    /// read again in any case. If they are not usable, everything stays as it is.
    pub fn reload(&self, settings: &Settings, options: SiteOptions) -> Result<(), Error> {
        let mut settings = settings.clone();
        let own = &self.0.office().orchestrator().settings().server;
        // It goes on listening where it does.
        settings.server.host.clone_from(&own.host);
        let rules = Arc::new(Rules::new(&settings, options)?);
        *self.0.0.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }
}

impl Rules {
    fn new(settings: &Settings, options: SiteOptions) -> Result<Self, Error> {
        Ok(Self {
            config: options.config,
            authentication: authentication(settings),
            doors: Doors::new(&settings.server.host),
            rate: Rate::new(settings.server.max_requests_per_second),
            tls: tls::acceptor(&settings.server)?,
        })
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules")
            .field("authentication", &self.authentication)
            .field("doors", &self.doors)
            .finish_non_exhaustive()
    }
}

impl Site {
    pub(super) fn new(office: &Office, options: SiteOptions) -> Result<Self, Error> {
        let rules = Rules::new(office.orchestrator().settings(), options)?;
        let rules = RwLock::new(Arc::new(rules));
        Ok(Self(Arc::new(Shared { office: office.clone(), rules, tickets: Tickets::default() })))
    }

    pub(super) fn office(&self) -> &Office {
        &self.0.office
    }

    /// Returns what holds now.
    pub(super) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.0.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn tickets(&self) -> &Tickets {
        &self.0.tickets
    }

    /// Returns who is called so, if he may come in now.
    pub(super) fn known(&self, name: &str) -> Option<Client> {
        const ORIGIN: &str = "the journal";
        match (Client::token_name(name), self.rules().authentication) {
            (Some(token), _) => {
                let tokens = self.office().orchestrator().tokens().unwrap_or_default();
                let found = tokens.into_iter().find(|it| it.name == token);
                found.map(|it| Client::bearing(it, ORIGIN))
            }
            (None, Authentication::Trusting) => Some(Client::trusted(name, ORIGIN)),
            (None, Authentication::Required) => None,
        }
    }

    pub(super) fn reloader(&self) -> Reloader {
        Reloader(self.clone())
    }
}

/// Decides whether tokens are needed: always where other hosts can come in.
fn authentication(settings: &Settings) -> Authentication {
    match settings.security.require_authentication {
        Switch::Off if settings.server.is_loopback() => Authentication::Trusting,
        Switch::Off | Switch::On => Authentication::Required,
    }
}

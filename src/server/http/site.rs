use std::sync::Arc;

use serde_json::Value;

use super::doors::{Authentication, Doors};
use super::rate::Rate;
use crate::config::Settings;
use crate::model::Switch;
use crate::server::Office;

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
    options: SiteOptions,
    authentication: Authentication,
    doors: Doors,
    rate: Rate,
}

impl Site {
    pub(super) fn new(office: &Office, options: SiteOptions) -> Self {
        let settings = office.orchestrator().settings();
        Self(Arc::new(Shared {
            office: office.clone(),
            options,
            authentication: authentication(settings),
            doors: Doors::new(&settings.server.host),
            rate: Rate::new(settings.server.max_requests_per_second),
        }))
    }

    pub(super) fn office(&self) -> &Office {
        &self.0.office
    }

    pub(super) fn config(&self) -> &Value {
        &self.0.options.config
    }

    pub(super) fn authentication(&self) -> Authentication {
        self.0.authentication
    }

    pub(super) fn doors(&self) -> &Doors {
        &self.0.doors
    }

    pub(super) fn rate(&self) -> &Rate {
        &self.0.rate
    }
}

/// Decides whether tokens are needed: always where other hosts can come in.
fn authentication(settings: &Settings) -> Authentication {
    match settings.security.require_authentication {
        Switch::Off if settings.server.is_loopback() => Authentication::Trusting,
        Switch::Off | Switch::On => Authentication::Required,
    }
}

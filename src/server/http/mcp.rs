//! The Model Context Protocol over HTTP, behind the same guard as every other route.

use std::sync::Arc;

use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::site::Site;
use crate::server::mcp::Agent;

/// Builds what answers agents; each request says who asks.
pub(super) fn service(site: &Site) -> StreamableHttpService<Agent, LocalSessionManager> {
    let office = site.office().clone();
    // The guard knows by which names and pages the server may be called.
    let config = StreamableHttpServerConfig::default().with_allowed_hosts(Vec::<String>::new());
    let (closed, token) = (office.clone(), config.cancellation_token.clone());
    tokio::spawn(async move {
        closed.closed().await;
        token.cancel();
    });
    let agent = move || Ok(Agent { office: office.clone(), client: None });
    StreamableHttpService::new(agent, Arc::new(LocalSessionManager::default()), config)
}

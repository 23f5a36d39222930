//! The Model Context Protocol over HTTP, behind the same guard as every other route.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::reply::Failure;
use super::site::Site;
use crate::error::{Error, ErrorKind};
use crate::server::mcp::Agent;

/// So many agents may be in the middle of a conversation; who says nothing for five minutes is not.
const MOST: usize = 256;

/// Builds what answers agents; each request says who asks.
pub(super) fn router(site: &Site) -> Router<Site> {
    let office = site.office().clone();
    // The guard knows by which names and pages the server may be called.
    let config = StreamableHttpServerConfig::default().with_allowed_hosts(Vec::<String>::new());
    let (closed, token) = (office.clone(), config.cancellation_token.clone());
    tokio::spawn(async move {
        closed.closed().await;
        token.cancel();
    });
    let agent = move || Ok(Agent { office: office.clone(), client: None });
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(agent, Arc::clone(&sessions), config);
    Router::new().route_service("/mcp", service).route_layer(from_fn_with_state(sessions, bounded))
}

/// Refuses one conversation too many.
async fn bounded(
    State(sessions): State<Arc<LocalSessionManager>>,
    request: Request,
    next: Next,
) -> Response {
    let begins =
        request.method() == Method::POST && !request.headers().contains_key("mcp-session-id");
    if begins && MOST <= sessions.sessions.read().await.len() {
        let message = format!("{MOST} agents are in the middle of a conversation");
        let error = Error::new(ErrorKind::LimitExceeded, message);
        return Failure::from(error.hint("end one, or try again in some minutes")).into_response();
    }
    next.run(request).await
}

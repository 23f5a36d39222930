//! What stands before every route: where a request comes from, how often, and whose it is.

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::call::form;
use super::dashboard::Page;
use super::doors::Authentication;
use super::reply::Failure;
use super::router::ICON;
use super::routes::WEB_SOCKET;
use super::site::Site;
use crate::error::{Error, ErrorKind};
use crate::server::{Client, Reach};

/// What browsers are told of every answer: it is data, for this page only.
const MANNERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Who has no token and needs none.
const LOCAL: &str = "local";

/// Lets a request in that may come in, with who asks.
pub(super) async fn guard(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_page = path == ICON || Page::ALL.iter().any(|it| it.path() == path);
    let who = match checked(&site, request.headers(), peer) {
        // It holds no data, and browsers show no token for a page.
        Ok(_) if is_page => Ok(nobody(peer)),
        Ok(None) if let Some(ticket) = ticket(request.uri()) => {
            let known = site.tickets().take(&ticket, Instant::now());
            known.ok_or_else(|| unauthenticated("this ticket is used, too old, or none of ours"))
        }
        Ok(secret) => client(&site, secret, peer).await.map(|it| called(it, request.headers())),
        Err(refusal) => Err(refusal),
    };
    let mut response = match who {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(error) => Failure::from(error).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in MANNERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses what comes from where it must not, or too fast. Returns the token that is presented.
fn checked(site: &Site, headers: &HeaderMap, peer: SocketAddr) -> Result<Option<String>, Error> {
    let rules = site.rules();
    rules.doors.check(headers)?;
    if !rules.rate.allows(peer.ip(), Instant::now()) {
        let message = "too many requests in a short time";
        return Err(Error::new(ErrorKind::LimitExceeded, message)
            .hint("wait a second; `server.max_requests_per_second` is the limit"));
    }
    Ok(presented(headers).map(ToOwned::to_owned))
}

/// Finds out who asks.
async fn client(site: &Site, secret: Option<String>, peer: SocketAddr) -> Result<Client, Error> {
    let Some(secret) = secret else {
        return match site.rules().authentication {
            Authentication::Trusting => Ok(Client::trusted(LOCAL, peer.to_string())),
            Authentication::Required => Err(unauthenticated("this server wants a token")),
        };
    };
    let orchestrator = site.office().orchestrator().clone();
    let found = tokio::task::spawn_blocking(move || orchestrator.token_of(&secret)).await;
    let found = found
        .map_err(|e| Error::new(ErrorKind::Internal, "the tokens cannot be read").caused_by(e))??;
    let token = found.ok_or_else(|| unauthenticated("no token says this"))?;
    Ok(Client::bearing(token, peer.to_string()))
}

/// Describes who may do nothing.
fn nobody(peer: SocketAddr) -> Client {
    let (name, origin) = ("nobody".to_owned(), peer.to_string());
    Client { name, origin, scopes: Vec::new(), reach: Reach::Only(Vec::new()) }
}

/// Lets who is trusted without a token say by `X-Agent` which of several agents he is.
fn called(client: Client, headers: &HeaderMap) -> Client {
    let name = headers.get("x-agent").and_then(|it| it.to_str().ok());
    let fits = |it: &&str| !it.is_empty() && it.len() <= 64;
    match name.filter(fits).filter(|_| client.name == LOCAL) {
        Some(name) => Client { name: format!("{LOCAL}:{name}"), ..client },
        None => client,
    }
}

/// Returns the token that a request presents. A browser's WebSocket can only name protocols, so it
/// may stand among them.
fn presented(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(header::AUTHORIZATION).map(|it| it.to_str().unwrap_or_default());
    if let Some(bearer) = bearer {
        let (scheme, secret) = bearer.split_once(' ').unwrap_or((bearer, ""));
        // Another scheme is no token, and nobody to trust.
        return Some(if scheme.eq_ignore_ascii_case("bearer") { secret.trim() } else { "" });
    }
    let protocols = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    protocols.split(',').find_map(|it| it.trim().strip_prefix("vm-cli.token."))
}

/// Returns the ticket in the address of a WebSocket.
fn ticket(uri: &Uri) -> Option<String> {
    let query = uri.query().filter(|_| uri.path() == WEB_SOCKET)?;
    form(query).into_iter().find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket)
}

fn unauthenticated(message: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, message)
        .hint("make one with `vm-cli token create`, send it as `Authorization: Bearer TOKEN`")
}

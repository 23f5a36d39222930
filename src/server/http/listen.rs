//! Connections: taken, bounded in number and patience, and brought to their end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::hub;
use super::router::router;
use super::site::{Reloader, Site, SiteOptions};
use crate::error::{self, Error, ErrorKind};
use crate::orchestrator::VmOrchestrator;
use crate::server::Office;
use crate::server::events::tell_of;

/// A client that takes longer to say what it wants, or is silent so long, is let go.
const HEADER_PATIENCE: Duration = Duration::from_secs(30);

/// Who does not come to terms about TLS in this time is let go.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);

/// So many bytes of a head are read before it is refused; what came with them is looked at too.
const MOST_HEAD: usize = 64 * 1024;

/// How long open connections may take to come to their end.
const GOODBYE: Duration = Duration::from_secs(5);

/// A server that has its port, and answers nobody yet.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    office: Office,
    site: Site,
}

/// Takes the configured port.
pub async fn bind(orchestrator: &VmOrchestrator, options: SiteOptions) -> Result<Bound, Error> {
    let server = &orchestrator.settings().server;
    let (host, port) = (server.host.as_str(), server.port);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let listener = TcpListener::bind((bare, port)).await.map_err(|e| {
        let hint = "choose others: `--listen`, `--port`, or `server.host`, `server.port`";
        error::io(format!("listen on {host}, port {port}"), e).hint(hint)
    })?;
    let address = listener.local_addr().map_err(|e| error::io("read the server's address", e))?;
    if server.is_loopback() && !address.ip().is_loopback() {
        let message = format!("`{host}` leads to {address}, where other hosts can come in");
        return Err(Error::new(ErrorKind::Config, message).hint("name the address itself"));
    }
    let office = Office::open(orchestrator);
    let site = Site::new(&office, options)?;
    Ok(Bound { listener, address, office, site })
}

impl Bound {
    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL under which it answers.
    pub fn url(&self) -> String {
        let scheme = if self.site.rules().tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Returns what gives it another configuration while it runs.
    pub fn reloader(&self) -> Reloader {
        self.site.reloader()
    }

    /// Answers until it is to stop. Then nobody new is let in, changes that are under way come to
    /// their end, and the rest is canceled.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let router = router(&self.site);
        let office = self.office.clone();
        if let Err(e) = office.resume(|name| self.site.known(name)) {
            tracing::warn!("what an earlier server left is not taken over: {e}");
        }
        let telling = tokio::spawn(async move {
            tokio::join!(tell_of(&office), hub::attend(&office));
        });
        let most = self.office.orchestrator().settings().server.max_connections;
        let places = Arc::new(Semaphore::new(most));
        let closing = watch::Sender::new(Closing::No);
        let mut stop = pin!(stop);
        loop {
            let next = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, self.listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                biased;
                () = &mut stop => break,
                next = next => next,
            };
            let (Ok(place), Ok((stream, peer))) = (place, accepted) else {
                // Too many open files, or the client is gone again: others may fare better.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let visitor = Visitor { peer, place: Place(Arc::new(place)) };
            let (router, closing) = (router.clone(), closing.subscribe());
            // Read for each connection: it may be configured anew.
            match self.site.rules().tls.clone() {
                None => drop(tokio::spawn(connection(stream, visitor, router, closing))),
                Some(tls) => drop(tokio::spawn(async move {
                    let greeted = tokio::time::timeout(HANDSHAKE_PATIENCE, tls.accept(stream));
                    if let Ok(Ok(stream)) = greeted.await {
                        connection(stream, visitor, router, closing).await;
                    }
                })),
            }
        }
        drop(self.listener);
        self.office.close().await;
        telling.abort();
        closing.send_replace(Closing::Yes);
        let all = u32::try_from(most).unwrap_or(u32::MAX);
        tokio::time::timeout(GOODBYE, places.acquire_many(all)).await.map(drop).ok();
    }
}

/// Whether connections are to come to their end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    No,
    Yes,
}

/// One of the connections that there may be; it is free again when the last clone is dropped.
#[derive(Debug, Clone)]
pub(super) struct Place(#[expect(dead_code, reason = "it is held")] Arc<OwnedSemaphorePermit>);

/// Who is connected.
#[derive(Debug, Clone)]
struct Visitor {
    peer: SocketAddr,
    place: Place,
}

/// Answers on one connection, until it ends or is to end.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    visitor: Visitor,
    router: Router,
    mut closing: watch::Receiver<Closing>,
) {
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let (mut router, mut request) = (router.clone(), request.map(Body::new));
        request.extensions_mut().insert(ConnectInfo(visitor.peer));
        request.extensions_mut().insert(visitor.place.clone());
        async move { tower_service::Service::call(&mut router, request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        .max_buf_size(MOST_HEAD)
        .serve_connection(TokioIo::new(stream), answer)
        .with_upgrades();
    let mut connection = pin!(connection);
    // A broken connection is the client's matter.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = closing.wait_for(|it| *it == Closing::Yes) => connection.as_mut().graceful_shutdown(),
    }
    connection.await.ok();
}

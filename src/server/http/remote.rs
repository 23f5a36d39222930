//! Asking a server that runs elsewhere.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::error::{self, Error, ErrorKind};
use crate::request::Secret;

/// A server that does not answer for so long is not waited for.
const PATIENCE: Duration = Duration::from_mins(2);

/// No answer is larger, in bytes.
const MOST: usize = 64 * 1024 * 1024;

/// A running server.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Its address, or a name of it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What it is shown.
    pub token: Option<Secret>,
}

impl Remote {
    /// Asks for what is at a path.
    pub async fn get(&self, path: &str) -> Result<Value, Error> {
        let asked = tokio::time::timeout(PATIENCE, self.ask(path)).await;
        asked.unwrap_or_else(|_late| {
            let message = format!("the server at {}:{} does not answer", self.host, self.port);
            Err(Error::new(ErrorKind::TimedOut, message))
        })
    }

    async fn ask(&self, path: &str) -> Result<Value, Error> {
        let Self { host, port, token } = self;
        let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(|e| {
            error::io(format!("reach a server at {host}:{port}"), e)
                .hint("start one with `vm-cli serve`, or name it by `--host` and `--port`")
        })?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        tokio::spawn(async move { connection.await.ok() });
        let mut request = Request::get(path).header(header::HOST, format!("{host}:{port}"));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
        }
        let request = request.body(Body::empty()).map_err(|e| {
            Error::new(ErrorKind::Usage, "this cannot be asked for over HTTP").caused_by(e)
        })?;
        let answer = sender.send_request(request).await.map_err(broken)?;
        let (status, body) = (answer.status(), Body::new(answer.into_body()));
        let body = to_bytes(body, MOST).await.map_err(broken)?;
        let told: Value = serde_json::from_slice(&body).map_err(broken)?;
        if status.is_success() { Ok(told) } else { Err(failure(status, &told)) }
    }
}

/// Builds the failure that a server tells.
fn failure(status: StatusCode, told: &Value) -> Error {
    let kind = match status {
        StatusCode::UNAUTHORIZED => ErrorKind::Unauthenticated,
        StatusCode::FORBIDDEN => ErrorKind::PermissionDenied,
        StatusCode::BAD_REQUEST => ErrorKind::Usage,
        StatusCode::NOT_FOUND => ErrorKind::NotFound,
        StatusCode::TOO_MANY_REQUESTS => ErrorKind::LimitExceeded,
        StatusCode::SERVICE_UNAVAILABLE => ErrorKind::ServiceUnavailable,
        _ => ErrorKind::ProgramFailed,
    };
    let text = |key: &str| told.get("error")?.get(key)?.as_str().map(ToOwned::to_owned);
    let error = Error::new(kind, text("message").unwrap_or_else(|| format!("it says: {status}")));
    match text("hint") {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn broken(e: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Io, "what answers there is no vm-cli, or it went").caused_by(e)
}

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::Client;
use crate::error::{self, Error, ErrorKind};

/// A server that does not take a connection for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// No answer that is read as a whole is larger, in bytes.
const MOST: usize = 64 * 1024 * 1024;

/// What is sent.
#[derive(Debug)]
pub(super) struct Sent<'a> {
    pub(super) verb: Method,
    pub(super) path: &'a str,
    /// What its body is, if it has one.
    pub(super) kind: Option<&'static str>,
    pub(super) body: Vec<u8>,
}

/// An answer whose body comes in pieces.
#[derive(Debug)]
pub(super) struct Coming {
    status: StatusCode,
    body: Incoming,
}

/// Asks a server. Dropping what comes ends the connection.
pub(super) async fn ask(client: &Client, sent: Sent<'_>) -> Result<Coming, Error> {
    let Client { address, token, name } = client;
    let connecting = TcpStream::connect((address.host(), address.port()));
    let late = |_| {
        let message = format!("the server at {address} does not answer");
        Error::new(ErrorKind::TimedOut, message)
    };
    let stream = tokio::time::timeout(PATIENCE, connecting).await.map_err(late)?.map_err(|e| {
        error::io(format!("reach a server at {address}"), e)
            .hint("start one with `vm-cli serve`, or name it by `--host`")
    })?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(async move { connection.await.ok() });
    let mut request = Request::builder()
        .method(sent.verb)
        .uri(sent.path)
        .header(header::HOST, address.to_string());
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
    }
    if let Some(name) = name {
        request = request.header("x-agent", name);
    }
    if let Some(kind) = sent.kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(Body::from(sent.body)).map_err(|e| {
        Error::new(ErrorKind::Usage, "this cannot be asked for over HTTP").caused_by(e)
    })?;
    let answer: Response<Incoming> = sender.send_request(request).await.map_err(broken)?;
    let (status, body) = (answer.status(), answer.into_body());
    let coming = Coming { status, body };
    if status.is_success() { Ok(coming) } else { Err(coming.failure().await) }
}

impl Coming {
    /// Returns the next piece; `None` at the end.
    pub(super) async fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let frame = poll_fn(|context| Pin::new(&mut self.body).poll_frame(context)).await;
            match frame {
                None => return Ok(None),
                Some(Err(e)) => return Err(broken(e)),
                Some(Ok(frame)) => {
                    // Trailers are no data.
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data.to_vec()));
                    }
                }
            }
        }
    }

    /// Reads all of it.
    pub(super) async fn whole(mut self) -> Result<Vec<u8>, Error> {
        let mut whole = Vec::new();
        while let Some(piece) = self.piece().await? {
            whole.extend(piece);
            if MOST < whole.len() {
                return Err(Error::new(ErrorKind::Unparseable, "the answer is far too long"));
            }
        }
        Ok(whole)
    }

    /// Reads all of it as JSON.
    pub(super) async fn json(self) -> Result<Value, Error> {
        serde_json::from_slice(&self.whole().await?).map_err(broken)
    }

    /// Reads the failure that a server tells.
    async fn failure(self) -> Error {
        let status = self.status;
        let told = match self.json().await {
            Ok(told) => told,
            Err(error) => return error,
        };
        let text = |key: &str| told.get("error")?.get(key)?.as_str().map(ToOwned::to_owned);
        let kind = text("code").and_then(|it| ErrorKind::of_code(&it));
        let message = text("message").unwrap_or_else(|| format!("it says: {status}"));
        let error = Error::new(kind.unwrap_or(ErrorKind::ProgramFailed), message);
        let error = text("hint").into_iter().fold(error, Error::hint);
        text("vm").into_iter().fold(error, Error::about)
    }
}

fn broken(e: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Io, "what answers there is no vm-cli, or it went").caused_by(e)
}

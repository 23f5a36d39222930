//! This host as an agent of a hub: another server, which gives it work over the same protocol.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request, Uri, header};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::tls;
use crate::config::Agents;
use crate::error::{self, Error, ErrorKind};
use crate::model::Scope;
use crate::report::failure_value;
use crate::server::method::Offered;
use crate::server::{Client, Office, Reach};

/// The hub is waited for so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A piece of work is taken for so long, and so often it is said that it goes on.
const TERM: u32 = 60;
const RENEWAL: Duration = Duration::from_secs(20);

/// So long the hub may let a question for work wait; a silent hub is gone soon after.
const WAIT: u32 = 20;
const SILENCE: Duration = Duration::from_secs(90);

/// So many pieces of work may be under way.
const MOST: usize = 4;

/// Between two tries to reach a hub, at first and in the end.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Offers this host to the configured hub, and comes back whenever it is gone.
pub(super) async fn attend(office: &Office) {
    let agents = &office.orchestrator().settings().agents;
    let Some(url) = &agents.hub_url else { return };
    let mut pause = PAUSE;
    loop {
        let served = async {
            let hub = tokio::time::timeout(PATIENCE, connect(url, agents)).await;
            let hub = hub.map_err(|_late| silent(url))??;
            tracing::info!(%url, "this host is the hub's");
            Ok::<_, Error>(hub)
        };
        let left = match served.await {
            Ok(hub) => {
                pause = PAUSE;
                Attendance { office, hub, working: JoinSet::new() }.work().await
            }
            Err(e) => Err(e),
        };
        if let Err(e) = left {
            tracing::warn!(%url, "the hub is gone: {e}; it is tried again");
        }
        tokio::select! {
            () = office.closing() => return,
            () = tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64() / 2.0)) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// What carries the conversation.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

type Hub = WebSocketStream<Box<dyn Wire>>;

async fn connect(url: &str, agents: &Agents) -> Result<Hub, Error> {
    let wrong = |why: &str| {
        Error::new(ErrorKind::Config, format!("the hub's URL `{url}` {why}"))
            .hint("write `agents.hub_url` as ws://HOST:PORT or wss://HOST:PORT")
    };
    let uri: Uri = url.parse().map_err(|e| wrong("is no URL").caused_by(e))?;
    let host = uri.host().ok_or_else(|| wrong("names no host"))?.to_owned();
    let (is_secret, usual) = match uri.scheme_str() {
        Some("ws") => (false, 80),
        Some("wss") => (true, 443),
        Some(_) | None => return Err(wrong("is neither ws nor wss")),
    };
    let stream = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(usual)))
        .await
        .map_err(|e| error::io(format!("reach the hub {url}"), e))?;
    let wire: Box<dyn Wire> = if is_secret {
        let certificate = agents.hub_certificate.as_deref().ok_or_else(|| {
            Error::new(ErrorKind::Config, "nobody says which certificate the hub has")
                .hint("set `agents.hub_certificate` to a PEM file of it")
        })?;
        let name = ServerName::try_from(host).map_err(|e| wrong("names no host").caused_by(e))?;
        let greeted = tls::connector(certificate)?.connect(name, stream).await;
        Box::new(greeted.map_err(|e| error::io(format!("trust the hub {url}"), e))?)
    } else {
        Box::new(stream)
    };
    let address = format!("{}/v1/ws", url.trim_end_matches('/'));
    let request = address.into_client_request().map_err(|e| wrong("is no URL").caused_by(e))?;
    let request = presenting(request, agents).await?;
    let (hub, _) = client_async(request, wire).await.map_err(|e| {
        Error::new(ErrorKind::ServiceUnavailable, format!("`{url}` is no hub, or refuses"))
            .caused_by(e)
    })?;
    Ok(hub)
}

/// Says by what name the host comes, and shows its token.
async fn presenting(mut request: Request<()>, agents: &Agents) -> Result<Request<()>, Error> {
    let unfit = |e| Error::new(ErrorKind::Config, "this cannot be sent to a hub").caused_by(e);
    let name = HeaderValue::from_str(&host_name()).map_err(unfit)?;
    request.headers_mut().insert("x-agent", name);
    if let Some(file) = &agents.hub_token_file {
        let read = tokio::fs::read_to_string(file).await;
        let token = read.map_err(|e| error::io(format!("read `{}`", file.display()), e))?;
        let mut shown =
            HeaderValue::from_str(&format!("Bearer {}", token.trim())).map_err(unfit)?;
        shown.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, shown);
    }
    Ok(request)
}

fn host_name() -> String {
    sysinfo::System::host_name().unwrap_or_else(|_| "host".to_owned())
}

/// One conversation with the hub.
struct Attendance<'a> {
    office: &'a Office,
    hub: Hub,
    working: JoinSet<Done>,
}

/// A piece of work, as the hub named it.
#[derive(Debug, Clone)]
struct Piece {
    id: String,
    attempt: u64,
}

/// What came of a piece.
struct Done {
    piece: Piece,
    outcome: Result<Value, Value>,
}

impl Attendance<'_> {
    /// Takes work and does it, until the hub is gone. What is under way then is canceled.
    async fn work(mut self) -> Result<(), Error> {
        let mut known = self.register(Vec::new()).await?;
        self.ask_for_more().await?;
        let mut under_way: Vec<Piece> = Vec::new();
        let mut renewal = tokio::time::interval(RENEWAL);
        let mut asked = true;
        loop {
            tokio::select! {
                () = self.office.closing() => return Ok(()),
                heard = tokio::time::timeout(SILENCE, self.hub.next()) => {
                    let heard = heard.map_err(|_late| gone())?.ok_or_else(gone)?;
                    let Message::Text(text) = heard.map_err(|e| gone().caused_by(e))? else { continue };
                    let told: Value = serde_json::from_str(&text).unwrap_or_default();
                    if told.get("id").and_then(Value::as_str) != Some("take") {
                        continue;
                    }
                    asked = false;
                    if let Some(error) = told.get("error") {
                        let message = format!("the hub gives no work: {error}");
                        return Err(Error::new(ErrorKind::PermissionDenied, message));
                    }
                    if let Some(piece) = told.pointer("/result/work").and_then(|it| self.begin(it)) {
                        under_way.push(piece);
                    }
                    known = self.register(known).await?;
                }
                Some(done) = self.working.join_next() => {
                    let done = done.map_err(|e| {
                        Error::new(ErrorKind::Internal, "a piece of work broke off").caused_by(e)
                    })?;
                    under_way.retain(|it| it.id != done.piece.id);
                    self.end(done).await?;
                }
                _ = renewal.tick() => for piece in under_way.clone() {
                    let params = json!({ "work": piece.id, "attempt": piece.attempt,
                        "seconds": TERM });
                    self.say("work_keep", "keep", params).await?;
                },
            }
            if !asked && under_way.len() < MOST {
                self.ask_for_more().await?;
                asked = true;
            }
        }
    }

    /// Tells the hub what this host can do, if that is not what it knows: its own name and its VMs.
    async fn register(&mut self, known: Vec<String>) -> Result<Vec<String>, Error> {
        let listing = self.office.listing();
        let listed = listing.within(PAUSE, self.office.orchestrator()).await;
        let vms = listed.map(|it| it.vms).unwrap_or_default();
        let mut can = vec!["host".to_owned(), format!("host:{}", host_name())];
        can.extend(vms.iter().map(|it| format!("vm:{}", it.name)));
        if can != known {
            let params = json!({ "kind": "host", "capabilities": can });
            self.say("agent_register", "register", params).await?;
        }
        Ok(can)
    }

    async fn ask_for_more(&mut self) -> Result<(), Error> {
        self.say("work_take", "take", json!({ "seconds": TERM, "wait_seconds": WAIT })).await
    }

    /// Begins a piece: its content is a call of a method.
    fn begin(&mut self, work: &Value) -> Option<Piece> {
        let id = work.get("id")?.as_str()?.to_owned();
        let piece = Piece { id, attempt: work.get("attempts")?.as_u64()? };
        let content = work.get("content").cloned().unwrap_or_default();
        let (office, begun) = (self.office.clone(), piece.clone());
        self.working.spawn(async move {
            let outcome = call(&office, &content)
                .await
                .map_err(|error| failure_value(&error).get("error").cloned().unwrap_or_default());
            Done { piece: begun, outcome }
        });
        Some(piece)
    }

    async fn end(&mut self, done: Done) -> Result<(), Error> {
        let Done { piece: Piece { id, attempt }, outcome } = done;
        let params = match outcome {
            Ok(result) => json!({ "work": id, "attempt": attempt, "result": result }),
            Err(error) => json!({ "work": id, "attempt": attempt, "error": error }),
        };
        self.say("work_end", "end", params).await
    }

    async fn say(&mut self, method: &str, id: &str, params: Value) -> Result<(), Error> {
        let message = json!({ "id": id, "method": method, "params": params }).to_string();
        let sent = tokio::time::timeout(PATIENCE, self.hub.send(Message::text(message))).await;
        sent.map_err(|_late| gone())?.map_err(|e| gone().caused_by(e))
    }
}

/// Calls what a piece of work says, in the hub's name. It may do all that loses nothing.
async fn call(office: &Office, content: &Value) -> Result<Value, Error> {
    let name = content.get("method").and_then(Value::as_str).unwrap_or_default();
    let method = Offered::find(name).ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("there is no method `{name}`"))
            .hint("the content of work for a host is `{\"method\": ..., \"arguments\": ...}`")
    })?;
    let arguments = content.get("arguments").cloned().unwrap_or_else(|| json!({}));
    let scopes = vec![Scope::Observe, Scope::Input, Scope::Lifecycle];
    let (name, origin) = ("hub".to_owned(), "the hub".to_owned());
    let client = Client { name, origin, scopes, reach: Reach::Every };
    office.call(method, arguments, &client).await.map(|it| it.document)
}

fn gone() -> Error {
    Error::new(ErrorKind::ServiceUnavailable, "the connection broke")
}

fn silent(url: &str) -> Error {
    Error::new(ErrorKind::TimedOut, format!("`{url}` does not answer"))
}

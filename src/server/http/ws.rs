//! The methods and the events over WebSocket.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::RequestExt as _;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use super::call::client;
use super::listen::Place;
use super::reply::{Failure, wrong};
use super::site::Site;
use crate::error::{Error, ErrorKind};
use crate::guest::base64;
use crate::model::Scope;
use crate::report::failure_value;
use crate::server::events::{Happening, Interest, Kind, Listening, Told};
use crate::server::method::{Bond, Offered};
use crate::server::{Answer, Client};

/// No message from a client is larger, in bytes.
const MOST_MESSAGE: usize = 1024 * 1024;

/// So many calls of one client may be under way.
const MOST_CALLS: usize = 16;

/// Between two heartbeats. Who does not answer three of them is gone.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Who does not take what is sent to him for so long is let go.
const SEND_PATIENCE: Duration = Duration::from_secs(10);

/// What is wanted of the server, as one message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Command {
    #[serde(default)]
    id: Value,
    method: String,
    #[serde(default)]
    params: Value,
}

/// What `subscribe` takes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Subscription {
    types: Vec<String>,
    vms: Vec<String>,
    since: Option<u64>,
}

/// Why a conversation ends, with the code that the client is told.
struct Goodbye(u16, &'static str);

const CLOSING: Goodbye = Goodbye(1001, "the server is closing");
const SILENT: Goodbye = Goodbye(4000, "no sign of life came");
const SLOW: Goodbye = Goodbye(4001, "too slow: come back with `since`");
const GONE: Goodbye = Goodbye(1000, "");

/// Makes a WebSocket of a request.
pub(super) async fn upgrade(site: Site, mut request: Request) -> Result<Response, Failure> {
    let client = client(&request)?;
    let place = request.extensions().get::<Place>().cloned();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
    let socket = request.extract_parts::<WebSocketUpgrade>().await;
    let socket = socket.map_err(|e| wrong("this is no WebSocket request").caused_by(e))?;
    let socket = socket.max_message_size(MOST_MESSAGE).max_frame_size(MOST_MESSAGE);
    Ok(socket.protocols(["vm-cli"]).on_upgrade(async move |socket| {
        let bonds = Vec::new();
        let conversation = Conversation { site, client, peer, bonds, interest: None, heard: None };
        conversation.hold(socket).await;
        drop(place);
    }))
}

struct Conversation {
    site: Site,
    client: Client,
    peer: Option<IpAddr>,
    /// What was called over this, and means something to others when it ends.
    bonds: Vec<Bond>,
    interest: Option<Interest>,
    heard: Option<Listening>,
}

impl Conversation {
    async fn hold(mut self, mut socket: WebSocket) {
        let Goodbye(code, reason) = match self.talk(&mut socket).await {
            Ok(()) => GONE,
            Err(goodbye) => goodbye,
        };
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        let farewell = socket.send(Message::Close(Some(frame)));
        tokio::time::timeout(SEND_PATIENCE, farewell).await.map(drop).ok();
        self.let_go();
    }

    /// Says that an agent is gone, and lets others soon have what it has.
    fn let_go(&self) {
        let (office, name) = (self.site.office(), &self.client.name);
        if self.bonds.contains(&Bond::Holds)
            && let Err(e) = office.orchestrator().agent_left(name)
        {
            tracing::warn!(agent = %name, "what it has is given back late: {e}");
        }
        if self.bonds.contains(&Bond::Registers) {
            office.tell(Happening::of_agent(Kind::AgentGone, name, json!({})));
        }
    }

    async fn talk(&mut self, socket: &mut WebSocket) -> Result<(), Goodbye> {
        let office = self.site.office().clone();
        let last = office.hub().last();
        let version = json!({ "version": env!("CARGO_PKG_VERSION"), "actor": self.client.name });
        send(socket, Message::text(Told::aside("hello", last, &version, office.now()))).await?;
        // Calls that are under way are canceled with this.
        let mut calls: JoinSet<String> = JoinSet::new();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        let mut alive = Instant::now();
        loop {
            tokio::select! {
                () = office.closing() => {
                    // What is under way comes to its end, or is canceled by the office.
                    while let Some(answered) = calls.join_next().await {
                        if let Ok(line) = answered {
                            send(socket, Message::text(line)).await?;
                        }
                    }
                    return Err(CLOSING);
                }
                received = socket.recv() => {
                    alive = Instant::now();
                    match received {
                        Some(Ok(Message::Text(text))) => {
                            for line in self.deal_with(&text, &mut calls) {
                                send(socket, Message::text(line)).await?;
                            }
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_))) => {
                            let error = wrong("a message is text, a JSON object");
                            send(socket, Message::text(failed(&Value::Null, &error))).await?;
                        }
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                    }
                }
                Some(answered) = calls.join_next() => {
                    if let Ok(line) = answered {
                        send(socket, Message::text(line)).await?;
                    }
                }
                told = next(&mut self.heard) => match told {
                    Ok(told) => if self.wants(&told) {
                        send(socket, Message::text(told.line.clone())).await?;
                    },
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return Err(SLOW),
                },
                _ = heartbeat.tick() => {
                    if HEARTBEAT * 3 < alive.elapsed() {
                        return Err(SILENT);
                    }
                    send(socket, Message::Ping(Vec::new().into())).await?;
                }
            }
        }
    }

    /// Begins what a message wants, and returns what is told at once.
    fn deal_with(&mut self, text: &str, calls: &mut JoinSet<String>) -> Vec<String> {
        let command: Command = match serde_json::from_str(text) {
            Ok(command) => command,
            Err(e) => {
                let error = wrong("a message is an object with `id`, `method`, `params`");
                return vec![failed(&Value::Null, &error.caused_by(e))];
            }
        };
        let Command { id, method, params } = command;
        let begun = match method.as_str() {
            "subscribe" => self.subscribe(&id, params),
            "unsubscribe" => {
                (self.interest, self.heard) = (None, None);
                Ok(vec![done(&id, &json!({}))])
            }
            name => self.call(id.clone(), name, params, calls).map(|()| Vec::new()),
        };
        begun.unwrap_or_else(|error| vec![failed(&id, &error)])
    }

    fn subscribe(&mut self, id: &Value, params: Value) -> Result<Vec<String>, Error> {
        self.client.permit(Scope::Observe)?;
        let params = if params.is_null() { json!({}) } else { params };
        let asked: Subscription = serde_json::from_value(params)
            .map_err(|e| wrong("`subscribe` takes `types`, `vms`, `since`").caused_by(e))?;
        let office = self.site.office();
        let interest = Interest { types: asked.types, vms: asked.vms };
        let heard = office.hub().listen(asked.since, &interest);
        self.interest = Some(interest);
        let mut lines = vec![done(id, &json!({ "last": heard.last }))];
        if let Some(gap) = heard.gap {
            let data = json!({ "since": asked.since, "lost_until": gap });
            lines.push(Told::aside("gap", gap, &data, office.now()));
        }
        let past = heard.past.iter().filter(|it| self.wants(it));
        lines.extend(past.map(|it| it.line.clone()));
        self.heard = Some(heard);
        Ok(lines)
    }

    fn call(
        &mut self,
        id: Value,
        name: &str,
        params: Value,
        calls: &mut JoinSet<String>,
    ) -> Result<(), Error> {
        let method = Offered::find(name).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("there is no method `{name}`"))
        })?;
        let allowed = |it| self.site.rules().rate.allows(it, Instant::now());
        if MOST_CALLS <= calls.len() || !self.peer.is_none_or(allowed) {
            let message = format!("{MOST_CALLS} calls are under way, or too many came too fast");
            return Err(Error::new(ErrorKind::LimitExceeded, message)
                .hint("wait for the answers; `task_submit` queues calls"));
        }
        if !self.bonds.contains(&method.bond) {
            self.bonds.push(method.bond);
        }
        let (office, client) = (self.site.office().clone(), self.client.clone());
        let params = if params.is_null() { json!({}) } else { params };
        calls.spawn(async move {
            match office.call(method, params, &client).await {
                Ok(answer) => answered(&id, answer),
                Err(error) => failed(&id, &error),
            }
        });
        Ok(())
    }

    fn wants(&self, told: &Told) -> bool {
        self.client.reach.hears(told) && self.interest.as_ref().is_some_and(|it| it.wants(told))
    }
}

/// Waits for the next event, for ever if nobody has subscribed.
async fn next(heard: &mut Option<Listening>) -> Result<Arc<Told>, RecvError> {
    match heard {
        Some(heard) => heard.live.recv().await,
        None => std::future::pending().await,
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Goodbye> {
    match tokio::time::timeout(SEND_PATIENCE, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(GONE),
        Err(_late) => Err(SLOW),
    }
}

fn answered(id: &Value, answer: Answer) -> String {
    let mut result = answer.document;
    let png = answer.picture.and_then(|it| it.png);
    if let (Some(png), Some(fields)) = (png, result.as_object_mut()) {
        fields.insert("png_base64".to_owned(), base64::padded(&png).into());
    }
    done(id, &result)
}

fn done(id: &Value, result: &Value) -> String {
    json!({ "id": id, "result": result }).to_string()
}

fn failed(id: &Value, error: &Error) -> String {
    json!({ "id": id, "error": failure_value(error).get("error") }).to_string()
}

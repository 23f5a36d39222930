//! Requests as they are, from a program of the same version: `vm-cli --host`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::{Body as HttpBody, Bytes, Frame};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::call::client;
use super::reply::{Failure, wrong};
use super::rights;
use super::site::Site;
use crate::error::{self, Error};
use crate::guest::OutputSink;
use crate::model::Scope;
use crate::orchestrator::BatchOutput;
use crate::request::{Event, Input, InputStream, Request as Asked, Response as Answered};
use crate::server::Client;
use crate::server::desk::Desk;
use crate::server::office::{Deed, Office};
use crate::wire::{Errand, Fault, Frames, Heard, Note, Parcel, Stream, framed};

/// What a body is called that holds a parcel. Pages cannot send such a thing unasked.
const KIND: &str = "application/x-vm-cli";

/// No parcel is larger.
const MOST_BODY: usize = 64 * 1024 * 1024;

/// A parcel that takes longer is not waited for.
const BODY_PATIENCE: Duration = Duration::from_mins(2);

/// So many notes wait for a slow reader; then the work waits for him too.
const WAITING: usize = 256;

/// Does an errand, and tells what happens meanwhile as it comes.
pub(super) async fn answer(site: Site, request: Request) -> Result<Response, Failure> {
    let client = client(&request)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    if kind != Some(KIND) {
        let error = wrong(format!("the body is not `{KIND}`"));
        return Err(Failure::with(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    let (errand, input) = read(request.into_body()).await?;
    for scope in rights::needed(&errand) {
        client.permit(scope)?;
    }
    if rights::is_about_the_host(&errand) {
        client.permit_everywhere()?;
    }
    rights::check_files(&errand)?;
    let (to, notes) = mpsc::channel(WAITING);
    let office = site.office().clone();
    tokio::spawn(async move {
        let teller = Teller(to);
        tokio::select! {
            biased;
            // Who went away wants nothing any more: what is under way is canceled with this.
            () = teller.0.closed() => {}
            () = perform(&office, &client, errand, input, &teller) => {}
        }
    });
    Ok(([(header::CONTENT_TYPE, KIND)], Body::new(Notes(notes))).into_response())
}

async fn read(body: Body) -> Result<(Errand, Vec<u8>), Failure> {
    let late = |_| {
        let error = Error::new(error::ErrorKind::TimedOut, "the request did not come in time");
        Failure::with(StatusCode::REQUEST_TIMEOUT, error)
    };
    let read = tokio::time::timeout(BODY_PATIENCE, to_bytes(body, MOST_BODY)).await;
    let bytes = read.map_err(late)?.map_err(|e| {
        let error = wrong(format!("the body cannot be read, or has more than {MOST_BODY} bytes"));
        Failure::with(StatusCode::PAYLOAD_TOO_LARGE, error.caused_by(e))
    })?;
    let mut frames = Frames::default();
    frames.feed(&bytes);
    let (parcel, input): (serde_json::Value, _) = frames
        .take()
        .map_err(|e| wrong("the body is no parcel").caused_by(e))?
        .ok_or_else(|| wrong("the body is no parcel"))?;
    let ours = env!("CARGO_PKG_VERSION");
    let theirs = parcel.get("version").and_then(serde_json::Value::as_str).unwrap_or("unknown");
    if theirs != ours {
        let message = format!("this server is vm-cli {ours}, and version {theirs} asks");
        return Err(wrong(message).hint("use the same version on both sides").into());
    }
    let parcel: Parcel = serde_json::from_value(parcel)
        .map_err(|e| wrong("the parcel cannot be understood").caused_by(e))?;
    Ok((parcel.errand, input))
}

/// Does an errand, and tells what came of it.
async fn perform(
    office: &Office,
    client: &Client,
    errand: Errand,
    input: Vec<u8>,
    teller: &Teller,
) {
    let mut happening = office.orchestrator().events().subscribe();
    let names = names(&errand);
    let deed = Deed {
        name: "request",
        // What only looks is ended when the server closes, what changes something is not.
        scope: rights::needed(&errand).into_iter().max().unwrap_or(Scope::Observe),
        vm: names.first().cloned(),
    };
    let telling = teller.clone();
    let work = |desk: Arc<Desk>| async move { done(&desk, errand, input, &telling).await };
    let mut working = std::pin::pin!(office.perform(deed, client, work));
    let concerns = |event: &Event| event.vm.as_ref().is_some_and(|it| names.contains(it));
    let result = loop {
        tokio::select! {
            biased;
            Some(event) = happening.recv() => {
                if concerns(&event) {
                    teller.tell(&Note::Event(event), &[]).await;
                }
            }
            result = &mut working => break result,
        }
    };
    while let Ok(event) = happening.try_recv() {
        if concerns(&event) {
            teller.tell(&Note::Event(event), &[]).await;
        }
    }
    match result {
        Ok((heard, bytes)) => teller.tell(&Note::Done(heard), &bytes).await,
        Err(error) => teller.tell(&Note::Failed(Fault::from(&error)), &[]).await,
    }
}

async fn done(
    desk: &Desk,
    errand: Errand,
    input: Vec<u8>,
    teller: &Teller,
) -> Result<(Heard, Vec<u8>), Error> {
    let orchestrator = desk.orchestrator();
    let heard = match errand {
        Errand::One(request) => {
            let sink = teller.sink(0, "");
            let mut response = desk.ask_into(with_input(*request, input), sink).await?;
            let picture = picture(&mut response);
            return Ok((Heard::Response(Box::new(response)), picture));
        }
        Errand::Several { requests, pace } => {
            let batch = desk.ask_all(requests, pace, Arc::new(teller.clone())).await?;
            for outcome in batch.outcomes {
                let (vm, took) = (outcome.vm, outcome.took);
                let (result, bytes) = match outcome.result {
                    Ok(mut response) => {
                        let bytes = picture(&mut response);
                        (Ok(Box::new(response)), bytes)
                    }
                    Err(error) => (Err(Fault::from(&error)), Vec::new()),
                };
                teller.tell(&Note::Outcome { vm, result, took }, &bytes).await;
            }
            Heard::Outcomes
        }
        Errand::Select(selection) => Heard::Vms(desk.select(&selection).await?),
        Errand::Tasks { filter, within } => Heard::Tasks(orchestrator.tasks(filter, within)?),
        Errand::Task(id) => Heard::Tasks(vec![orchestrator.task(&id)?]),
        Errand::CancelTask(id) => Heard::Tasks(vec![orchestrator.cancel_task(&id).await?]),
        Errand::PruneTasks(older_than) => Heard::Pruned(orchestrator.prune_tasks(older_than)?),
        Errand::Audit { vm, within, limit } => Heard::Audit(orchestrator.audit(vm, within, limit)?),
        Errand::Metrics(within) => {
            Heard::Metrics(Box::new(orchestrator.metrics_report(within).await?))
        }
        Errand::Gc => Heard::Repairs(orchestrator.gc().await?),
    };
    Ok((heard, Vec::new()))
}

/// Returns the VMs that an errand is about, as they are named.
fn names(errand: &Errand) -> Vec<String> {
    let of = |request: &Asked| {
        let named = request.vm().map(|it| it.to_string());
        named.into_iter().chain(request.new_names()).collect::<Vec<_>>()
    };
    match errand {
        Errand::One(request) => of(request),
        Errand::Several { requests, .. } => requests.iter().flat_map(of).collect(),
        Errand::Select(_)
        | Errand::Tasks { .. }
        | Errand::Task(_)
        | Errand::CancelTask(_)
        | Errand::PruneTasks(_)
        | Errand::Audit { .. }
        | Errand::Metrics(_)
        | Errand::Gc => Vec::new(),
    }
}

/// Gives a guest's command what came for its standard input.
fn with_input(mut request: Asked, input: Vec<u8>) -> Asked {
    if input.is_empty() {
        return request;
    }
    let input = Input::Stream(InputStream::of(input));
    if let Asked::Exec(exec) = &mut request {
        exec.input = input;
    } else if let Asked::Run(run) = &mut request {
        run.exec.input = input;
    }
    request
}

/// Takes the picture out of a response.
fn picture(response: &mut Answered) -> Vec<u8> {
    if let Answered::Screen(screen) = response {
        return screen.png.take().unwrap_or_default();
    }
    Vec::new()
}

/// Tells who asked what happens.
#[derive(Debug, Clone)]
struct Teller(mpsc::Sender<Bytes>);

impl Teller {
    async fn tell(&self, note: &Note, bytes: &[u8]) {
        if let Ok(frame) = whole(note, bytes) {
            // Who does not listen any more is noticed elsewhere.
            self.0.send(frame).await.ok();
        }
    }
}

impl BatchOutput for Teller {
    fn sink(&self, place: usize, _vm: &str) -> Arc<dyn OutputSink> {
        Arc::new(Place { place, teller: self.clone() })
    }

    fn ended(&self, place: usize) {
        if let Ok(frame) = whole(&Note::Quiet(place), &[]) {
            self.0.try_send(frame).ok();
        }
    }
}

/// Tells what one guest's command prints.
#[derive(Debug)]
struct Place {
    place: usize,
    teller: Teller,
}

impl Place {
    fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let note = Note::Printed { place: self.place, stream };
        let frame = whole(&note, bytes).map_err(|e| io::Error::other(e.to_string()))?;
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        let send = self.teller.0.send(frame);
        // Who reads slowly is waited for.
        tokio::task::block_in_place(|| Handle::current().block_on(send)).map_err(gone)
    }
}

impl OutputSink for Place {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.print(Stream::Stdout, bytes)
    }

    fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
        self.print(Stream::Stderr, bytes)
    }
}

fn whole(note: &Note, bytes: &[u8]) -> Result<Bytes, Error> {
    // What cannot be told is a failure that can.
    let failed = |error: &Error| framed(&Note::Failed(Fault::from(error)), &[]);
    framed(note, bytes).or_else(|error| failed(&error)).map(Bytes::from)
}

/// A body that goes on as notes come.
struct Notes(mpsc::Receiver<Bytes>);

impl HttpBody for Notes {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|it| it.map(|bytes| Ok(Frame::data(bytes))))
    }
}

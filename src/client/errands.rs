use std::io;

use super::calls::Client;
use super::connection::Sent;
use crate::error::{self, Error, ErrorKind};
use crate::request::{BatchOutcome, Event, Response};
use crate::wire::{Errand, Frames, Heard, Note, Parcel, Stream, framed};

/// What hears what happens while a server works.
pub trait Hearing: Send + Sync {
    /// Hears what happened to a task.
    fn event(&self, event: Event);

    /// Hears what the command in a guest printed whose request has this place.
    fn printed(&self, place: usize, stream: Stream, bytes: &[u8]) -> io::Result<()>;

    /// Hears that the request at this place prints nothing more.
    fn quiet(&self, place: usize);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unheard;

impl Hearing for Unheard {
    fn event(&self, _event: Event) {}

    fn printed(&self, _place: usize, _stream: Stream, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn quiet(&self, _place: usize) {}
}

/// What an errand came to.
#[derive(Debug)]
pub(super) struct Brought {
    pub(super) heard: Heard,
    pub(super) outcomes: Vec<BatchOutcome>,
}

impl Client {
    /// Has an errand done. Dropping the future cancels it on the server, where it ends well by
    /// itself.
    pub(super) async fn send(
        &self,
        errand: Errand,
        input: &[u8],
        hearing: &dyn Hearing,
    ) -> Result<Brought, Error> {
        let body = framed(&Parcel::of(errand), input)?;
        let (verb, path) = (axum::http::Method::POST, "/v1/requests");
        let sent = Sent { verb, path, kind: Some("application/x-vm-cli"), body };
        let mut coming = self.ask(sent).await?;
        let (mut frames, mut outcomes) = (Frames::default(), Vec::new());
        loop {
            while let Some((note, bytes)) = frames.take()? {
                match note {
                    Note::Event(event) => hearing.event(event),
                    Note::Printed { place, stream } => hearing
                        .printed(place, stream, &bytes)
                        .map_err(|e| error::io("write the command's output", e))?,
                    Note::Quiet(place) => hearing.quiet(place),
                    Note::Outcome { vm, result, took } => {
                        let result = result.map(|it| pictured(*it, bytes)).map_err(Error::from);
                        outcomes.push(BatchOutcome { vm, result, took });
                    }
                    Note::Done(Heard::Response(response)) => {
                        let heard = Heard::Response(Box::new(pictured(*response, bytes)));
                        return Ok(Brought { heard, outcomes });
                    }
                    Note::Done(heard) => return Ok(Brought { heard, outcomes }),
                    Note::Failed(fault) => return Err(fault.into()),
                }
            }
            let Some(piece) = coming.piece().await? else {
                let message = "the server went before it said what came of it";
                return Err(Error::new(ErrorKind::OutcomeUnknown, message)
                    .hint("look how things are: `vm-cli status`, `vm-cli tasks list`"));
            };
            frames.feed(&piece);
        }
    }
}

/// Puts a picture into the response to which it belongs.
fn pictured(mut response: Response, bytes: Vec<u8>) -> Response {
    if let Response::Screen(screen) = &mut response
        && !bytes.is_empty()
    {
        screen.png = Some(bytes);
    }
    response
}

//! Work that a server does: `--host`.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::commands::{password_in, without_line_end};
use super::shell::Shell;
use super::usage;
use crate::client::{Address, Client, Hearing};
use crate::error::Error;
use crate::guest::OutputSink;
use crate::orchestrator::BatchOutput;
use crate::request::{Batch, BatchOutcome, Event, Events, Pace, Request, Response, Secret};
use crate::wire::Stream;

/// A server, and who hears of the tasks that it works on.
#[derive(Debug)]
pub(crate) struct Away {
    pub(crate) client: Client,
    pub(crate) events: Events,
}

impl Shell {
    /// Returns the server that is to do the work, if one is named.
    pub(crate) fn server(&self) -> Result<Option<Client>, Error> {
        let Some(named) = self.host() else { return Ok(None) };
        if self.global.dry_run {
            return Err(usage("a server does not rehearse: `--dry-run` is for this host"));
        }
        if self.global.ignore_limits {
            return Err(usage("a server keeps its limits: `--ignore-limits` is for this host"));
        }
        let address: Address = named.parse()?;
        Ok(Some(Client::new(address, self.token()?)))
    }

    /// Reads the token that a server is shown.
    pub(crate) fn token(&self) -> Result<Option<Secret>, Error> {
        let text = match &self.global.token_file {
            Some(file) => Some(password_in(file)?),
            None => self.environment.text("VM_CLI_TOKEN"),
        };
        Ok(text.map(|it| Secret::new(without_line_end(&it))))
    }
}

impl Away {
    /// Has one request done.
    pub(crate) async fn ask(
        &self,
        request: Request,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        let hearing = Ears { events: &self.events, print: Print::One(sink) };
        self.client.call_and_hear(request, &hearing).await
    }

    /// Has several requests done. A failure of all is one of each.
    pub(crate) async fn ask_all(
        &self,
        requests: Vec<Request>,
        pace: Pace,
        output: Arc<dyn BatchOutput>,
    ) -> Batch {
        let name = |it: &Request| it.vm().map(|it| it.to_string()).unwrap_or_default();
        let names: Vec<String> = requests.iter().map(name).collect();
        let sinks = Mutex::default();
        let print = Print::Several(Several { output, names: &names, sinks });
        let hearing = Ears { events: &self.events, print };
        match self.client.call_all(requests, pace, &hearing).await {
            Ok(batch) => batch,
            Err(error) => all_failed(&names, &error),
        }
    }
}

/// Tells of each what happened to all.
pub(crate) fn all_failed(names: &[String], error: &Error) -> Batch {
    let copy = || {
        let copy = Error::new(error.kind(), error.message());
        error.next_step().into_iter().fold(copy, Error::hint)
    };
    let outcome = |vm: &String| BatchOutcome {
        vm: vm.clone(),
        result: Err(copy().about(vm)),
        took: std::time::Duration::ZERO,
    };
    Batch { outcomes: names.iter().map(outcome).collect() }
}

/// Hears what a server tells while it works.
struct Ears<'a> {
    events: &'a Events,
    print: Print<'a>,
}

/// Where guests' output goes.
enum Print<'a> {
    One(Arc<dyn OutputSink>),
    Several(Several<'a>),
}

struct Several<'a> {
    output: Arc<dyn BatchOutput>,
    names: &'a [String],
    sinks: Mutex<BTreeMap<usize, Arc<dyn OutputSink>>>,
}

impl Hearing for Ears<'_> {
    fn event(&self, event: Event) {
        self.events.emit(&event);
    }

    fn printed(&self, place: usize, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let sink = match &self.print {
            Print::One(sink) => Arc::clone(sink),
            Print::Several(several) => several.sink(place),
        };
        match stream {
            Stream::Stdout => sink.stdout(bytes),
            Stream::Stderr => sink.stderr(bytes),
        }
    }

    fn quiet(&self, place: usize) {
        match &self.print {
            Print::One(_) => {}
            Print::Several(several) => several.output.ended(place),
        }
    }
}

impl Several<'_> {
    fn sink(&self, place: usize) -> Arc<dyn OutputSink> {
        let mut sinks = self.sinks.lock().unwrap_or_else(PoisonError::into_inner);
        let name = self.names.get(place).map_or("", String::as_str);
        Arc::clone(sinks.entry(place).or_insert_with(|| self.output.sink(place, name)))
    }
}

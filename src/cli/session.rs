use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::runtime::{Builder, Runtime};

#[cfg(feature = "serve")]
use super::away::{self, Away};
use super::caller::caller;
use super::progress::{self, Shown};
use super::shell::App;
use super::signals::{Signal, Signals};
use super::sink::{Keeping, Streaming};
use crate::config::Settings;
use crate::error::{self, Error, ErrorKind};
use crate::guest::OutputSink;
use crate::model::VmRef;
use crate::orchestrator::{BatchOutput, EventSink, Setup, VmOrchestrator};
#[cfg(feature = "serve")]
use crate::request::Events;
use crate::request::{Batch, Pace, Repair, Request, Response, Selection, WatchPlan, Watched};

/// What does the work, with progress shown and signals heard.
#[derive(Debug)]
pub(crate) struct Session {
    pub(super) work: Work,
    pub(super) signals: Signals,
    progress: Option<Shown>,
}

/// Where work is done.
#[derive(Debug)]
pub(super) enum Work {
    Here(VmOrchestrator),
    #[cfg(feature = "serve")]
    There(Away),
}

/// How a piece of work ended, and the signal that came meanwhile.
#[derive(Debug)]
pub(crate) struct Ended<T> {
    pub(crate) result: Result<T, Error>,
    pub(crate) signal: Option<Signal>,
}

impl App {
    /// Opens a session, does some work in it, and closes it whatever came of the work.
    pub(crate) fn session<T>(
        &self,
        settings: &Settings,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, Error>,
    ) -> Ended<T> {
        self.block_on(async |signals| {
            let mut session = Session::open(self, settings, signals)?;
            let result = work(&mut session).await;
            session.close().await;
            result
        })
    }

    /// Does some work that may wait, and hears signals meanwhile.
    pub(crate) fn block_on<T>(
        &self,
        work: impl AsyncFnOnce(Signals) -> Result<T, Error>,
    ) -> Ended<T> {
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return Ended { result: Err(error), signal: None },
        };
        let ended = runtime.block_on(async {
            let signals = match Signals::listen(Arc::clone(&self.shell.console)) {
                Ok(signals) => signals,
                Err(error) => return Ended { result: Err(error), signal: None },
            };
            let result = work(signals.clone()).await;
            Ended { result, signal: signals.seen() }
        });
        // A thread that still reads from somewhere must not hold the program.
        runtime.shutdown_background();
        ended
    }
}

impl Session {
    pub(crate) fn open(app: &App, settings: &Settings, signals: Signals) -> Result<Self, Error> {
        let work = Work::find(app, settings)?;
        let events = match &work {
            Work::Here(orchestrator) => orchestrator.events(),
            #[cfg(feature = "serve")]
            Work::There(away) => &away.events,
        };
        let events = events.subscribe();
        let progress = progress::show(app.shell.progress(), &app.shell.console, events);
        Ok(Self { work, signals, progress })
    }

    /// Does what is asked, until it is done or a signal comes.
    pub(crate) async fn ask(&mut self, request: Request) -> Result<Response, Error> {
        self.ask_into(request, Arc::new(Keeping::default())).await
    }

    /// Does what is asked, a guest's output going into a sink.
    pub(crate) async fn ask_into(
        &mut self,
        request: Request,
        sink: Arc<dyn OutputSink>,
    ) -> Result<Response, Error> {
        match &self.work {
            Work::Here(orchestrator) => {
                let handled = orchestrator.handle(request, sink);
                until_signal(&mut self.signals, orchestrator, handled).await
            }
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.ask(request, sink)).await?,
        }
    }

    /// Does everything that is asked, until it is done or a signal comes.
    pub(crate) async fn ask_all(
        &mut self,
        requests: Vec<Request>,
        pace: Pace,
        output: Arc<dyn BatchOutput>,
    ) -> Batch {
        match &self.work {
            Work::Here(orchestrator) => {
                let handled = orchestrator.handle_all(requests, pace, output);
                until_signal(&mut self.signals, orchestrator, handled).await
            }
            #[cfg(feature = "serve")]
            Work::There(away) => {
                let names = requests.len();
                let asked = self.signals.or(away.ask_all(requests, pace, output)).await;
                asked.unwrap_or_else(|canceled| {
                    away::all_failed(&vec![String::new(); names], &canceled)
                })
            }
        }
    }

    /// Does some work of the orchestrator; a signal cancels it, and then its end is waited for.
    pub(crate) async fn cancelable<T>(
        &mut self,
        work: impl AsyncFnOnce(VmOrchestrator) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let orchestrator = self.orchestrator()?.clone();
        let working = work(orchestrator.clone());
        until_signal(&mut self.signals, &orchestrator, working).await
    }

    /// Finds the VMs that are meant.
    pub(crate) async fn select(&mut self, selection: &Selection) -> Result<Vec<VmRef>, Error> {
        match &self.work {
            Work::Here(orchestrator) => self.signals.or(orchestrator.select(selection)).await?,
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.select(selection)).await?,
        }
    }

    /// Does what is asked even after a signal: cleaning up.
    pub(crate) async fn ask_in_any_case(&self, request: Request) -> Result<Response, Error> {
        self.orchestrator()?.afresh().handle(request, Arc::new(Keeping::default())).await
    }

    /// Returns what hears of signals.
    #[cfg(feature = "mcp")]
    pub(crate) fn signals(&self) -> Signals {
        self.signals.clone()
    }

    /// Returns what reads and measures without a request, on this host.
    pub(crate) fn orchestrator(&self) -> Result<&VmOrchestrator, Error> {
        match &self.work {
            Work::Here(orchestrator) => Ok(orchestrator),
            #[cfg(feature = "serve")]
            Work::There(_) => Err(not_away("this")),
        }
    }

    /// Mends what a crash left, until it is done or a signal comes.
    pub(crate) async fn gc(&mut self) -> Result<Vec<Repair>, Error> {
        match &self.work {
            Work::Here(orchestrator) => {
                until_signal(&mut self.signals, orchestrator, orchestrator.gc()).await
            }
            #[cfg(feature = "serve")]
            Work::There(away) => self.signals.or(away.client.gc()).await?,
        }
    }

    /// Ends what tells until it is ended also when nobody reads it any more.
    pub(crate) fn end_with_the_reader(&self) {
        self.signals.end_with_the_reader();
    }

    /// Looks after VMs until that ends or a signal comes, which is a good end too.
    pub(crate) async fn watch(
        &mut self,
        vms: &[VmRef],
        plan: WatchPlan,
        sink: Arc<dyn EventSink>,
    ) -> Result<Vec<Watched>, Error> {
        let orchestrator = self.orchestrator()?.clone();
        let watched = orchestrator.watch(vms, plan, sink);
        until_signal(&mut self.signals, &orchestrator, watched).await
    }

    /// Does something that only looks, until it is done or a signal comes.
    #[cfg(feature = "serve")]
    pub(crate) async fn or_canceled<T>(
        &mut self,
        work: impl AsyncFnOnce(&VmOrchestrator) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let orchestrator = self.orchestrator()?.clone();
        self.signals.or(work(&orchestrator)).await?
    }

    /// Waits for something, until a signal comes.
    pub(crate) async fn or_signal<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Error> {
        self.signals.or(work).await
    }

    /// Waits until everything that was begun has ended, and closes.
    pub(crate) async fn close(self) {
        match self.work {
            Work::Here(orchestrator) => orchestrator.close().await,
            #[cfg(feature = "serve")]
            Work::There(_) => {}
        }
        if let Some(progress) = self.progress {
            progress.end().await;
        }
    }
}

impl Work {
    #[cfg(feature = "serve")]
    fn find(app: &App, settings: &Settings) -> Result<Self, Error> {
        Ok(match app.shell.server()? {
            Some(client) => Self::There(Away { client, events: Events::default() }),
            None => Self::here(app, settings)?,
        })
    }

    #[cfg(not(feature = "serve"))]
    fn find(app: &App, settings: &Settings) -> Result<Self, Error> {
        match app.shell.host() {
            Some(host) => Err(Error::new(
                ErrorKind::Unsupported,
                format!("this program was built without the way to servers such as `{host}`"),
            )
            .hint("build it with the feature `serve`")),
            None => Self::here(app, settings),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the clock that all else is given")]
    fn here(app: &App, settings: &Settings) -> Result<Self, Error> {
        VmOrchestrator::new(Setup {
            settings: settings.clone(),
            folders: app.folders.clone(),
            rehearsal: app.shell.rehearsal(),
            limits: app.shell.limits(),
            environment: app.shell.environment.pairs(),
            command_line: app.shell.command_line.clone(),
            caller: caller(&app.shell.environment, app.shell.terminal),
            clock: SystemTime::now,
        })
        .map(Self::Here)
    }
}

/// Waits for the end of some work; a signal cancels it, and then its end is waited for.
async fn until_signal<T>(
    signals: &mut Signals,
    orchestrator: &VmOrchestrator,
    work: impl Future<Output = T>,
) -> T {
    let mut work = pin!(work);
    tokio::select! {
        biased;
        _ = signals.wait() => {
            // What is under way ends by itself: a half-made VM is removed first.
            orchestrator.cancel();
            work.await
        }
        done = &mut work => done,
    }
}

/// Refuses what no server does.
pub(crate) fn not_away(what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{what} works on this host only, not on a server"))
        .hint("leave out `--host` and VM_CLI_HOST, or run it on the server's host")
}

/// Builds the sink that hands on what comes.
pub(crate) fn streaming(app: &App) -> Arc<Streaming> {
    Arc::new(Streaming(Arc::clone(&app.shell.console)))
}

fn runtime() -> Result<Runtime, Error> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| error::io("start the runtime", e))
}

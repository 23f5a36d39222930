use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::runtime::{Builder, Runtime};

use super::caller::caller;
use super::progress::{self, Shown};
use super::shell::App;
use super::signals::{Signal, Signals};
use super::sink::{Keeping, Streaming};
use crate::config::Settings;
use crate::error::{self, Error};
use crate::guest::OutputSink;
use crate::model::VmRef;
use crate::orchestrator::{BatchOutput, EventSink, Setup, VmOrchestrator};
use crate::request::{Batch, Pace, Repair, Request, Response, Selection, WatchPlan, Watched};

/// An open orchestrator, with progress shown and signals heard.
#[derive(Debug)]
pub(crate) struct Session {
    orchestrator: VmOrchestrator,
    signals: Signals,
    progress: Option<Shown>,
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
    #[expect(clippy::disallowed_methods, reason = "the clock that all else is given")]
    pub(crate) fn open(app: &App, settings: &Settings, signals: Signals) -> Result<Self, Error> {
        let setup = Setup {
            settings: settings.clone(),
            folders: app.folders.clone(),
            rehearsal: app.shell.rehearsal(),
            limits: app.shell.limits(),
            environment: app.shell.environment.pairs(),
            command_line: app.shell.command_line.clone(),
            caller: caller(&app.shell.environment, app.shell.terminal),
            clock: SystemTime::now,
        };
        let orchestrator = VmOrchestrator::new(setup)?;
        let events = orchestrator.events().subscribe();
        let progress = progress::show(app.shell.progress(), &app.shell.console, events);
        Ok(Self { orchestrator, signals, progress })
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
        let mut handled = pin!(self.orchestrator.handle(request, sink));
        tokio::select! {
            biased;
            _ = self.signals.wait() => {
                // What is under way ends by itself: a half-made VM is removed first.
                self.orchestrator.cancel();
                handled.await
            }
            response = &mut handled => response,
        }
    }

    /// Does everything that is asked, until it is done or a signal comes.
    pub(crate) async fn ask_all(
        &mut self,
        requests: Vec<Request>,
        pace: Pace,
        output: Arc<dyn BatchOutput>,
    ) -> Batch {
        let mut handled = pin!(self.orchestrator.handle_all(requests, pace, output));
        tokio::select! {
            biased;
            _ = self.signals.wait() => {
                self.orchestrator.cancel();
                handled.await
            }
            batch = &mut handled => batch,
        }
    }

    /// Does some work of the orchestrator; a signal cancels it, and then its end is waited for.
    pub(crate) async fn cancelable<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        tokio::select! {
            biased;
            _ = self.signals.wait() => {
                self.orchestrator.cancel();
                work.await
            }
            done = &mut work => done,
        }
    }

    /// Finds the VMs that are meant.
    pub(crate) async fn select(&mut self, selection: &Selection) -> Result<Vec<VmRef>, Error> {
        self.signals.or(self.orchestrator.select(selection)).await?
    }

    /// Does what is asked even after a signal: cleaning up.
    pub(crate) async fn ask_in_any_case(&self, request: Request) -> Result<Response, Error> {
        self.orchestrator.afresh().handle(request, Arc::new(Keeping::default())).await
    }

    /// Returns what hears of signals.
    #[cfg(feature = "mcp")]
    pub(crate) fn signals(&self) -> Signals {
        self.signals.clone()
    }

    /// Returns what reads and measures without a request.
    pub(crate) fn orchestrator(&self) -> &VmOrchestrator {
        &self.orchestrator
    }

    /// Mends what a crash left, until it is done or a signal comes.
    pub(crate) async fn gc(&mut self) -> Result<Vec<Repair>, Error> {
        let mut mended = pin!(self.orchestrator.gc());
        tokio::select! {
            biased;
            _ = self.signals.wait() => {
                self.orchestrator.cancel();
                mended.await
            }
            repairs = &mut mended => repairs,
        }
    }

    /// Looks after VMs until that ends or a signal comes, which is a good end too.
    pub(crate) async fn watch(
        &mut self,
        vms: &[VmRef],
        plan: WatchPlan,
        sink: Arc<dyn EventSink>,
    ) -> Result<Vec<Watched>, Error> {
        let mut watched = pin!(self.orchestrator.watch(vms, plan, sink));
        tokio::select! {
            biased;
            _ = self.signals.wait() => {
                self.orchestrator.cancel();
                watched.await
            }
            ended = &mut watched => ended,
        }
    }

    /// Does something that only looks, until it is done or a signal comes.
    pub(crate) async fn or_canceled<T>(
        &mut self,
        work: impl AsyncFnOnce(&VmOrchestrator) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.signals.or(work(&self.orchestrator)).await?
    }

    /// Waits for something, until a signal comes.
    pub(crate) async fn or_signal<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Error> {
        self.signals.or(work).await
    }

    /// Waits until everything that was begun has ended, and closes.
    pub(crate) async fn close(self) {
        self.orchestrator.close().await;
        if let Some(progress) = self.progress {
            progress.end().await;
        }
    }
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

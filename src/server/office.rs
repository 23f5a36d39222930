//! What all desks share: who calls a method gets a desk here, and nothing that was begun is lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::sync::futures::Notified;
use tokio::sync::{Notify, watch};

use super::answer::Answer;
use super::client::Client;
use super::desk::Desk;
use super::events::{Happening, Hub, Kind};
use super::jobs::{Job, Jobs};
use super::listing::Listing;
use super::method::Offered;
use crate::error::{Error, ErrorKind};
use crate::model::{Position, Priority, Scope, TaskId, VmId};
use crate::orchestrator::{Caller, VmOrchestrator};
#[cfg(feature = "serve")]
use crate::store::Owner;

/// The longest that a call may take.
const LONGEST: Duration = Duration::from_hours(1);

/// How long changes that are under way may take to come to their end when the office closes.
const DRAIN: Duration = Duration::from_secs(30);

/// Where calls of methods are dealt with. Clones share it.
#[derive(Debug, Clone)]
pub struct Office(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    orchestrator: VmOrchestrator,
    jobs: Jobs,
    hours: watch::Sender<Hours>,
    under_way: Arc<watch::Sender<usize>>,
    hub: Hub,
    listing: Listing,
    work_moved: Notify,
    pointers: Mutex<HashMap<VmId, Position>>,
}

/// What is done at a desk.
#[derive(Debug)]
pub(super) struct Deed {
    /// Its name, such as `vm_start`.
    pub(super) name: &'static str,
    /// What it needs.
    pub(super) scope: Scope,
    /// The VM that it is about, as it is named.
    pub(super) vm: Option<String>,
}

/// Whether calls are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hours {
    /// They are.
    Open,
    /// Those that change something come to their end, no other.
    Draining,
    /// Everything is canceled.
    Closing,
}

impl Office {
    /// Opens one over an orchestrator. Must be called within a tokio runtime.
    pub fn open(orchestrator: &VmOrchestrator) -> Self {
        Self(Arc::new(Shared {
            orchestrator: orchestrator.clone(),
            jobs: Jobs::new(orchestrator),
            hours: watch::Sender::new(Hours::Open),
            under_way: Arc::new(watch::Sender::new(0)),
            hub: Hub::new(orchestrator.now()),
            listing: Listing::default(),
            work_moved: Notify::new(),
            pointers: Mutex::default(),
        }))
    }

    /// Calls a method for a client. Dropping the future cancels the call; it ends well by itself.
    pub async fn call(
        &self,
        method: &'static Offered,
        arguments: Value,
        client: &Client,
    ) -> Result<Answer, Error> {
        let vm = arguments.get("vm").and_then(Value::as_str).map(ToOwned::to_owned);
        let deed = Deed { name: method.name, scope: method.scope, vm };
        let work = |desk: Arc<Desk>| async move { method.call(arguments, &desk).await };
        self.perform(deed, client, work).await
    }

    /// Does some work at a desk for a client. Dropping the future cancels the work; it ends well by
    /// itself.
    pub(super) async fn perform<T: Send + 'static, W>(
        &self,
        deed: Deed,
        client: &Client,
        work: impl FnOnce(Arc<Desk>) -> W,
    ) -> Result<T, Error>
    where
        W: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let mut hours = self.0.hours.subscribe();
        if *hours.borrow() != Hours::Open {
            return Err(Error::new(ErrorKind::ServiceUnavailable, "the server is closing"));
        }
        let Deed { name, scope, vm } = deed;
        let desk = Arc::new(Desk::new(self, client, name));
        let _canceled_with_this = CancelOnDrop(Arc::clone(&desk));
        let under_way = UnderWay::begin(&self.0.under_way);
        let last = if scope == Scope::Observe { Hours::Draining } else { Hours::Closing };
        let call = work(Arc::clone(&desk));
        let work = tokio::spawn(async move {
            let _under_way = under_way;
            let mut call = std::pin::pin!(call);
            let late = tokio::select! {
                biased;
                answered = &mut call => return answered,
                _ = hours.wait_for(|it| last <= *it) => None,
                () = tokio::time::sleep(LONGEST) => {
                    Some(Error::new(ErrorKind::TimedOut, "no call may take longer than an hour"))
                }
            };
            desk.cancel();
            let answered = call.await;
            late.map_or(answered, Err)
        });
        let answered = work.await.unwrap_or_else(|e| {
            let message = format!("`{name}` broke off");
            Err(Error::new(ErrorKind::Internal, message).caused_by(e))
        });
        if scope != Scope::Observe {
            self.0.listing.outdate();
            let code = answered.as_ref().err().map(|it| it.kind().code());
            let data = json!({ "method": name, "code": code });
            let (kind, actor) = (Kind::Action, Some(client.name.clone()));
            self.tell(Happening { kind, vm, data, task: None, actor });
        }
        answered
    }

    /// Takes no more calls, lets the changes that are under way come to their end, cancels the rest
    /// and what takes too long, and waits for that.
    pub async fn close(&self) {
        self.0.hours.send_replace(Hours::Draining);
        self.end().await;
    }

    async fn end(&self) {
        self.0.jobs.cancel_waiting().await;
        let mut under_way = self.0.under_way.subscribe();
        if tokio::time::timeout(DRAIN, under_way.wait_for(|it| *it == 0)).await.is_err() {
            self.0.hours.send_replace(Hours::Closing);
            under_way.wait_for(|it| *it == 0).await.map(drop).ok();
        }
        self.0.jobs.close().await;
        self.0.hours.send_replace(Hours::Closing);
    }

    /// Cancels everything that is under way, and waits for its end.
    pub async fn close_at_once(&self) {
        self.0.hours.send_replace(Hours::Closing);
        self.end().await;
    }

    /// Waits until it closes.
    pub(super) async fn closing(&self) {
        let mut hours = self.0.hours.subscribe();
        hours.wait_for(|it| *it != Hours::Open).await.map(drop).ok();
    }

    /// Waits until nothing is under way any more, and nothing will be.
    pub(super) async fn closed(&self) {
        let mut hours = self.0.hours.subscribe();
        hours.wait_for(|it| *it == Hours::Closing).await.map(drop).ok();
    }

    /// Tells everybody what happened.
    pub(super) fn tell(&self, happening: Happening) {
        self.0.hub.tell(happening, self.now());
    }

    /// Returns what tells of events.
    pub(super) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Returns the VMs as they were lately.
    pub(super) fn listing(&self) -> &Listing {
        &self.0.listing
    }

    /// Says that a piece of work may have come, or ended.
    pub(super) fn work_moved(&self) {
        self.0.work_moved.notify_waiters();
    }

    /// Waits until a piece of work may have come, or ended.
    pub(super) fn work_moves(&self) -> Notified<'_> {
        self.0.work_moved.notified()
    }

    /// Returns where a VM's pointer was put last, if anybody did; nobody can ask the guest.
    pub(super) fn pointer_of(&self, vm: VmId) -> Option<Position> {
        self.0.pointers.lock().unwrap_or_else(PoisonError::into_inner).get(&vm).copied()
    }

    /// Notes where a VM's pointer was put.
    pub(super) fn remember_pointer(&self, vm: VmId, at: Position) {
        self.0.pointers.lock().unwrap_or_else(PoisonError::into_inner).insert(vm, at);
    }

    /// Returns the time.
    pub(super) fn now(&self) -> SystemTime {
        self.0.orchestrator.now()
    }

    /// Returns what every desk drives.
    pub(super) fn orchestrator(&self) -> &VmOrchestrator {
        &self.0.orchestrator
    }

    /// Returns what a desk drives, in a client's name.
    pub(super) fn orchestrator_for(&self, client: &Client, method: &str) -> VmOrchestrator {
        let caller = Caller { who: client.name.clone(), origin: client.origin.clone() };
        self.0.orchestrator.acting_for(caller, method)
    }

    /// Queues a call.
    pub(super) fn submit(
        &self,
        method: &'static Offered,
        arguments: Value,
        client: &Client,
        priority: Priority,
    ) -> Result<Job, Error> {
        self.0.jobs.submit(self.clone(), method, arguments, client, priority)
    }

    /// Queues the calls again that a killed server left, for who may still make them; what may not
    /// begin any more ends in the journal.
    #[cfg(feature = "serve")]
    pub(super) fn resume(&self, who: impl Fn(&str) -> Option<Client>) -> Result<(), Error> {
        let orchestrator = self.orchestrator();
        let here = Owner { pid: std::process::id(), started: self.now() };
        let heir = Owner::this_process().unwrap_or(here);
        for record in orchestrator.take_over_calls(heir)? {
            let arguments = record.arguments.as_deref().map(serde_json::from_str);
            let (id, found) = (record.id, Offered::find(&record.method));
            match (found, arguments, who(&record.actor)) {
                (Some(method), Some(Ok(arguments)), Some(client)) => {
                    tracing::info!(%id, method = method.name, "it is queued again");
                    let jobs = &self.0.jobs;
                    jobs.enter(self.clone(), method, arguments, &client, record).map(drop)?;
                }
                (None, ..) | (_, None | Some(Err(_)), _) | (.., None) => {
                    orchestrator.give_up_call(&record)?;
                }
            }
        }
        Ok(())
    }

    /// Finds a queued call.
    pub(super) fn job(&self, id: TaskId) -> Option<Job> {
        self.0.jobs.find(id)
    }

    /// Cancels a queued call, and waits until it has ended.
    pub(super) async fn cancel(&self, job: &Job) -> Result<(), Error> {
        self.0.jobs.cancel(job).await
    }
}

/// Cancels a call when nobody waits for it any more.
struct CancelOnDrop(Arc<Desk>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Counts a call while it is under way.
struct UnderWay(Arc<watch::Sender<usize>>);

impl UnderWay {
    fn begin(counter: &Arc<watch::Sender<usize>>) -> Self {
        counter.send_modify(|it| *it += 1);
        Self(Arc::clone(counter))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|it| *it -= 1);
    }
}

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::BatchOutput;
use crate::config::{Environment, Folders, Platform, Sources, load};
use crate::error::ErrorKind;
use crate::guest::OutputSink;
use crate::model::{Display, HypervisorKind, VmRef};
use crate::orchestrator::{Rehearsal, Setup, VmOrchestrator};
use crate::request::{
    Batch, CreateRequest, DiskWish, IfExists, OnFailure, Outcome, Pace, PortWish, Request,
    Response, WhenFull,
};

const USUAL: Pace = Pace { parallel: None, on_failure: OnFailure::GoOn };

/// Notes who begins and who ends.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<String>>);

#[derive(Debug)]
struct Nowhere;

impl OutputSink for Nowhere {
    fn stdout(&self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }

    fn stderr(&self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

impl BatchOutput for Notes {
    fn sink(&self, place: usize, vm: &str) -> Arc<dyn OutputSink> {
        self.0.lock().unwrap().push(format!("{place} {vm} begins"));
        Arc::new(Nowhere)
    }

    fn ended(&self, place: usize) {
        self.0.lock().unwrap().push(format!("{place} ends"));
    }
}

fn open(folder: &Path, rehearsal: Rehearsal) -> VmOrchestrator {
    let environment = Environment::from_iter([("VM_CLI_HOME", folder.display().to_string())]);
    let folders = Folders::find(Platform::current(), &environment, folder).unwrap();
    let mut settings = load(&Sources::default()).unwrap().settings;
    settings.hypervisor.driver = HypervisorKind::Simulated;
    VmOrchestrator::new(Setup { rehearsal, ..Setup::new(settings, folders) }).unwrap()
}

fn create(name: &str) -> Request {
    Request::Create(Box::new(CreateRequest {
        disk: Some(DiskWish::None),
        ssh: PortWish::None,
        ..CreateRequest::new(name.parse().unwrap())
    }))
}

fn start(name: &str) -> Request {
    let vm: VmRef = name.parse().unwrap();
    let when_full = WhenFull::Refuse;
    Request::Start { vm, display: Display::Headless, wait: None, when_full }
}

async fn all(on: &VmOrchestrator, requests: Vec<Request>, pace: Pace) -> (Batch, Vec<String>) {
    let notes = Arc::new(Notes::default());
    let batch = on.handle_all(requests, pace, notes.clone()).await;
    let notes = notes.0.lock().unwrap().clone();
    (batch, notes)
}

fn codes(batch: &Batch) -> Vec<(&str, &'static str)> {
    let code = |result: &Result<_, crate::error::Error>| match result {
        Ok(_) => "ok",
        Err(error) => error.kind().code(),
    };
    batch.outcomes.iter().map(|it| (it.vm.as_str(), code(&it.result))).collect()
}

#[tokio::test]
async fn outcomes_keep_the_order_of_the_requests_and_one_failure_is_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let on = open(folder.path(), Rehearsal::Perform);
    let names: Vec<String> = (0..12).map(|number| format!("vm-{number}")).collect();
    let (made, _) = all(&on, names.iter().map(|it| create(it)).collect(), USUAL).await;
    assert_eq!(made.failed(), 0, "{made:?}");
    let told: Vec<&str> = made.outcomes.iter().map(|it| it.vm.as_str()).collect();
    assert_eq!(told, names);
    let (begun, _) = all(&on, vec![start("vm-3"), start("nosuch"), start("vm-1")], USUAL).await;
    assert_eq!(codes(&begun), [("vm-3", "ok"), ("nosuch", "vm_not_found"), ("vm-1", "ok")]);
    assert_eq!(begun.errors().next().unwrap().vm(), Some("nosuch"));
    on.close().await;
}

#[tokio::test]
async fn no_more_are_under_way_than_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let on = open(folder.path(), Rehearsal::Perform);
    let requests: Vec<Request> = (0..8).map(|number| create(&format!("vm-{number}"))).collect();
    let pace = Pace { parallel: NonZeroUsize::new(3), on_failure: OnFailure::GoOn };
    let (made, notes) = all(&on, requests, pace).await;
    assert_eq!(made.failed(), 0, "{made:?}");
    let (mut under_way, mut most) = (0_usize, 0);
    for note in &notes {
        if note.ends_with("begins") {
            under_way += 1;
        } else {
            under_way -= 1;
        }
        most = most.max(under_way);
    }
    assert_eq!((most, under_way), (3, 0), "{notes:#?}");
    on.close().await;
}

#[tokio::test]
async fn with_fail_fast_nothing_is_begun_after_the_first_failure() {
    let folder = tempfile::tempdir().unwrap();
    let on = open(folder.path(), Rehearsal::Perform);
    all(&on, vec![create("a"), create("b")], USUAL).await;
    let pace = Pace { parallel: NonZeroUsize::new(1), on_failure: OnFailure::Stop };
    let (batch, notes) = all(&on, vec![start("a"), start("nosuch"), start("b")], pace).await;
    assert_eq!(codes(&batch), [("a", "ok"), ("nosuch", "vm_not_found"), ("b", "canceled")]);
    let left_out = batch.errors().last().unwrap();
    assert_eq!(left_out.message(), "`b` was left out: `nosuch` failed first");
    assert!(!notes.iter().any(|note| note == "2 b begins"), "{notes:?}");
    on.close().await;
}

#[tokio::test]
async fn a_cancellation_leaves_out_what_was_not_begun() {
    let folder = tempfile::tempdir().unwrap();
    let on = open(folder.path(), Rehearsal::Perform);
    on.cancel();
    let (batch, notes) = all(&on, vec![create("a"), create("b")], USUAL).await;
    assert_eq!(codes(&batch), [("a", "canceled"), ("b", "canceled")]);
    assert_eq!(notes, Vec::<String>::new());
    on.close().await;
}

#[tokio::test]
async fn a_rehearsal_tells_each_vms_steps_with_that_vm() {
    let folder = tempfile::tempdir().unwrap();
    let on = open(folder.path(), Rehearsal::Rehearse);
    let names: Vec<String> = (0..6).map(|number| format!("vm-{number}")).collect();
    let (batch, _) = all(&on, names.iter().map(|it| create(it)).collect(), USUAL).await;
    for outcome in &batch.outcomes {
        let Ok(Response::Rehearsed(steps)) = &outcome.result else { panic!("{outcome:?}") };
        assert!(!steps.is_empty() && steps.iter().all(|step| step.contains(&outcome.vm)));
    }
    on.close().await;
}

#[tokio::test]
async fn a_vm_that_is_there_is_kept_if_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let on = open(folder.path(), Rehearsal::Perform);
    let kept = |name: &str| {
        let Request::Create(asked) = create(name) else { panic!("a create") };
        Request::Create(Box::new(CreateRequest { if_exists: IfExists::Keep, ..*asked }))
    };
    all(&on, vec![create("a")], USUAL).await;
    let (again, _) = all(&on, vec![kept("a"), kept("b"), create("a")], USUAL).await;
    assert_eq!(codes(&again), [("a", "ok"), ("b", "ok"), ("a", "already_exists")]);
    let Ok(Response::Changed(change)) = &again.outcomes[0].result else { panic!("{again:?}") };
    assert_eq!((change.action, change.outcome), ("create", Outcome::Unchanged));
    assert!(matches!(again.outcomes[1].result, Ok(Response::Created(_))), "{again:?}");
    on.close().await;
}

#[tokio::test]
async fn a_selection_that_means_none_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let on = open(folder.path(), Rehearsal::Perform);
    let error = on.select(&crate::request::Selection::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VmNotFound);
    on.close().await;
}

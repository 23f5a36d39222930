//! A model of what one process after another must find: whatever the sequence of commands, the
//! simulator's VMs are in the states that the model predicts, and commands fail as it predicts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use vm_cli::config::{Folders, Settings};
use vm_cli::error::{Error, ErrorKind};
use vm_cli::guest::OutputSink;
use vm_cli::model::{Display, HypervisorKind, Mebibytes, StopMode, VmState};
use vm_cli::orchestrator::{Setup, VmOrchestrator};
use vm_cli::request::{
    CreateRequest, DiskWish, IfLive, IfMissing, PortWish, Request, Response, SnapshotAction,
    StopRequest, WhenFull, WhenLate,
};

const NAMES: [&str; 3] = ["ada", "bob", "cyd"];
const SNAPSHOTS: [&str; 2] = ["s0", "s1"];

/// A command about a VM.
#[derive(Debug, Clone, Copy)]
enum Move {
    Create,
    Start,
    Stop(StopMode),
    Pause,
    Resume,
    Reset,
    Delete(IfMissing, IfLive),
    Take(usize),
    Restore(usize, IfLive),
    Remove(usize),
    Status,
}

/// What a VM is, as the model knows it.
#[derive(Debug, Clone, PartialEq)]
struct Modelled {
    state: VmState,
    /// Each snapshot with the state to which it brings back; names may be there twice.
    snapshots: Vec<(usize, VmState)>,
}

type Model = BTreeMap<usize, Modelled>;

fn moves() -> impl Strategy<Value = (usize, Move)> {
    let modes = prop_oneof![Just(StopMode::PowerOff), Just(StopMode::Save)];
    let missing = prop_oneof![Just(IfMissing::Fail), Just(IfMissing::Succeed)];
    let live = || prop_oneof![Just(IfLive::Fail), Just(IfLive::PowerOff)];
    let snapshot = || 0..SNAPSHOTS.len();
    let what = prop_oneof![
        4 => Just(Move::Create),
        4 => Just(Move::Start),
        3 => modes.prop_map(Move::Stop),
        2 => Just(Move::Pause),
        2 => Just(Move::Resume),
        1 => Just(Move::Reset),
        2 => (missing, live()).prop_map(|(missing, live)| Move::Delete(missing, live)),
        3 => snapshot().prop_map(Move::Take),
        2 => (snapshot(), live()).prop_map(|(nth, live)| Move::Restore(nth, live)),
        1 => snapshot().prop_map(Move::Remove),
        1 => Just(Move::Status),
    ];
    (0..NAMES.len(), what)
}

/// Says what a command comes to, and changes the model.
fn predict(model: &mut Model, name: usize, what: Move) -> Result<(), ErrorKind> {
    use ErrorKind::{AlreadyExists, Ambiguous, InvalidState, SnapshotNotFound, VmNotFound};
    let Some(vm) = model.get_mut(&name) else {
        return match what {
            Move::Create => {
                let made = Modelled { state: VmState::PoweredOff, snapshots: Vec::new() };
                model.insert(name, made);
                Ok(())
            }
            Move::Delete(IfMissing::Succeed, _) => Ok(()),
            Move::Start
            | Move::Stop(_)
            | Move::Pause
            | Move::Resume
            | Move::Reset
            | Move::Delete(IfMissing::Fail, _)
            | Move::Take(_)
            | Move::Restore(..)
            | Move::Remove(_)
            | Move::Status => Err(VmNotFound),
        };
    };
    let is_live = [VmState::Running, VmState::Paused].contains(&vm.state);
    let find = |vm: &Modelled, nth| {
        let places = vm.snapshots.iter().enumerate().filter(|(_, (it, _))| *it == nth);
        match places.map(|(place, _)| place).collect::<Vec<_>>().as_slice() {
            [] => Err(SnapshotNotFound),
            [one] => Ok(*one),
            _ => Err(Ambiguous),
        }
    };
    match what {
        Move::Create => return Err(AlreadyExists),
        Move::Stop(_) if !is_live => {}
        Move::Stop(StopMode::Save) => vm.state = VmState::Saved,
        Move::Stop(_) => vm.state = VmState::PoweredOff,
        Move::Pause | Move::Resume | Move::Reset if !is_live => return Err(InvalidState),
        Move::Pause => vm.state = VmState::Paused,
        // Nor can one that is paused be reset, by VirtualBox's own rule.
        Move::Reset if vm.state == VmState::Paused => return Err(InvalidState),
        Move::Start | Move::Resume | Move::Reset => vm.state = VmState::Running,
        Move::Delete(_, IfLive::Fail) if is_live => return Err(InvalidState),
        Move::Delete(..) => drop(model.remove(&name)),
        Move::Take(nth) => {
            let kept = if is_live { VmState::Saved } else { vm.state.clone() };
            vm.snapshots.push((nth, kept));
        }
        Move::Restore(nth, how) => {
            let place = find(vm, nth)?;
            if is_live && how == IfLive::Fail {
                return Err(InvalidState);
            }
            vm.state = vm.snapshots[place].1.clone();
        }
        Move::Remove(nth) => {
            let place = find(vm, nth)?;
            vm.snapshots.remove(place);
        }
        Move::Status => {}
    }
    Ok(())
}

fn request(name: usize, what: Move) -> Request {
    let vm: vm_cli::model::VmRef = NAMES[name].parse().unwrap();
    let snapshot = |nth: usize| SNAPSHOTS[nth].parse().unwrap();
    let on = |vm, action| Request::Snapshot { vm, action };
    match what {
        Move::Create => Request::Create(Box::new(CreateRequest {
            memory: Some(Mebibytes(32)),
            disk: Some(DiskWish::None),
            ssh: PortWish::None,
            ..CreateRequest::new(NAMES[name].parse().unwrap())
        })),
        Move::Start => Request::Start {
            vm,
            display: Display::Headless,
            wait: None,
            when_full: WhenFull::Refuse,
        },
        Move::Stop(mode) => {
            let timeout = std::time::Duration::from_secs(5);
            Request::Stop(StopRequest { vm, mode, timeout, then: WhenLate::Fail })
        }
        Move::Pause => Request::Pause(vm),
        Move::Resume => Request::Resume(vm),
        Move::Reset => Request::Reset(vm),
        Move::Delete(if_missing, if_live) => Request::Delete { vm, if_missing, if_live },
        Move::Take(nth) => {
            on(vm, SnapshotAction::Take { name: snapshot(nth), description: String::new() })
        }
        Move::Restore(nth, if_live) => {
            on(vm, SnapshotAction::Restore { snapshot: snapshot(nth), if_live, start: None })
        }
        Move::Remove(nth) => on(vm, SnapshotAction::Delete { snapshot: snapshot(nth) }),
        Move::Status => Request::Status(vm),
    }
}

/// A sink for output that there is none of.
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

async fn ask(orchestrator: &VmOrchestrator, request: Request) -> Result<Response, Error> {
    orchestrator.handle(request, std::sync::Arc::new(Nowhere)).await
}

async fn check(sequence: &[(usize, Move)]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::default();
    settings.hypervisor.driver = HypervisorKind::Simulated;
    let mut model = Model::new();
    for (name, what) in sequence {
        // Each command is a process of its own, as far as that matters: it remembers nothing.
        let setup = Setup::new(settings.clone(), Folders::within(folder.path()));
        let orchestrator = VmOrchestrator::new(setup).unwrap();
        let predicted = predict(&mut model, *name, *what);
        let found = ask(&orchestrator, request(*name, *what)).await;
        let kind = found.as_ref().map(drop).map_err(Error::kind);
        prop_assert_eq!(kind, predicted, "{} {:?}: {:?}", NAMES[*name], what, found);
        let listed = match ask(&orchestrator, Request::List).await {
            Ok(Response::List(listed)) => listed,
            other => panic!("{other:?}"),
        };
        let states: BTreeMap<&str, &VmState> =
            listed.iter().map(|vm| (vm.name.as_str(), &vm.state)).collect();
        let expected: BTreeMap<&str, &VmState> =
            model.iter().map(|(name, vm)| (NAMES[*name], &vm.state)).collect();
        prop_assert_eq!(states, expected, "after {} {:?}", NAMES[*name], what);
        if let Some(vm) = model.get(name) {
            let Ok(Response::Status(seen)) = ask(&orchestrator, request(*name, Move::Status)).await
            else {
                panic!("it is listed, and has no status");
            };
            prop_assert_eq!(seen.snapshots.nodes().len(), vm.snapshots.len());
        }
        prop_assert_eq!(orchestrator.gc().await.unwrap(), Vec::new());
        orchestrator.close().await;
    }
    Ok(())
}

#[test]
fn vms_are_as_the_model_predicts_after_any_sequence() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let sequences = prop::collection::vec(moves(), 1..25);
    let result = TestRunner::new(config).run(&sequences, |it| runtime.block_on(check(&it)));
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

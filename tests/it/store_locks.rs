//! The locks between processes.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use tokio::time::Instant;
use vm_cli::error::Error;
use vm_cli::error::ErrorKind;
use vm_cli::model::VmId;
use vm_cli::store::locks::Holder;
use vm_cli::store::locks::LockFolder;
use vm_cli::store::locks::LockGuard;
use vm_cli::store::locks::LockKey;
use vm_cli::store::locks::LockMode;

use super::child;

fn holder(command: &str) -> Holder {
    let since = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    Holder { pid: std::process::id(), command: command.into(), since }
}

fn web() -> LockKey {
    LockKey::Vm(VmId::from_random(1))
}

fn locks(folder: &Path) -> LockFolder {
    LockFolder::new(folder.join("locks"))
}

/// Takes the lock of the VM if it is free now.
async fn take_now(locks: &LockFolder, mode: LockMode) -> Result<LockGuard, Error> {
    locks.lock(&web(), mode, &holder("vm-cli start web"), Instant::now(), |_| ()).await
}

/// A deadline that only a defect reaches.
fn late() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

#[tokio::test]
async fn an_exclusive_lock_excludes_and_its_error_names_the_holder() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(folder.path());
    let guard = take_now(&locks, LockMode::Exclusive).await.unwrap();
    for mode in [LockMode::Exclusive, LockMode::Shared] {
        let error = take_now(&locks, mode).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
        let who = format!(
            "process {} (`vm-cli start web`, since 2023-11-14T22:13:20Z)",
            std::process::id()
        );
        assert!(error.message().ends_with(&who), "{error}");
        assert_eq!(error.vm(), Some(VmId::from_random(1).to_string().as_str()));
    }
    drop(guard);
    assert_eq!(locks.holder(&web()), None);
    drop(take_now(&locks, LockMode::Shared).await.unwrap());
}

#[tokio::test]
async fn shared_locks_live_together_and_exclude_an_exclusive_one() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(folder.path());
    let _first = take_now(&locks, LockMode::Shared).await.unwrap();
    let second = take_now(&locks, LockMode::Shared).await.unwrap();
    drop(second);
    let error = take_now(&locks, LockMode::Exclusive).await.unwrap_err();
    assert!(error.message().ends_with("is locked by another vm-cli"), "{error}");
}

#[tokio::test]
async fn another_key_is_another_lock() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(folder.path());
    let _web = take_now(&locks, LockMode::Exclusive).await.unwrap();
    let me = holder("vm-cli create");
    for key in [LockKey::Vm(VmId::from_random(2)), LockKey::Name("web".into()), LockKey::Registry] {
        let other = locks.try_lock(&key, LockMode::Exclusive, &me).unwrap();
        assert!(other.is_some(), "{key}");
    }
}

#[tokio::test]
async fn a_waiter_is_told_whom_it_waits_for_and_gets_the_lock_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(folder.path());
    let held = Mutex::new(Some(take_now(&locks, LockMode::Exclusive).await.unwrap()));
    let mut told = Vec::new();
    let release_when_told = |other: Option<&Holder>| {
        told.push(other.cloned());
        drop(held.lock().unwrap().take());
    };
    let me = holder("vm-cli stop web");
    let _guard =
        locks.lock(&web(), LockMode::Exclusive, &me, late(), release_when_told).await.unwrap();
    assert_eq!(told, [Some(holder("vm-cli start web"))]);
    assert_eq!(locks.holder(&web()), Some(me));
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_at_the_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(folder.path());
    let _held = take_now(&locks, LockMode::Exclusive).await.unwrap();
    let begun = Instant::now();
    let deadline = begun + Duration::from_secs(7);
    let me = holder("vm-cli stop web");
    let error = locks.lock(&web(), LockMode::Exclusive, &me, deadline, |_| ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    assert!(begun.elapsed() < Duration::from_millis(7010), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_waiter_that_gives_up_leaves_the_lock_alone() {
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(folder.path());
    let held = take_now(&locks, LockMode::Exclusive).await.unwrap();
    let me = holder("vm-cli stop web");
    let key = web();
    let waiting = locks.lock(&key, LockMode::Exclusive, &me, late(), |_| ());
    let given_up = tokio::time::timeout(Duration::from_millis(20), waiting).await;
    assert!(given_up.is_err());
    assert_eq!(locks.holder(&web()), Some(holder("vm-cli start web")));
    drop(held);
    drop(take_now(&locks, LockMode::Exclusive).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_of_one_process_never_hold_it_together() {
    let folder = tempfile::tempdir().unwrap();
    let inside = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let locks = locks(folder.path());
            let inside = Arc::clone(&inside);
            tokio::spawn(async move {
                let me = holder("vm-cli start web");
                let guard = locks.lock(&web(), LockMode::Exclusive, &me, late(), |_| ()).await;
                let guard = guard.unwrap();
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                tokio::task::yield_now().await;
                assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1);
                drop(guard);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_killed_process_loses_its_lock() {
    if let Some(folder) = child::folder() {
        let _guard = take_now(&locks(&folder), LockMode::Exclusive).await.unwrap();
        println!("HELD");
        return child::wait_for_end_of_input();
    }
    let folder = tempfile::tempdir().unwrap();
    let locks = locks(folder.path());
    let mut owner = child::start("store_locks::a_killed_process_loses_its_lock", folder.path());
    child::wait_for_line(&mut owner, "HELD");
    let error = take_now(&locks, LockMode::Exclusive).await.unwrap_err();
    assert!(error.message().contains(&format!("process {}", owner.id())), "{error}");
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert_eq!(locks.holder(&web()).map(|holder| holder.pid), Some(owner.id()));
    let guard = take_now(&locks, LockMode::Shared).await.unwrap();
    assert_eq!(locks.holder(&web()), None);
    drop(guard);
    drop(take_now(&locks, LockMode::Exclusive).await.unwrap());
}

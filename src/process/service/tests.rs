#![cfg(unix)]

use std::time::{Duration, Instant};

use rustix::process::{Pid, test_kill_process};

use super::Service;
use crate::process::{CommandLine, ProcessError};

fn sh(script: &str) -> CommandLine {
    CommandLine::read("sh", Duration::from_secs(20)).arg("-c").arg(script)
}

fn pid(file: &std::path::Path) -> Pid {
    Pid::from_raw(std::fs::read_to_string(file).unwrap().trim().parse().unwrap()).unwrap()
}

fn gone(pid: Pid, within: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < within {
        if test_kill_process(pid).is_err() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

#[tokio::test]
async fn a_service_lives_as_long_as_it_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let script =
        format!("echo $$ > {}; echo all ready; while :; do sleep 0.05; done", file.display());
    let service = Service::start(&sh(&script), "ready").await.unwrap();
    assert!(service.is_serving());
    let served = pid(&file);
    assert!(test_kill_process(served).is_ok());
    drop(service);
    assert!(gone(served, Duration::from_secs(10)), "it outlived its holder");
}

#[tokio::test]
async fn one_that_would_not_end_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let script = format!(
        "trap : TERM; echo $$ > {}; echo ready; while :; do sleep 0.05; done",
        file.display()
    );
    let service = Service::start(&sh(&script), "ready").await.unwrap();
    let served = pid(&file);
    service.end().await;
    assert!(gone(served, Duration::from_secs(1)));
}

#[tokio::test]
async fn one_that_does_not_come_up_tells_its_last_words() {
    let failed = Service::start(&sh("echo one; echo bind failed >&2; exit 3"), "ready").await;
    let ProcessError::NotServing { said, .. } = failed.unwrap_err() else { panic!("it serves") };
    assert_eq!(said, "one; bind failed");
}

#[tokio::test]
async fn one_that_ends_by_itself_is_known_to_have_ended() {
    let service = Service::start(&sh("echo ready"), "ready").await.unwrap();
    let begun = Instant::now();
    while service.is_serving() {
        assert!(begun.elapsed() < Duration::from_secs(10));
        tokio::task::yield_now().await;
    }
}

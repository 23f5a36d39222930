#![cfg(unix)]

use std::fs;
use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getpgid, kill_process, test_kill_process};
use tempfile::TempDir;

use super::SystemRunner;
use super::system_runner::MOST_OUTPUT;
use crate::process::{CommandLine, CommandRunner, Exit, Output, ProcessError, Sign};

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(150);

fn sh(script: &str, deadline: Duration) -> CommandLine {
    CommandLine::read("sh", deadline).arg("-c").arg(script)
}

async fn run(script: &str) -> Result<Output, ProcessError> {
    SystemRunner::new(LONG).run(&sh(script, LONG)).await
}

/// A script that writes its process id and then waits for ever, one nap after the other.
fn wait_forever(folder: &TempDir, on_term: &str) -> String {
    let folder = folder.path().display();
    format!(
        "cd '{folder}'; trap '{on_term}' TERM; echo $$ > new; mv new pid; while :; do sleep 0.02; done"
    )
}

/// Waits until that script has written its process id.
async fn pid_in(folder: &TempDir) -> Pid {
    let begun = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(folder.path().join("pid")) {
            return Pid::from_raw(text.trim().parse().unwrap()).unwrap();
        }
        assert!(begun.elapsed() < LONG, "the program never came up");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Polls a call until its program is up, then drops the call.
async fn drop_midway(call: impl Future, folder: &TempDir) -> Pid {
    tokio::select! {
        _ = call => panic!("it was to run for ever"),
        pid = pid_in(folder) => pid,
    }
}

fn is_gone(pid: Pid) -> bool {
    test_kill_process(pid).is_err()
}

fn exists(folder: &TempDir, name: &str) -> bool {
    Path::exists(&folder.path().join(name))
}

#[tokio::test]
async fn output_and_exit_code_are_those_of_the_program() {
    let output = run("echo out; echo err >&2; exit 7").await.unwrap();
    assert_eq!(output.exit, Exit::Code(7));
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("out\n", "err\n"));
}

#[tokio::test]
async fn the_codes_of_a_shell_that_finds_nothing_are_output_and_not_errors() {
    for code in [126, 127] {
        assert_eq!(run(&format!("exit {code}")).await.unwrap().exit, Exit::Code(code));
    }
}

#[tokio::test]
async fn the_end_by_a_signal_is_told() {
    assert_eq!(run("kill -9 $$").await.unwrap().exit, Exit::Signal(9));
}

#[tokio::test]
async fn bytes_that_are_not_utf8_and_windows_line_ends_are_decoded() {
    let output = run(r"printf 'a\377b\r\nc\rd\n'").await.unwrap();
    assert_eq!(output.stdout, "a\u{fffd}b\nc\rd\n");
}

#[tokio::test]
async fn standard_input_is_empty_and_the_language_is_fixed() {
    let output = run("cat; echo $LC_ALL $LANG ${LANGUAGE-unset}").await.unwrap();
    assert_eq!(output.stdout, "C.UTF-8 C.UTF-8 unset\n");
}

#[tokio::test]
async fn much_output_on_both_pipes_at_once_does_not_block() {
    let script = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero";
    let output = run(script).await.unwrap();
    assert_eq!((output.stdout.len(), output.stderr.len()), (300_000, 300_000));
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_not_found() {
    let line = CommandLine::read("/nowhere/VBoxManage", LONG);
    let error = SystemRunner::new(LONG).run(&line).await.unwrap_err();
    assert!(
        matches!(&error, ProcessError::NotFound { program } if program == "/nowhere/VBoxManage")
    );
}

#[tokio::test]
async fn a_file_that_is_no_program_cannot_be_started() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let line = CommandLine::read(file.path(), LONG);
    let error = SystemRunner::new(LONG).run(&line).await.unwrap_err();
    assert!(matches!(error, ProcessError::Spawn { .. }), "{error:?}");
}

#[tokio::test]
async fn a_late_program_is_ended_before_the_error_comes() {
    let folder = TempDir::new().unwrap();
    let runner = SystemRunner::new(LONG);
    let script = wait_forever(&folder, "echo bye > bye; exit 0");
    let error = runner.run(&sh(&script, Duration::from_secs(2))).await.unwrap_err();
    assert!(matches!(error, ProcessError::TimedOut { after, .. } if after.as_secs() == 2));
    assert!(exists(&folder, "bye"), "it was not asked to end");
    assert!(is_gone(pid_in(&folder).await));
}

#[tokio::test]
async fn a_program_that_floods_is_ended() {
    let error = run("exec cat /dev/zero").await.unwrap_err();
    assert!(matches!(error, ProcessError::Flood { limit: MOST_OUTPUT, .. }), "{error:?}");
}

#[tokio::test]
async fn a_dropped_call_asks_its_program_to_end_and_settles() {
    let folder = TempDir::new().unwrap();
    let runner = SystemRunner::new(LONG);
    let line = sh(&wait_forever(&folder, "echo bye > bye; exit 0"), LONG);
    let pid = drop_midway(runner.run(&line), &folder).await;
    runner.settle().await;
    assert!(exists(&folder, "bye"), "it was not asked to end");
    assert!(is_gone(pid), "it was not reaped");
}

#[tokio::test]
async fn a_dropped_call_that_takes_a_moment_only_ends_by_itself() {
    let folder = TempDir::new().unwrap();
    let runner = SystemRunner::new(LONG);
    let place = folder.path().display();
    let script = format!("cd '{place}'; echo $$ > new; mv new pid; sleep 0.3; echo made > made");
    drop_midway(runner.run(&sh(&script, LONG).let_end()), &folder).await;
    runner.settle().await;
    assert!(exists(&folder, "made"), "it was ended in the middle");
}

#[tokio::test]
async fn a_dropped_call_that_takes_longer_after_all_is_asked_to_end() {
    let folder = TempDir::new().unwrap();
    let runner = SystemRunner::new(SHORT * 4);
    let line = sh(&wait_forever(&folder, "echo bye > bye; exit 0"), LONG).let_end();
    let pid = drop_midway(runner.run(&line), &folder).await;
    runner.settle().await;
    assert!(exists(&folder, "bye"), "it was not asked to end");
    assert!(is_gone(pid), "it was not reaped");
}

#[tokio::test]
async fn what_a_canceled_program_had_started_lives_on_in_a_group_of_its_own() {
    let folder = TempDir::new().unwrap();
    let runner = SystemRunner::new(LONG);
    let script = format!("sleep 60 & service=$!; {}", wait_forever(&folder, "exit 0"));
    let script = script.replace("echo $$ > new", "echo $service > new");
    let service = drop_midway(runner.run(&sh(&script, LONG)), &folder).await;
    assert_ne!(getpgid(Some(service)).unwrap(), getpgid(None).unwrap());
    runner.settle().await;
    kill_process(service, Signal::TERM).expect("it was ended with its parent");
}

#[tokio::test]
async fn a_program_that_will_not_end_is_killed_after_the_grace() {
    let folder = TempDir::new().unwrap();
    let runner = SystemRunner::new(SHORT);
    let line = sh(&wait_forever(&folder, ""), LONG);
    let pid = drop_midway(runner.run(&line), &folder).await;
    let canceled = Instant::now();
    runner.settle().await;
    assert!(canceled.elapsed() >= SHORT, "it had no time to end by itself");
    assert!(is_gone(pid));
}

#[tokio::test]
async fn what_a_program_prints_while_it_ends_does_not_block_it() {
    let folder = TempDir::new().unwrap();
    let runner = SystemRunner::new(LONG);
    let on_term = "head -c 300000 /dev/zero; echo bye > bye; exit 0";
    let line = sh(&wait_forever(&folder, on_term), LONG);
    drop_midway(runner.run(&line), &folder).await;
    runner.settle().await;
    assert!(exists(&folder, "bye"));
}

#[tokio::test]
async fn a_service_that_inherits_the_pipes_does_not_hold_up_the_call() {
    let begun = Instant::now();
    let output = run("sleep 60 & echo $!").await.unwrap();
    assert!(begun.elapsed() < LONG / 2, "it waited for the end of the pipe");
    let service = Pid::from_raw(output.stdout.trim().parse().unwrap()).unwrap();
    kill_process(service, Signal::TERM).expect("the service was left alone");
}

#[tokio::test]
async fn a_service_that_goes_on_printing_does_not_hold_up_the_call_either() {
    let begun = Instant::now();
    let output = run("(while echo tick; do :; done) & echo $!").await.unwrap();
    assert!(begun.elapsed() < LONG / 2, "it listened to the service");
    assert!(output.stdout.contains(|c: char| c.is_ascii_digit()));
}

#[tokio::test]
async fn without_canceled_calls_there_is_nothing_to_settle() {
    let runner = SystemRunner::new(LONG);
    runner.run(&sh("true", LONG)).await.unwrap();
    runner.settle().await;
}

#[tokio::test]
async fn a_program_that_has_done_its_work_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("echo made; echo 0%...100% >&2; {}", wait_forever(&folder, "exit"));
    let runner = SystemRunner::new(LONG);
    let line = sh(&script, LONG).seen_by(Sign::Completion);
    let output = runner.run(&line).await.unwrap();
    assert_eq!((output.exit, output.stdout.as_str()), (Exit::Dismissed, "made\n"));
    let pid = pid_in(&folder).await;
    runner.settle().await;
    assert!(is_gone(pid));
}

#[tokio::test]
async fn a_program_that_only_begins_its_work_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings");
    fs::write(&file, "before").unwrap();
    let line = sh("sleep 2; exit 3", LONG);
    for sign in [Sign::Completion, Sign::Rewritten(file)] {
        let output = SystemRunner::new(LONG).run(&line.clone().seen_by(sign)).await.unwrap();
        assert_eq!(output.exit, Exit::Code(3));
    }
}

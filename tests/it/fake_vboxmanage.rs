//! The program that stands in for VBoxManage breaks as it is told to.

use std::fs;
use std::process::{Command, Output, Stdio};

struct Fake {
    folder: tempfile::TempDir,
}

impl Fake {
    fn with(rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plan.json"), format!(r#"{{"seed":7,"rules":[{rules}]}}"#))
            .unwrap();
        Self { folder }
    }

    fn call(&self, arguments: &[&str]) -> Command {
        let mut call = Command::new(env!("CARGO_BIN_EXE_fake-vboxmanage"));
        call.args(arguments)
            .env_remove("FAKE_VBOXMANAGE_REAL")
            .env("FAKE_VBOXMANAGE_PLAN", self.folder.path().join("plan.json"))
            .env("FAKE_VBOXMANAGE_LOG", self.folder.path().join("log"))
            .stdin(Stdio::null());
        call
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.call(arguments).output().unwrap()
    }

    fn log(&self) -> Vec<serde_json::Value> {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn without_faults_it_is_an_installation_without_vms() {
    let fake = Fake::with("");
    assert_eq!(fake.run(&["--version"]).stdout, b"7.2.22r175245\n");
    let list = fake.run(&["list", "vms"]);
    assert!(list.status.success() && list.stdout.is_empty());
    let missing = fake.run(&["showvminfo", "web"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("0x80bb0001"));
}

#[test]
fn a_rule_strikes_as_often_as_it_says_over_all_processes() {
    let fake = Fake::with(r#"{"match":"startvm","fault":"locked","times":2}"#);
    let mut calls: Vec<_> = (0..6)
        .map(|_| {
            let mut call = fake.call(&["startvm", "web"]);
            call.stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let errors = calls.drain(..).map(|call| stderr(&call.wait_with_output().unwrap()));
    let locked = errors.filter(|it| it.contains("'web' is already locked by a session")).count();
    assert_eq!(locked, 2);
    let log = fake.log();
    assert_eq!(log.len(), 6);
    assert_eq!(log.iter().filter(|call| call["fault"] == "locked").count(), 2);
    assert_eq!(log[0]["argv"], serde_json::json!(["startvm", "web"]));
}

#[test]
fn odds_strike_some_calls_and_not_others() {
    let fake = Fake::with(r#"{"match":"list","fault":"service","odds":0.5}"#);
    let struck = (0..20).filter(|_| !fake.run(&["list", "vms"]).status.success()).count();
    assert!((3..=17).contains(&struck), "{struck} of 20");
}

#[test]
fn success_may_be_a_lie() {
    let fake = Fake::with(
        r#"{"match":"modifyvm","fault":"exit0_error"}, {"match":"list","fault":"rubbish"},
           {"match":"showvminfo","fault":"empty"}"#,
    );
    let lie = fake.run(&["modifyvm", "web"]);
    assert!(lie.status.success() && stderr(&lie).starts_with("VBoxManage: error:"));
    let rubbish = fake.run(&["list", "vms"]);
    assert!(rubbish.status.success() && String::from_utf8(rubbish.stdout).is_err());
    let empty = fake.run(&["showvminfo", "web"]);
    assert!(empty.status.success() && empty.stdout.is_empty() && empty.stderr.is_empty());
}

#[cfg(unix)]
mod signals {
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command, Stdio};

    use super::{Fake, fs};

    fn terminate(child: &Child) {
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    #[test]
    fn one_that_hangs_ends_by_a_signal_and_a_deaf_one_only_when_killed() {
        let fake = Fake::with(
            r#"{"match":"startvm","fault":"hang"}, {"match":"savestate","fault":"hang_hard"}"#,
        );
        let mut hanging = fake.call(&["startvm", "web"]).spawn().unwrap();
        terminate(&hanging);
        assert_eq!(hanging.wait().unwrap().signal(), Some(15));

        let mut call = fake.call(&["controlvm", "web", "savestate"]);
        let mut deaf = call.stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(deaf.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "deaf\n");
        terminate(&deaf);
        terminate(&deaf);
        assert!(deaf.try_wait().unwrap().is_none());
        deaf.kill().unwrap();
        assert_eq!(deaf.wait().unwrap().signal(), Some(9));
    }

    #[test]
    fn a_flood_ends_only_when_nobody_reads() {
        let fake = Fake::with(r#"{"match":"list","fault":"flood"}"#);
        let mut call = fake.call(&["list", "vms"]);
        let mut child = call.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut much = vec![0; 3 << 20];
        out.read_exact(&mut much).unwrap();
        drop(out);
        assert!(!child.wait().unwrap().success());
    }

    #[test]
    fn one_that_dies_after_the_deed_has_done_it_and_one_that_dies_before_has_not() {
        let fake = Fake::with(
            r#"{"match":"before","fault":"die_before"}, {"match":"after","fault":"die_after"}"#,
        );
        let real = fake.folder.path().join("real");
        fs::write(&real, "#!/bin/sh\ntouch \"$(dirname \"$0\")/$1\"\necho done\n").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o755)).unwrap();
        for verb in ["before", "after"] {
            let output = fake.call(&[verb]).env("FAKE_VBOXMANAGE_REAL", &real).output().unwrap();
            assert!(output.status.code().is_none() && output.stdout.is_empty());
        }
        assert!(!fake.folder.path().join("before").exists());
        assert!(fake.folder.path().join("after").exists());
        let plain = fake.call(&["plain"]).env("FAKE_VBOXMANAGE_REAL", &real).output().unwrap();
        assert_eq!(plain.stdout, b"done\n");
    }
}

//! What the lock of a VM costs each command: `cargo bench --bench locks`.
#![expect(clippy::print_stdout, reason = "a report")]
#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot measure")]
#![expect(clippy::disallowed_methods, reason = "it reads the clock")]

use std::time::{Duration, Instant, SystemTime};

use vm_cli::model::VmId;
use vm_cli::store::locks::{Holder, LockFolder, LockKey, LockMode};

const RUNS: usize = 2000;

fn median(what: &str, mut run: impl FnMut()) {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |share: usize| times.get(RUNS * share / 100).copied().unwrap_or_default();
    println!("{what:<44} median {:>9.1?}  p95 {:>9.1?}", at(50), at(95));
}

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let locks = LockFolder::new(folder.path().join("locks"));
    let key = LockKey::Vm(VmId::from_random(1));
    let command = "vm-cli status --name web".to_owned();
    let me = Holder { pid: std::process::id(), command, since: SystemTime::now() };
    let take = || {
        let free = locks.try_lock(&key, LockMode::Exclusive, &me).expect("it can be locked");
        free.expect("nobody has it")
    };
    median("a change: take, forget the answer, release", || {
        let guard = take();
        locks.forget_answer(&guard, &key);
    });
    let answer = "x".repeat(8 * 1024);
    median("a read: take, count, publish, release", || {
        let ticket = locks.ticket(&key);
        let guard = take();
        assert_eq!(locks.answer(&guard, &key, &ticket), None);
        let read = locks.begin_read(&guard, &key).expect("it can be counted");
        locks.publish(&guard, &key, &read, &answer);
    });
}

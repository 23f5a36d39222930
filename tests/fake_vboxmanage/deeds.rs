use std::io::{self, Write};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::canned;
use crate::plan::{Fault, FaultName};
use crate::texts;

/// Carries a fault out and ends.
pub(crate) fn commit(fault: &Fault, real: Option<&Path>, arguments: &[String]) -> ! {
    match fault.name {
        FaultName::Locked => fail(&texts::locked(arguments)),
        FaultName::NotReady => fail(texts::NOT_READY),
        FaultName::Service => fail(texts::SERVICE),
        FaultName::Hang => sleep_for_ever(),
        FaultName::HangHard => deaf(),
        FaultName::Flood => flood(),
        FaultName::Rubbish => rubbish(fault.draw),
        FaultName::DieBefore => process::abort(),
        FaultName::DieDuring => {
            if let Some(real) = real {
                let mut call = Command::new(real);
                call.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
                let mut child = call.spawn().expect("the real VBoxManage can be started");
                let most = fault.ms.max(1);
                thread::sleep(Duration::from_millis(
                    fastrand::Rng::with_seed(fault.draw).u64(..most),
                ));
                drop(child.kill());
                drop(child.wait());
            }
            process::abort()
        }
        FaultName::DieAfter => {
            if let Some(real) = real {
                let mut call = Command::new(real);
                call.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
                call.status().expect("the real VBoxManage can be started");
            }
            process::abort()
        }
        FaultName::HangAfter => {
            if let Some(real) = real {
                let mut call = Command::new(real);
                call.args(arguments).stdout(Stdio::null());
                call.status().expect("the real VBoxManage can be started");
            }
            sleep_for_ever()
        }
        FaultName::Exit0Error => {
            eprint!("{}", texts::UNNAMED);
            process::exit(0)
        }
        FaultName::Slow => {
            thread::sleep(Duration::from_millis(fault.ms));
            pass_on(real, arguments)
        }
        FaultName::Empty => process::exit(0),
        FaultName::Pass => pass_on(real, arguments),
    }
}

/// Becomes the real program, so that signals reach it.
#[cfg(unix)]
pub(crate) fn pass_on(real: Option<&Path>, arguments: &[String]) -> ! {
    use std::os::unix::process::CommandExt;

    let Some(real) = real else { canned::answer(arguments) };
    // The arguments as they came: they need not be UTF-8.
    let error = Command::new(real).args(std::env::args_os().skip(1)).exec();
    eprintln!("fake-vboxmanage: {}: {error}", real.display());
    process::exit(126)
}

/// Calls the real program and ends as it does.
#[cfg(not(unix))]
pub(crate) fn pass_on(real: Option<&Path>, arguments: &[String]) -> ! {
    let Some(real) = real else { canned::answer(arguments) };
    let status = Command::new(real).args(std::env::args_os().skip(1)).status();
    let code = status.expect("the real VBoxManage can be started").code();
    process::exit(code.unwrap_or(1))
}

fn fail(text: &str) -> ! {
    eprint!("{text}");
    process::exit(1)
}

fn sleep_for_ever() -> ! {
    loop {
        thread::sleep(Duration::from_hours(1));
    }
}

/// Sleeps, deaf to every signal but the last.
fn deaf() -> ! {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be built").block_on(async {
        let _ears = deaf_ears();
        eprintln!("deaf"); // for a test to wait for
        loop {
            tokio::time::sleep(Duration::from_hours(1)).await;
        }
    })
}

/// Takes the signals that ask a program to end, for as long as the listeners live. Must be called
/// within a runtime.
#[cfg(unix)]
fn deaf_ears() -> impl Sized {
    use tokio::signal::unix::{SignalKind, signal};

    [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()]
        .map(|kind| signal(kind).expect("a signal can be taken"))
}

#[cfg(windows)]
fn deaf_ears() -> impl Sized {
    tokio::signal::windows::ctrl_break().expect("a signal can be taken")
}

fn flood() -> ! {
    let line = [b'.'; 4096];
    let mut out = io::stdout().lock();
    loop {
        if out.write_all(&line).is_err() {
            process::exit(1);
        }
    }
}

fn rubbish(draw: u64) -> ! {
    let mut bytes = vec![0; 2000];
    fastrand::Rng::with_seed(draw).fill(&mut bytes);
    drop(io::stdout().write_all(&bytes));
    process::exit(0)
}

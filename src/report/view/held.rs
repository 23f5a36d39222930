use crate::model::Phase;
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::HeldItem;
use crate::report::sheet::Sheet;
use crate::request::{HeldReport, Outcome, Session, Working};

pub(super) fn held(held: &HeldReport) -> Document {
    let worker = match &held.worker {
        Working::Nobody => "nobody".to_owned(),
        Working::Somebody => "a process".to_owned(),
        Working::Known(worker) => format!("process {} (`{}`)", worker.pid, worker.command),
    };
    let session = match &held.session {
        Session::Free => "nobody".to_owned(),
        Session::Held(by) => format!("{by}, and it answers"),
        Session::Silent => "a process that does not answer".to_owned(),
        Session::NotAsked => "not asked while vm-cli works on it".to_owned(),
    };
    let sheet = Sheet::default()
        .row("name", &held.vm)
        .cell("state", Cell::state(&held.state))
        .row("held by vm-cli", worker)
        .row("held by VirtualBox", session)
        .row("that means", meaning(held));
    let names = vec![held.vm.clone()];
    Document::items(&[HeldItem::from(held)], Body::Sheet(sheet), names)
}

/// Returns what that means, and what to do.
fn meaning(held: &HeldReport) -> &'static str {
    if held.outcome == Outcome::Changed {
        return "the process that hung was ended; start the VM again";
    }
    match (&held.session, &held.worker, held.state.phase()) {
        (Session::Silent, ..) => {
            "it hangs; `vm-cli unlock --force` ends it, and what its guest had not written is lost"
        }
        (_, Working::Known(_) | Working::Somebody, _) => {
            "wait until that vm-cli is done, or end its process"
        }
        (Session::Held(_), Working::Nobody, Phase::Offline) => {
            "another program of VirtualBox holds it: close its window, or `vm-cli unlock --force`"
        }
        (Session::Held(_), Working::Nobody, _) => "it is in use, and nothing is stuck",
        (Session::Free | Session::NotAsked, Working::Nobody, _) => "nothing is locked",
    }
}

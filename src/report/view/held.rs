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

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use crate::model::VmState;
    use crate::report::{Document, Format, Style, render};
    use crate::request::{HeldReport, Outcome, Response, Session, Worker, Working};

    fn shown(response: &Response, format: Format) -> String {
        render(&Document::of(response), &Style { format, ..Style::default() }).unwrap()
    }

    #[test]
    fn what_holds_a_vm_is_told_with_what_it_means() {
        let report = HeldReport {
            vm: "web".to_owned(),
            state: VmState::Running,
            worker: Working::Known(Worker {
                pid: 12,
                command: "vm-cli start web".to_owned(),
                since: UNIX_EPOCH,
            }),
            session: Session::Silent,
            outcome: Outcome::Unchanged,
        };
        let silent = Response::Held(Box::new(report.clone()));
        let expected = "name                web\n\
                        state               running\n\
                        held by vm-cli      process 12 (`vm-cli start web`)\n\
                        held by VirtualBox  a process that does not answer\n\
                        that means          it hangs; `vm-cli unlock --force` ends it, and what its \
                        guest had not written is lost\n";
        assert_eq!(shown(&silent, Format::Table), expected);
        let line = "{\"vm\":\"web\",\"action\":\"unlock\",\"changed\":false,\"state\":\"running\",\
                    \"worker\":{\"pid\":12,\"command\":\"vm-cli start web\",\
                    \"since\":\"1970-01-01T00:00:00Z\"},\"session\":\"silent\",\"session_holder\":null}\n";
        assert_eq!(shown(&silent, Format::JsonLines), line);
        let (worker, session) = (Working::Nobody, Session::Held("GUI".to_owned()));
        let held = HeldReport { worker, session, state: VmState::PoweredOff, ..report };
        let held = shown(&Response::Held(Box::new(held)), Format::Table);
        assert!(
            held.contains("GUI, and it answers") && held.contains("close its window"),
            "{held}"
        );
    }
}

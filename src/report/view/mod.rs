//! One document for each kind of response.

mod answers;
mod batch;
mod change;
mod clock;
mod display;
mod fleet;
mod forward;
mod guest;
mod held;
mod install;
mod iso;
mod metrics;
mod outcomes;
mod pointer;
mod reading;
mod recovery;
mod screen;
mod screen_diff;
mod settings;
mod setup;
mod share;
mod snapshot;
mod steps;
mod system;
mod task;
mod template;
mod token;
mod transfer;
mod upkeep;
mod vm;
mod watch;

pub use answers::Answered;
pub use guest::Captured;
pub use reading::{Found, Seen};
pub use screen_diff::ScreenDiff;
pub use settings::Setting;
pub use steps::PlayedStep;
pub use watch::{watch_json, watch_json_end, watch_line};

use super::Document;
use super::document::Body;
use super::dto::RehearsedItem;
use crate::request::Response;

impl Document {
    /// Builds the document of a response.
    pub fn of(response: &Response) -> Self {
        match response {
            Response::Changed(change) => change::changed(change),
            Response::Created(creation) => change::created(creation),
            Response::Installed(report) => install::installed(report),
            Response::List(vms) => vm::list(vms),
            Response::Status(found) => vm::status(found),
            Response::Snapshots { vm, tree } => snapshot::list(vm, tree),
            Response::Copied { action, made } => change::copied(action, made),
            Response::Template(found) => template::told(found),
            Response::Templates(found) => template::list(found),
            Response::Forwards { vm, forwards } => forward::list(vm, forwards),
            Response::Shares { vm, folders } => share::list(vm, folders),
            Response::Forwarded(forwarded) => forward::forwarded(forwarded),
            Response::Pointed(pointed) => pointer::pointed(pointed),
            Response::Screen(screen) => screen::screen(screen),
            Response::Executed { vm, exit_code, via, took } => {
                guest::executed(vm, *exit_code, *via, *took, &Captured::default())
            }
            Response::Transferred(report) => transfer::transferred(report),
            Response::Ran(ran) => guest::ran(ran, &Captured::default()),
            Response::Display(report) => Self::display(report, None),
            Response::Clock(report) => clock::clock(report),
            Response::Held(held) => held::held(held),
            Response::Recovered(report) => recovery::recovered(report),
            Response::Checked(findings) => setup::checked(findings),
            Response::SystemStatus(system) => system::status(system),
            Response::Rehearsed(steps) => rehearsed(steps),
        }
    }
}

fn rehearsed(steps: &[String]) -> Document {
    let item = |step: &String| RehearsedItem { would_run: step.clone() };
    let items: Vec<RehearsedItem> = steps.iter().map(item).collect();
    Document::items(&items, Body::Lines(steps.to_vec()), steps.to_vec())
}

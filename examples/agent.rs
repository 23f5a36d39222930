//! An agent from end to end: it takes a VM for itself, looks for a button on its screen, presses it,
//! waits for what it must lead to, and takes a snapshot.
//!
//! ```sh
//! vm-cli serve &
//! agent http://127.0.0.1:8470 web Install "Installation complete" installed
//! ```
//!
//! Its token stands in the variable `VM_CLI_TOKEN`, where the server wants one.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own: it reads its arguments and prints"
)]

use std::time::Duration;

use vm_cli::client::{Address, Client};
use vm_cli::error::{Error, ErrorKind};
use vm_cli::model::{Button, Position, SnapshotName, VmRef};
use vm_cli::request::{
    Analysis, Clicks, Gesture, Look, PictureTo, PointerRequest, Request, Response, ScreenWatch,
    ScreenshotRequest, Secret, SnapshotAction, Space, View, WaitCondition,
};
use vm_cli::screen::{ElementKind, missing, seek};

/// A lease is renewed three times in this span.
const LEASE: Duration = Duration::from_secs(30);

/// How long the agent waits for what its click leads to.
const PATIENCE: Duration = Duration::from_mins(5);

/// How long it waits until it sees that a click did something.
const SETTLE: Duration = Duration::from_secs(1);

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [server, vm, button, text, snapshot] = arguments.as_slice() else {
        return Err(Error::new(ErrorKind::Usage, "usage: agent URL VM BUTTON TEXT SNAPSHOT"));
    };
    let token = std::env::var("VM_CLI_TOKEN").ok().map(Secret::new);
    let client = Client::new(server.parse::<Address>()?, token).named("example-agent");
    let (vm, snapshot) = (vm.parse()?, snapshot.parse()?);
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Error::new(ErrorKind::Io, "cannot start the runtime").caused_by(e))?;
    runtime.block_on(async {
        client.register("installer", &["look", "click", "snapshot"]).await?;
        let mut lease = client.lease(&vm, LEASE).await?;
        let worked = tokio::select! {
            worked = work(&client, &vm, button, text, snapshot) => worked,
            // Somebody else has the VM now: nothing more may be done in it.
            lost = lease.lost() => return Err(lost),
        };
        lease.give_back().await?;
        worked
    })
}

async fn work(
    client: &Client,
    vm: &VmRef,
    button: &str,
    text: &str,
    snapshot: SnapshotName,
) -> Result<(), Error> {
    let at = find(client, vm, button).await?;
    let (button, times) = (Button::Left, Clicks::Single);
    let click = PointerRequest {
        vm: vm.clone(),
        gesture: Gesture::Click { at, button, times },
        space: Space::Native,
        look: Look::Until(SETTLE),
    };
    let Response::Pointed(pointed) = client.call(Request::Point(click)).await? else {
        return Err(unexpected());
    };
    let changed = pointed.effect.is_some_and(|it| it.is_change());
    println!("clicked at {at}; the screen {}", if changed { "changed" } else { "is the same" });

    let watch = ScreenWatch { text: Some(text.to_owned()), ..ScreenWatch::default() };
    let (condition, timeout) = (WaitCondition::Text, PATIENCE);
    client.call(Request::Wait { vm: vm.clone(), condition, timeout, watch }).await?;
    println!("it says `{text}`");

    println!("taking the snapshot `{snapshot}`");
    let description = format!("after `{text}`");
    let action = SnapshotAction::Take { name: snapshot, description };
    client.call(Request::Snapshot { vm: vm.clone(), action }).await.map(drop)
}

/// Reads the screen, and returns where a button is.
async fn find(client: &Client, vm: &VmRef, button: &str) -> Result<Position, Error> {
    let look = ScreenshotRequest {
        vm: vm.clone(),
        to: PictureTo::Response,
        analysis: Analysis::Wanted,
        view: View::default(),
    };
    let Response::Screen(screen) = client.call(Request::Screenshot(look)).await? else {
        return Err(unexpected());
    };
    let reading = screen.reading.ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, "the server was built without reading screens")
    })?;
    let kind = Some(ElementKind::Button);
    let found = seek(&reading, button, kind);
    let best = found.first().ok_or_else(|| missing(&reading, button, kind))?;
    Ok(best.element.area.centre())
}

fn unexpected() -> Error {
    Error::new(ErrorKind::Unparseable, "the server answers something else than was asked")
}

//! The calls that are made, by name and with types.

use super::conversation::{Conversation, Problem};
use super::envelope::{Call, field};
use crate::model::{Button, PointerReport, Size, Wheel};

/// Logs on, and returns the key to everything else.
pub(super) async fn log_on(
    with: &mut Conversation,
    user: &str,
    password: &str,
) -> Result<String, Problem> {
    let arguments = vec![("username", user.to_owned()), ("password", password.to_owned())];
    value(with, "IWebsessionManager_logon", arguments).await
}

/// Sets who may log on to a web service that is started later.
pub(super) async fn set_auth_library(
    with: &mut Conversation,
    virtualbox: &str,
    library: &str,
) -> Result<(), Problem> {
    let properties = of(with, "IVirtualBox_getSystemProperties", virtualbox).await?;
    let arguments = vec![("_this", properties), ("webServiceAuthLibrary", library.to_owned())];
    tell(with, "ISystemProperties_setWebServiceAuthLibrary", arguments).await
}

/// Takes an entry out of VirtualBox's global extra data.
pub(super) async fn remove_extra_data(
    with: &mut Conversation,
    virtualbox: &str,
    key: &str,
) -> Result<(), Problem> {
    let arguments =
        vec![("_this", virtualbox.to_owned()), ("key", key.to_owned()), ("value", String::new())];
    tell(with, "IVirtualBox_setExtraData", arguments).await
}

/// Finds a VM by its name or identity.
pub(super) async fn find(
    with: &mut Conversation,
    virtualbox: &str,
    vm: &str,
) -> Result<String, Problem> {
    let arguments = vec![("_this", virtualbox.to_owned()), ("nameOrId", vm.to_owned())];
    value(with, "IVirtualBox_findMachine", arguments).await
}

/// Makes a session.
pub(super) async fn session(with: &mut Conversation, virtualbox: &str) -> Result<String, Problem> {
    let arguments = vec![("refIVirtualBox", virtualbox.to_owned())];
    value(with, "IWebsessionManager_getSessionObject", arguments).await
}

/// Gets hold of a running VM for a session, beside others that do.
pub(super) async fn lock(
    with: &mut Conversation,
    machine: &str,
    session: &str,
) -> Result<(), Problem> {
    let arguments = vec![
        ("_this", machine.to_owned()),
        ("session", session.to_owned()),
        ("lockType", "Shared".to_owned()),
    ];
    tell(with, "IMachine_lockMachine", arguments).await
}

/// Lets go of a session's VM.
pub(super) async fn unlock(with: &mut Conversation, session: &str) -> Result<(), Problem> {
    tell(with, "ISession_unlockMachine", vec![("_this", session.to_owned())]).await
}

/// Returns how large a display's first screen is.
pub(super) async fn resolution(with: &mut Conversation, display: &str) -> Result<Size, Problem> {
    let arguments = vec![("_this", display.to_owned()), ("screenId", "0".to_owned())];
    let fields = with.call(&Call { name: "IDisplay_getScreenResolution", arguments }).await?;
    let number = |name| field(&fields, name)?.parse().ok();
    let size = number("width").zip(number("height"));
    size.map(|(width, height)| Size { width, height }).ok_or(Problem::Unreadable)
}

/// Tells a guest's pointer device something.
pub(super) async fn report(
    with: &mut Conversation,
    mouse: &str,
    report: PointerReport,
) -> Result<(), Problem> {
    tell(with, "IMouse_putMouseEventAbsolute", event(mouse, report)).await
}

/// Lets a reference go: those of a logon would pile up until its end.
pub(super) async fn release(with: &mut Conversation, reference: &str) -> Result<(), Problem> {
    tell(with, "IManagedObjectRef_release", vec![("_this", reference.to_owned())]).await
}

/// Writes a report down as the service counts: pixels from 1, buttons as bits, notches towards
/// the person.
fn event(mouse: &str, report: PointerReport) -> Vec<(&'static str, String)> {
    let button = match report.held {
        None => 0,
        Some(Button::Left) => 1,
        Some(Button::Right) => 2,
        Some(Button::Middle) => 4,
    };
    let notches = match report.wheel {
        Wheel::Still => 0,
        Wheel::Up => -1,
        Wheel::Down => 1,
    };
    vec![
        ("_this", mouse.to_owned()),
        ("x", report.at.x.saturating_add(1).to_string()),
        ("y", report.at.y.saturating_add(1).to_string()),
        ("dz", notches.to_string()),
        ("dw", "0".to_owned()),
        ("buttonState", button.to_string()),
    ]
}

/// Asks an object for what it alone has.
pub(super) async fn of(
    with: &mut Conversation,
    name: &'static str,
    this: &str,
) -> Result<String, Problem> {
    value(with, name, vec![("_this", this.to_owned())]).await
}

async fn value(
    with: &mut Conversation,
    name: &'static str,
    arguments: Vec<(&'static str, String)>,
) -> Result<String, Problem> {
    let fields = with.call(&Call { name, arguments }).await?;
    field(&fields, "returnval").map(str::to_owned).ok_or(Problem::Unreadable)
}

async fn tell(
    with: &mut Conversation,
    name: &'static str,
    arguments: Vec<(&'static str, String)>,
) -> Result<(), Problem> {
    with.call(&Call { name, arguments }).await.map(drop)
}

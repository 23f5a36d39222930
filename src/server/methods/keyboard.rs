use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::keyboard::{Chord, Layout, Secrecy};
use crate::model::Scope;
use crate::request::{Keys, KeysRequest, Request, Secret};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// Type a text on a VM's keyboard. A line's end in it is Enter. What the guest's layout cannot make
/// is refused before anything is typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Type {
    /// The VM: its name or UUID.
    vm: String,
    /// The text.
    text: String,
    /// Whether it is a secret: no log holds it then, nor this host's list of processes.
    #[serde(default)]
    secret: bool,
    /// Which layout the guest has: us, uk, de, fr or es; as configured if it is left out.
    layout: Option<String>,
}

impl Method for Type {
    const NAME: &'static str = "keyboard_type";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let layout = layout(desk, self.layout)?;
        let secrecy = if self.secret { Secrecy::Secret } else { Secrecy::Open };
        let keys = Keys::Text { text: Secret::new(self.text), secrecy, layout };
        desk.tell(Request::Press(KeysRequest { vm: self.vm.parse()?, keys })).await
    }
}

/// Press chords on a VM's keyboard, one after the other, such as `ctrl+alt+del`, `win+r`, `tab`,
/// `enter`. Nothing stays held.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Press {
    /// The VM: its name or UUID.
    vm: String,
    /// The chords.
    chords: Vec<String>,
    /// How long each is held, in seconds.
    hold_seconds: Option<f64>,
    /// Which layout the guest has: us, uk, de, fr or es; as configured if it is left out.
    layout: Option<String>,
}

impl Method for Press {
    const NAME: &'static str = "keyboard_press";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let layout = layout(desk, self.layout)?;
        let chords = self.chords.iter().map(|it| Chord::parse(it, layout));
        let chords = chords.collect::<Result<Vec<_>, _>>()?;
        let hold = Desk::seconds(self.hold_seconds, Duration::ZERO)?;
        let keys = Keys::Chords { chords, hold };
        desk.tell(Request::Press(KeysRequest { vm: self.vm.parse()?, keys })).await
    }
}

fn layout(desk: &Desk, asked: Option<String>) -> Result<Layout, Error> {
    match asked {
        Some(layout) => Ok(layout.parse()?),
        None => Ok(desk.settings().input.keyboard_layout),
    }
}

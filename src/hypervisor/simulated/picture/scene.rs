use crate::hypervisor::kept::os_title;
use crate::hypervisor::simulated::moment::{Pace, millis};
use crate::hypervisor::simulated::pointer::Desk;
use crate::model::VmConfiguration;

/// Everything that a picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::hypervisor::simulated) struct Scene {
    /// The VM's name.
    pub(super) name: String,
    /// Its operating system in words.
    pub(super) os: String,
    /// Its CPUs and memory in words.
    pub(super) hardware: String,
    /// Its disk and disc in words.
    pub(super) drives: Vec<String>,
    /// How far the guest has come.
    pub(super) stage: Stage,
    /// What stands in its field.
    pub(super) typed: String,
    /// Whether its window is there.
    pub(super) window: Window,
}

/// Whether the window of a desktop is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// It is.
    Open,
    /// It was closed.
    Closed,
}

/// How far a guest has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It boots, and is this far.
    Boot {
        /// 0 to 999.
        permille: u64,
    },
    /// It is up.
    Desktop,
}

impl Scene {
    /// Composes what a VM shows whose guest has run this long.
    pub(in crate::hypervisor::simulated) fn of(
        settings: &VmConfiguration,
        uptime: u64,
        pace: Pace,
    ) -> Self {
        let (first, last) = (millis(pace.display), millis(pace.desktop));
        let stage = if uptime >= last {
            Stage::Desktop
        } else {
            let span = last.saturating_sub(first).max(1);
            Stage::Boot { permille: uptime.saturating_sub(first).saturating_mul(1000) / span }
        };
        let disk = settings.disk.map(|disk| format!("disk 0: {disk}"));
        let iso = settings.discs.first().and_then(|iso| iso.file_name());
        let inserted = iso.map(|name| format!("disc 1: {}", name.to_string_lossy()));
        Self {
            name: settings.name.to_string(),
            os: os_title(&settings.os_type),
            hardware: format!("{} CPU, {}", settings.cpus, settings.memory),
            drives: disk.into_iter().chain(inserted).collect(),
            stage,
            typed: String::new(),
            window: Window::Open,
        }
    }

    /// Puts what was typed into the field.
    pub(in crate::hypervisor::simulated) fn with_typed(self, typed: &str) -> Self {
        Self { typed: typed.to_owned(), ..self }
    }

    /// Shows what the pointer has done.
    pub(in crate::hypervisor::simulated) fn with_desk(self, desk: &Desk) -> Self {
        let window = if desk.is_cleared { Window::Closed } else { Window::Open };
        Self { window, ..self }
    }
}

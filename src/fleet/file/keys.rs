//! The keys of one VM: read, checked and documented by this table.

use crate::fleet::Condition;

/// A key of a VM in the file.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) of: Of,
    pub(super) doc: &'static str,
}

/// What a key's value may be in JSON. What a text must look like is what the option of `create` of
/// the same name takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number.
    Count { min: u64, max: u64 },
    /// A whole number, or a text such as `8G`.
    Amount,
    /// A host port, or one of these words.
    Port(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A text.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// A text, or a list of them.
    Texts,
    /// Names of VMs, each with a condition; or a list of names.
    Needs,
}

/// To which VMs a key belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Of {
    /// All of them.
    All,
    /// Those that are made anew: a copy is as its original.
    New,
    /// Copies.
    Copy,
}

const PORT_WORDS: &[&str] = &["free", "auto", "none", "off"];
const FIRMWARE: &[&str] = &["bios", "efi"];
const GRAPHICS: &[&str] = &["vboxvga", "vboxsvga", "vmsvga", "qemuramfb", "none"];
const ENGINES: &[&str] = &["auto", "default", "hwvirt", "nem", "interpreter", "recompiler"];

const fn key(name: &'static str, kind: Kind, of: Of, doc: &'static str) -> Key {
    Key { name, kind, of, doc }
}

/// Every key, in the order of the schema.
pub(super) const KEYS: &[Key] = &[
    key(
        "count",
        Kind::Count { min: 1, max: 1000 },
        Of::All,
        "Make this many, named with a number from 1: at the end, or where the key has `{}`.",
    ),
    key(
        "template",
        Kind::Text,
        Of::All,
        "Make it from this template, which `template save` made: a linked clone with an identity \
         of its own.",
    ),
    key("from", Kind::Text, Of::Copy, "Make it as a copy of this VM, of this file or not."),
    key(
        "from_snapshot",
        Kind::Text,
        Of::Copy,
        "Begin the copy with this snapshot of the original.",
    ),
    key(
        "linked",
        Kind::Flag,
        Of::Copy,
        "Whether the copy holds only what will differ (the default), or everything.",
    ),
    key("memory", Kind::Amount, Of::New, "Memory: MiB, or a text with a unit such as `8G`."),
    key(
        "disk",
        Kind::Amount,
        Of::New,
        "Size of the disk: GiB, or a text with a unit such as `1T`.",
    ),
    key("no_disk", Kind::Flag, Of::New, "Whether it has no disk."),
    key("cpus", Kind::Count { min: 1, max: 64 }, Of::New, "Number of virtual CPUs."),
    key(
        "os_type",
        Kind::Text,
        Of::New,
        "Operating system as VirtualBox names it, such as `Debian_64`.",
    ),
    key(
        "iso",
        Kind::Text,
        Of::New,
        "Disc image in its drive; a relative path is in the folder of this file.",
    ),
    key("firmware", Kind::Word(FIRMWARE), Of::New, "Firmware."),
    key("graphics", Kind::Word(GRAPHICS), Of::New, "Graphics card that it sees."),
    key("accelerate_3d", Kind::Flag, Of::New, "Whether the graphics card offers 3D acceleration."),
    key("execution_engine", Kind::Word(ENGINES), Of::New, "What runs its instructions."),
    key(
        "nic",
        Kind::Text,
        Of::New,
        "Network: `none`, `nat`, `bridged:IF`, `hostonly:IF`, `intnet:NAME` or `natnetwork:NAME`.",
    ),
    key(
        "ssh_port",
        Kind::Port(PORT_WORDS),
        Of::New,
        "Host port that leads to its SSH server: a number, `free` or `none`.",
    ),
    key(
        "rdp",
        Kind::Port(PORT_WORDS),
        Of::New,
        "Host port of its remote display: a number, `free` or `none`.",
    ),
    key(
        "forward",
        Kind::Texts,
        Of::New,
        "Host ports that lead to ports of the guest, as `8080:80` or `web:tcp:8080:80`.",
    ),
    key("group", Kind::Texts, Of::New, "Groups, such as `/lab`."),
    key("description", Kind::Text, Of::New, "Description."),
    key("start", Kind::Flag, Of::All, "Whether `up` starts it (the default), or only makes it."),
    key("gui", Kind::Flag, Of::All, "Whether its screen shows in a window."),
    key(
        "start_from",
        Kind::Text,
        Of::All,
        "Go back to this snapshot of its own before each start from off; what ran since is lost.",
    ),
    key(
        "wait",
        Kind::Word(Condition::WORDS),
        Of::All,
        "What `up` waits for before it is done with this VM.",
    ),
    key(
        "timeout",
        Kind::Amount,
        Of::All,
        "How long it is waited for at most: seconds, or a text such as `5m`.",
    ),
    key(
        "depends_on",
        Kind::Needs,
        Of::All,
        "What must be so of other VMs of this file before this one is begun; a list of names means \
         `running`.",
    ),
];

/// Finds a key by its name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

#[cfg(test)]
mod tests {
    use super::{ENGINES, FIRMWARE, GRAPHICS, KEYS};
    use crate::model::{ExecutionEngine, Firmware, GraphicsController};

    #[test]
    fn every_key_is_there_once_and_says_what_it_does() {
        for (place, key) in KEYS.iter().enumerate() {
            assert!(key.doc.ends_with('.'), "{}", key.name);
            assert!(!KEYS[..place].iter().any(|it| it.name == key.name), "{}", key.name);
        }
    }

    #[test]
    fn the_words_are_those_of_the_domain() {
        let words = |all: &[&'static str]| all.join(" ");
        let of = |all: Vec<&str>| all.join(" ");
        assert_eq!(words(FIRMWARE), of(Firmware::ALL.iter().map(|it| it.as_str()).collect()));
        let graphics = GraphicsController::ALL.iter().map(|it| it.as_str()).collect();
        assert_eq!(words(GRAPHICS), of(graphics));
        assert_eq!(words(ENGINES), of(ExecutionEngine::ALL.iter().map(|it| it.as_str()).collect()));
    }
}

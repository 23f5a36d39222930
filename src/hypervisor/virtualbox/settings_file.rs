//! VirtualBox's own files: the registry of VMs and each VM's settings. Read, never written.
//!
//! They hold what a listing shows of VMs that are off, without a call and without a lock.

use std::path::Path;
use std::path::PathBuf;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;

use crate::model::ExecutionEngine;
use crate::model::Mebibytes;
use crate::model::VmId;
use crate::model::VmState;

/// The registry's file in VirtualBox's settings folder.
pub(super) const REGISTRY: &str = "VirtualBox.xml";

/// What `VirtualBox.xml` tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Registry {
    /// The settings file of each VM.
    pub(super) machines: Vec<(VmId, PathBuf)>,
    /// The folder under which new VMs are made.
    pub(super) machine_folder: Option<PathBuf>,
}

/// What a `.vbox` file tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MachineFile {
    /// The VM's identity.
    pub(super) id: VmId,
    /// Its name.
    pub(super) name: Option<String>,
    /// Its state, if it is off.
    pub(super) state_if_off: VmState,
    /// The identifier of its operating system.
    pub(super) os_type: Option<String>,
    /// Virtual CPUs.
    pub(super) cpus: Option<u32>,
    /// Memory.
    pub(super) memory: Option<Mebibytes>,
    /// The groups it is in.
    pub(super) groups: Vec<String>,
    /// Its execution engine; `None` is the default, or a file from before 7.1.
    pub(super) engine: Option<String>,
    /// How its keyboard and its pointer are attached.
    pub(super) input: InputBus,
}

/// What a VM's keyboard and pointer are attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InputBus {
    /// Both to PS/2.
    Ps2,
    /// At least one to USB.
    Usb,
}

/// Reads `VirtualBox.xml`. Paths in it may be relative to its folder. Damage ends the reading.
pub(super) fn registry(xml: &str, folder: &Path) -> Registry {
    let mut registry = Registry::default();
    walk(xml, |element, _| match element.name().as_ref() {
        "MachineEntry" => {
            let id = attribute(element, "uuid").and_then(|id| id.parse().ok());
            let file = attribute(element, "src").map(|src| folder.join(src));
            registry.machines.extend(id.zip(file));
        }
        "SystemProperties" => {
            let path = attribute(element, "defaultMachineFolder").map(PathBuf::from);
            registry.machine_folder = path.filter(|path| !path.as_os_str().is_empty());
        }
        _ => {}
    });
    registry
}

/// Reads a `.vbox` file; `None` if it is none, or is encrypted. Damage ends the reading.
pub(super) fn machine(xml: &str) -> Option<MachineFile> {
    let mut machine: Option<MachineFile> = None;
    walk(xml, |element, path| {
        let Some(known) = &mut machine else {
            if element.name().as_ref() == "Machine" {
                machine = machine_element(element);
            }
            return;
        };
        // A snapshot holds the settings of its time, in elements of the same names.
        if path.iter().any(|parent| parent == "Snapshot") {
            return;
        }
        match element.name().as_ref() {
            "Memory" if known.memory.is_none() => {
                let size = attribute(element, "RAMSize").and_then(|size| size.parse().ok());
                known.memory = size.map(Mebibytes);
            }
            "CPU" if known.cpus.is_none() => {
                // One CPU is the default, and a default is not written.
                known.cpus =
                    attribute(element, "count").map_or(Some(1), |count| count.parse().ok());
            }
            "HID" => {
                let mut devices = ["Pointing", "Keyboard"]
                    .map(|name| attribute(element, name))
                    .into_iter()
                    .flatten();
                if devices.any(|device| device.starts_with("USB")) {
                    known.input = InputBus::Usb;
                }
            }
            "Group" => {
                let name = attribute(element, "name").filter(|name| name.len() > 1);
                known.groups.extend(name);
            }
            _ => {}
        }
    });
    machine
}

/// Reads the identity and the name at the beginning of a `.vbox` file, which may be cut off.
pub(super) fn identity(xml: &str) -> Option<(VmId, String)> {
    let start = xml.find("<Machine ")?;
    let mut found = None;
    walk(xml.get(start..)?, |element, _| {
        if found.is_none() && element.name().as_ref() == "Machine" {
            let id = attribute(element, "uuid").and_then(|id| id.parse().ok());
            found = Some(id.zip(attribute(element, "name")));
        }
    });
    found.flatten()
}

/// Returns the disks of other VMs that stand on a disk of this one: disks outside of its folder
/// below one inside.
pub(super) fn disks_above(xml: &str) -> Vec<String> {
    // Of each disk around the present one, whether it or one around it is this VM's own.
    let mut owned: Vec<bool> = Vec::new();
    let mut found = Vec::new();
    walk(xml, |element, path| {
        if element.name().as_ref() != "HardDisk" {
            return;
        }
        let location = attribute(element, "location").unwrap_or_default();
        let is_inside = Path::new(&location).is_relative();
        let depth = path.iter().filter(|parent| *parent == "HardDisk").count();
        owned.truncate(depth);
        let above_own = owned.last().copied().unwrap_or(false);
        if above_own && !is_inside {
            found.extend(attribute(element, "uuid"));
        }
        owned.push(above_own || is_inside);
    });
    found
}

/// Returns the media that are attached to a VM or one of its snapshots.
pub(super) fn images(xml: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(xml, |element, _| {
        if element.name().as_ref() == "Image" {
            found.extend(attribute(element, "uuid"));
        }
    });
    found
}

fn machine_element(element: &BytesStart<'_>) -> Option<MachineFile> {
    let id = attribute(element, "uuid")?.parse().ok()?;
    let is_saved = attribute(element, "stateFile").is_some_and(|file| !file.is_empty());
    let is_aborted =
        attribute(element, "aborted").is_some_and(|word| word == "true" || word == "1");
    let state_if_off = match (is_saved, is_aborted) {
        (true, true) => VmState::AbortedSaved,
        (true, false) => VmState::Saved,
        (false, true) => VmState::Aborted,
        (false, false) => VmState::PoweredOff,
    };
    let os_type = attribute(element, "OSType");
    let engine = attribute(element, "executionEngine").map(|word| engine(&word));
    Some(MachineFile {
        id,
        name: attribute(element, "name"),
        state_if_off,
        os_type,
        cpus: None,
        memory: None,
        groups: Vec::new(),
        engine,
        input: InputBus::Ps2,
    })
}

/// Returns our word for an engine; one that is not known here keeps VirtualBox's.
fn engine(word: &str) -> String {
    match word {
        "HwVirt" => ExecutionEngine::Hwvirt.to_string(),
        "NativeApi" => ExecutionEngine::Nem.to_string(),
        other => other.to_lowercase(),
    }
}

/// Shows every element to `visit`, with the names of those around it.
pub(super) fn walk(xml: &str, mut visit: impl FnMut(&BytesStart<'_>, &[String])) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut path: Vec<String> = Vec::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(element) => {
                visit(&element, &path);
                path.push(element.name().as_ref().to_owned());
            }
            Event::Empty(element) => visit(&element, &path),
            Event::End(_) => {
                let _ended = path.pop();
            }
            Event::Eof => return,
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

/// Returns what an element says under this name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::{InputBus, machine, registry};
    use crate::model::VmState;

    const ID: &str = "11111111-0000-4000-8000-000000000001";

    fn vbox(attributes: &str, inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<VirtualBox version=\"1.20-linux\">\n\
             <Machine uuid=\"{{{ID}}}\" name=\"t\" OSType=\"Windows11_64\" {attributes}>{inside}</Machine></VirtualBox>"
        )
    }

    #[test]
    fn the_registry_names_each_file_and_the_folder() {
        let xml = format!(
            "<VirtualBox><Global><MachineRegistry>\
             <MachineEntry uuid=\"{{{ID}}}\" src=\"/vms/a &amp; b/a.vbox\"/>\
             <MachineEntry uuid=\"{{{ID}}}\" src=\"Machines/c.vbox\"/>\
             <MachineEntry uuid=\"nonsense\" src=\"/x\"/></MachineRegistry>\
             <SystemProperties defaultMachineFolder=\"/vms\"/></Global></VirtualBox>"
        );
        let registry = registry(&xml, Path::new("/home/u/.config/VirtualBox"));
        let files: Vec<_> = registry.machines.iter().map(|(_, file)| file.clone()).collect();
        assert_eq!(
            files,
            [
                PathBuf::from("/vms/a & b/a.vbox"),
                PathBuf::from("/home/u/.config/VirtualBox/Machines/c.vbox")
            ]
        );
        assert_eq!(registry.machine_folder, Some("/vms".into()));
    }

    #[test]
    fn a_vm_is_read_without_what_its_snapshots_hold() {
        let snapshot = "<Snapshot uuid=\"{x}\"><Hardware><Memory RAMSize=\"1\"/><CPU count=\"9\"/></Hardware>\
                        <Groups><Group name=\"/old\"/></Groups></Snapshot>";
        let now = "<Hardware><Memory RAMSize=\"4096\"/></Hardware>\
                   <Groups><Group name=\"/\"/><Group name=\"/lab\"/></Groups>\
                   <Platform><CPU count=\"2\"/><x86><CPU/></x86></Platform>";
        let engine = "executionEngine=\"Interpreter\"";
        let machine = machine(&vbox(engine, &(snapshot.to_owned() + now))).unwrap();
        assert_eq!(machine.os_type.as_deref(), Some("Windows11_64"));
        assert_eq!((machine.memory.unwrap().0, machine.cpus), (4096, Some(2)));
        assert_eq!(machine.groups, ["/lab"]);
        assert_eq!(machine.engine.as_deref(), Some("interpreter"));
    }

    #[test]
    fn devices_on_usb_are_told_from_those_on_ps2() {
        for (hid, bus) in [
            ("", InputBus::Ps2),
            ("<HID Keyboard=\"None\"/>", InputBus::Ps2),
            ("<HID Pointing=\"USBTablet\"/>", InputBus::Usb),
            ("<HID Pointing=\"None\" Keyboard=\"USBKeyboard\"/>", InputBus::Usb),
            ("<Snapshot><HID Pointing=\"USBTablet\"/></Snapshot>", InputBus::Ps2),
        ] {
            assert_eq!(machine(&vbox("", hid)).unwrap().input, bus, "{hid}");
        }
    }

    #[test]
    fn what_is_a_default_is_not_written() {
        let machine = machine(&vbox("", "<Platform><CPU/></Platform>")).unwrap();
        assert_eq!(machine.cpus, Some(1));
        assert_eq!((machine.memory, machine.engine), (None, None));
    }

    #[test]
    fn how_a_vm_went_off_is_told() {
        for (attributes, state) in [
            ("", VmState::PoweredOff),
            ("stateFile=\"Snapshots/x.sav\"", VmState::Saved),
            ("aborted=\"true\"", VmState::Aborted),
            ("aborted=\"false\"", VmState::PoweredOff),
            ("stateFile=\"x.sav\" aborted=\"true\"", VmState::AbortedSaved),
        ] {
            assert_eq!(machine(&vbox(attributes, "")).unwrap().state_if_off, state, "{attributes}");
        }
    }

    #[test]
    fn what_is_no_settings_file_is_none() {
        assert_eq!(machine(""), None);
        assert_eq!(machine("<VirtualBox><MachineEncrypted/></VirtualBox>"), None);
    }

    #[test]
    fn a_damaged_file_tells_what_stands_before_the_damage() {
        let whole =
            vbox("", "<Hardware><Memory RAMSize=\"64\"/></Hardware><Platform><CPU/></Platform>");
        let cut = whole.split("<Platform>").next().unwrap();
        assert_eq!(machine(cut).unwrap().memory.unwrap().0, 64);
        assert_eq!(machine(cut).unwrap().cpus, None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(</?(Machine|CPU|Snapshot|Group) ?|uuid=|\"|/?>|&#?|\\PC)*") {
            let _unused = machine(&text);
            let _unused = registry(&text, Path::new("/"));
        }
    }
}

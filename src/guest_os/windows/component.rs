use super::super::xml::Element;
use crate::model::Architecture;

/// Builds the settings of a part of Windows.
pub(super) fn component(
    name: &'static str,
    architecture: Architecture,
    settings: impl IntoIterator<Item = Element>,
) -> Element {
    let architecture = match architecture {
        Architecture::X86 => "x86",
        Architecture::X64 => "amd64",
        Architecture::Arm64 => "arm64",
    };
    Element::of("component", settings)
        .with("name", name)
        .with("processorArchitecture", architecture)
        .with("publicKeyToken", "31bf3856ad364e35")
        .with("language", "neutral")
        .with("versionScope", "nonSxS")
}

/// Builds an element of a list.
pub(super) fn added(name: &'static str, elements: impl IntoIterator<Item = Element>) -> Element {
    Element::of(name, elements).with("wcm:action", "add")
}

/// Builds a list of commands that run one after the other.
pub(super) fn run_synchronous(commands: &[String]) -> Element {
    let command = |(order, command): (usize, &String)| {
        let elements = [Element::text("Order", order), Element::text("Path", command)];
        added("RunSynchronousCommand", elements)
    };
    Element::of("RunSynchronous", (1..).zip(commands).map(command))
}

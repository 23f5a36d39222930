use std::fmt;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::model::Architecture;

/// An edition of Windows that a medium can install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowsImage {
    /// Its number within the medium, from 1 on.
    pub index: u32,
    /// Its name for people. It differs between media of the same edition.
    pub name: String,
    /// Its name for programs, such as `Professional` or `ServerStandard`.
    pub edition: Option<String>,
    /// What it is made for.
    pub architecture: Option<Architecture>,
    /// What it becomes.
    pub installation: Option<InstallationType>,
    /// The languages that it speaks, such as `en-US`, its own first.
    pub languages: Vec<String>,
    /// Its version.
    pub build: Option<Build>,
}

/// What an image becomes when it is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstallationType {
    /// A Windows for people.
    Client,
    /// A Windows Server with a desktop.
    Server,
    /// A Windows Server without one.
    ServerCore,
    /// Windows' own installer.
    WindowsPe,
}

impl InstallationType {
    /// Returns its one name in results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::ServerCore => "server-core",
            Self::WindowsPe => "windows-pe",
        }
    }
}

/// A version of Windows, such as `10.0.26100.1742`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Build {
    /// `10` since Windows 10.
    pub major: u32,
    /// `0` since Windows 10.
    pub minor: u32,
    /// What tells releases apart.
    pub build: u32,
    /// What updates count up.
    pub revision: u32,
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.major, self.minor, self.build, self.revision)
    }
}

/// Reads a description: its images; `None` if it is not well-formed.
pub(super) fn images(xml: &str) -> Option<Vec<WindowsImage>> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut text) = (Vec::<String>::new(), String::new());
    let (mut images, mut current) = (Vec::new(), None::<Described>);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                path.push(tag.local_name().as_ref().to_owned());
                if path.len() == 2 && path.last().is_some_and(|name| name == "IMAGE") {
                    let index = tag.attributes().flatten().find(|it| it.key.as_ref() == "INDEX");
                    let index = index.and_then(|it| it.value.parse().ok())?;
                    current = Some(Described { index, ..Described::default() });
                }
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::GeneralRef(entity) => {
                let character = quick_xml::escape::resolve_predefined_entity(&entity);
                text.push_str(character.unwrap_or("\u{FFFD}"));
            }
            Event::End(_) => {
                if let Some(image) = &mut current {
                    let inner: Vec<&str> = path.iter().skip(2).map(String::as_str).collect();
                    image.take(&inner, text.trim());
                }
                path.pop()?;
                if path.len() == 1 {
                    images.extend(current.take().map(Described::finished));
                }
                text.clear();
            }
            Event::Eof => break,
            Event::Empty(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
    path.is_empty().then_some(images)
}

/// What was read of an image so far.
#[derive(Debug, Default)]
struct Described {
    index: u32,
    name: String,
    display_name: String,
    edition: Option<String>,
    architecture: Option<Architecture>,
    installation: Option<InstallationType>,
    languages: Vec<String>,
    own_language: Option<String>,
    version: [Option<u32>; 4],
}

impl Described {
    fn take(&mut self, path: &[&str], text: &str) {
        let number = text.parse().ok();
        match path {
            ["NAME"] => text.clone_into(&mut self.name),
            ["DISPLAYNAME"] => text.clone_into(&mut self.display_name),
            ["WINDOWS", "EDITIONID"] => self.edition = Some(text.to_owned()),
            ["WINDOWS", "ARCH"] => self.architecture = number.and_then(architecture),
            ["WINDOWS", "INSTALLATIONTYPE"] => self.installation = installation(text),
            ["WINDOWS", "LANGUAGES", "LANGUAGE"] => self.languages.push(text.to_owned()),
            ["WINDOWS", "LANGUAGES", "DEFAULT"] => self.own_language = Some(text.to_owned()),
            ["WINDOWS", "VERSION", "MAJOR"] => self.version[0] = number,
            ["WINDOWS", "VERSION", "MINOR"] => self.version[1] = number,
            ["WINDOWS", "VERSION", "BUILD"] => self.version[2] = number,
            ["WINDOWS", "VERSION", "SPBUILD"] => self.version[3] = number,
            _ => {}
        }
    }

    fn finished(mut self) -> WindowsImage {
        self.languages.sort_by_key(|language| Some(language) != self.own_language.as_ref());
        let [major, minor, build, revision] = self.version;
        let build = major.zip(minor).zip(build).map(|((major, minor), build)| Build {
            major,
            minor,
            build,
            revision: revision.unwrap_or(0),
        });
        WindowsImage {
            index: self.index,
            name: if self.name.is_empty() { self.display_name } else { self.name },
            edition: self.edition.filter(|edition| !edition.is_empty()),
            architecture: self.architecture,
            installation: self.installation,
            languages: self.languages,
            build,
        }
    }
}

/// Windows' numbers for architectures (`PROCESSOR_ARCHITECTURE_*` of `winnt.h`).
fn architecture(number: u32) -> Option<Architecture> {
    match number {
        0 => Some(Architecture::X86),
        9 => Some(Architecture::X64),
        12 => Some(Architecture::Arm64),
        _ => None,
    }
}

fn installation(text: &str) -> Option<InstallationType> {
    match text {
        "Client" => Some(InstallationType::Client),
        "Server" => Some(InstallationType::Server),
        "Server Core" => Some(InstallationType::ServerCore),
        "WindowsPE" => Some(InstallationType::WindowsPe),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{InstallationType, images};
    use crate::model::Architecture;

    #[test]
    fn an_image_is_described() {
        let found = images(
            "<WIM><TOTALBYTES>1</TOTALBYTES><IMAGE INDEX=\"6\"><NAME>Windows 11 Pro &amp; more</NAME>\
             <WINDOWS><ARCH>9</ARCH><EDITIONID>Professional</EDITIONID>\
             <INSTALLATIONTYPE>Client</INSTALLATIONTYPE>\
             <LANGUAGES><LANGUAGE>de-DE</LANGUAGE><LANGUAGE>en-US</LANGUAGE>\
             <DEFAULT>en-US</DEFAULT></LANGUAGES>\
             <VERSION><MAJOR>10</MAJOR><MINOR>0</MINOR><BUILD>26100</BUILD><SPBUILD>1742</SPBUILD>\
             </VERSION></WINDOWS></IMAGE></WIM>",
        )
        .unwrap();
        let [image] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((image.index, image.name.as_str()), (6, "Windows 11 Pro & more"));
        assert_eq!(image.edition.as_deref(), Some("Professional"));
        assert_eq!(image.architecture, Some(Architecture::X64));
        assert_eq!(image.installation, Some(InstallationType::Client));
        assert_eq!(image.languages, ["en-US", "de-DE"]);
        assert_eq!(image.build.unwrap().to_string(), "10.0.26100.1742");
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        for xml in ["<WIM>", "<WIM></WIN>", "<WIM><IMAGE></IMAGE></WIM>"] {
            assert_eq!(images(xml), None, "{xml}");
        }
        assert_eq!(images("<WIM></WIM>"), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(xml in "(<|>|/|IMAGE|WIM|INDEX=\"1\"|&|;|[a-z ]){0,40}") {
            drop(images(&xml));
        }
    }
}

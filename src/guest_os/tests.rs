use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{
    Alpine, CloudImage, Debian, GuestOs, Installation, Kickstart, Locale, Password, PostInstall,
    Randomness, Terms, Ubuntu, Windows, choose_edition,
};
use crate::iso::{
    Build, Distribution, InstallationType, Kernel, LinuxMedium, WindowsImage, WindowsMedium,
    WindowsRelease,
};
use crate::keyboard::Layout;
use crate::model::{Architecture, Firmware};

pub(super) fn wanted() -> Installation {
    Installation {
        host_name: "web-7".parse().unwrap(),
        user: "ada".parse().unwrap(),
        password: "a<b>&\"c' d]]>ü".parse().unwrap(),
        locale: "de-DE".parse().unwrap(),
        keyboard: Layout::De,
        time_zone: "Europe/Berlin".parse().unwrap(),
        packages: vec!["git".parse().unwrap(), "g++".parse().unwrap()],
        post_install: Some(PostInstall { name: "mine.PS1".into(), text: "echo \"it's\"\n".into() }),
        randomness: Randomness([7; 32]),
    }
}

fn image(edition: &str, installation: InstallationType) -> WindowsImage {
    WindowsImage {
        index: 3,
        name: "a name".to_owned(),
        edition: Some(edition.to_owned()),
        architecture: Some(Architecture::X64),
        installation: Some(installation),
        languages: vec!["en-US".to_owned()],
        build: Some(Build { major: 10, minor: 0, build: 26100, revision: 1 }),
    }
}

pub(super) fn windows() -> Windows {
    Windows {
        release: Some(WindowsRelease::Eleven),
        image: image("Professional", InstallationType::Client),
        architecture: Architecture::X64,
        firmware: Firmware::Efi,
        lacking: Vec::new(),
        product_key: None,
    }
}

fn on_windows() -> Installation {
    Installation { packages: Vec::new(), ..wanted() }
}

fn file(system: &dyn GuestOs, wanted: &Installation, path: &str) -> String {
    let media = system.answers(wanted).unwrap();
    let found = media.files.into_iter().find(|file| file.path == path);
    found.unwrap_or_else(|| panic!("no `{path}`")).text
}

/// Reads a document: every text with the path of its elements, those of passes and components by
/// their names.
fn texts(xml: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut found, mut text) = (Vec::<String>::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let names = tag.attributes().flatten();
                let mut names = names.filter(|it| matches!(it.key.as_ref(), "pass" | "name"));
                let name = names.next().map(|it| it.value.to_string());
                path.push(name.unwrap_or_else(|| tag.local_name().as_ref().to_owned()));
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::GeneralRef(entity) => {
                text.push_str(quick_xml::escape::resolve_predefined_entity(&entity).unwrap());
            }
            Event::End(_) => {
                if !text.trim().is_empty() {
                    found.push((path[1..].join("/"), text.clone()));
                }
                text.clear();
                path.pop();
            }
            Event::Eof => return found,
            Event::Empty(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
}

fn value<'a>(texts: &'a [(String, String)], end: &str) -> &'a str {
    let found = texts.iter().find(|(path, _)| path.ends_with(end));
    &found.unwrap_or_else(|| panic!("no `{end}` in {texts:#?}")).1
}

#[test]
fn windows_is_answered_what_it_asks() {
    let xml = file(&windows(), &on_windows(), "autounattend.xml");
    let texts = texts(&xml);
    for (path, expected) in [
        ("SetupUILanguage/UILanguage", "en-US"),
        ("windowsPE/Microsoft-Windows-International-Core-WinPE/InputLocale", "0407:00000407"),
        ("windowsPE/Microsoft-Windows-International-Core-WinPE/UserLocale", "de-DE"),
        ("InstallFrom/MetaData/Key", "/IMAGE/INDEX"),
        ("InstallFrom/MetaData/Value", "3"),
        ("InstallTo/PartitionID", "3"),
        ("UserData/AcceptEula", "true"),
        ("specialize/Microsoft-Windows-Shell-Setup/ComputerName", "web-7"),
        ("specialize/Microsoft-Windows-Shell-Setup/TimeZone", "W. Europe Standard Time"),
        ("AutoLogon/Password/Value", "a<b>&\"c' d]]>ü"),
        ("LocalAccount/Password/Value", "a<b>&\"c' d]]>ü"),
        ("LocalAccount/Name", "ada"),
        ("OOBE/HideOnlineAccountScreens", "true"),
    ] {
        assert_eq!(value(&texts, path), expected, "{path}");
    }
    assert!(!xml.contains("<Key></Key>") && !xml.contains("LabConfig"), "{xml}");
    let setup = file(&windows(), &on_windows(), "vm-cli-setup.ps1");
    assert!(setup.contains("'vm-cli-post-install.ps1'"), "{setup}");
    assert_eq!(file(&windows(), &on_windows(), "vm-cli-post-install.ps1"), "echo \"it's\"\n");
}

/// Which passes know which parts (Microsoft, "Unattended Windows Setup Reference").
const PASSES: [(&str, &[&str]); 6] = [
    ("Microsoft-Windows-International-Core-WinPE", &["windowsPE"]),
    ("Microsoft-Windows-Setup", &["windowsPE"]),
    ("Microsoft-Windows-Deployment", &["specialize", "oobeSystem"]),
    ("Microsoft-Windows-Shell-Setup", &["specialize", "oobeSystem"]),
    ("Microsoft-Windows-International-Core", &["specialize", "oobeSystem"]),
    ("Microsoft-Windows-UnattendedJoin", &["specialize"]),
];

#[test]
fn every_part_of_windows_stands_in_a_pass_that_knows_it() {
    for firmware in [Firmware::Efi, Firmware::Bios] {
        for installation in [InstallationType::Client, InstallationType::Server] {
            let system = Windows { firmware, image: image("X", installation), ..windows() };
            let xml = file(&system, &on_windows(), "autounattend.xml");
            let texts = texts(&xml);
            let mut passes: Vec<&str> = Vec::new();
            for (path, _) in &texts {
                let mut parts = path.split('/');
                let (pass, part) = (parts.next().unwrap(), parts.next().unwrap());
                let known = PASSES.iter().find(|(name, _)| *name == part);
                assert!(known.unwrap().1.contains(&pass), "{path}");
                if passes.last() != Some(&pass) {
                    passes.push(pass);
                }
            }
            assert_eq!(passes, ["windowsPE", "specialize", "oobeSystem"]);
            // The schema's order: from where, then to where.
            let place = |what: &str| xml.find(what).unwrap();
            assert!(place("<InstallFrom>") < place("<InstallTo>"));
            assert!(place("<CreatePartitions>") < place("<ModifyPartitions>"));
            let is_server = installation == InstallationType::Server;
            assert_eq!(xml.contains("AdministratorPassword"), is_server);
            assert_eq!(xml.contains("FAT32"), firmware == Firmware::Efi);
        }
    }
}

#[test]
fn windows_11_does_without_what_the_machine_lacks_and_no_more() {
    use super::Requirement::{Memory, SecureBoot, Tpm};
    let lacking = vec![Tpm, SecureBoot, Memory];
    let xml = file(&Windows { lacking, ..windows() }, &on_windows(), "autounattend.xml");
    for check in ["BypassTPMCheck", "BypassSecureBootCheck", "BypassRAMCheck"] {
        assert!(xml.contains(check), "{check}");
    }
    let xml = file(&Windows { lacking: vec![Tpm], ..windows() }, &on_windows(), "autounattend.xml");
    assert!(xml.contains("BypassTPMCheck") && !xml.contains("BypassRAMCheck"));
    let key = Some("aaaaa-bbbbb-ccccc-ddddd-eeeee".parse().unwrap());
    let xml = file(&Windows { product_key: key, ..windows() }, &on_windows(), "autounattend.xml");
    assert!(xml.contains("<Key>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</Key>"));
}

#[test]
fn an_edition_is_chosen_by_its_identity() {
    let images = vec![
        image("ServerStandard", InstallationType::ServerCore),
        image("ServerStandard", InstallationType::Server),
    ];
    let medium = WindowsMedium { release: None, install_file: "sources/install.wim", images };
    let chosen = |wanted: &str| choose_edition(&medium, Some(wanted)).map(|it| it.installation);
    assert_eq!(chosen("serverstandard").unwrap(), Some(InstallationType::Server));
    assert_eq!(chosen("ServerStandardCore").unwrap(), Some(InstallationType::ServerCore));
    let hint = choose_edition(&medium, None).unwrap_err();
    assert!(hint.next_step().unwrap().contains("ServerStandardCore, ServerStandard"));
    assert!(chosen("Professional").is_err());
}

pub(super) fn linux(distribution: Distribution) -> LinuxMedium {
    LinuxMedium {
        distribution,
        version: None,
        architecture: None,
        description: String::new(),
        kernel: Some(Kernel { kernel: "k/vmlinuz", initial: "k/initrd" }),
        boot_menus: vec!["boot/grub/grub.cfg", "isolinux/isolinux.cfg"],
    }
}

pub(super) fn every_linux() -> Vec<Box<dyn GuestOs>> {
    vec![
        Box::new(Debian { medium: linux(Distribution::Debian) }),
        Box::new(Ubuntu { medium: linux(Distribution::Ubuntu) }),
        Box::new(Kickstart { medium: linux(Distribution::Fedora) }),
        Box::new(Kickstart { medium: linux(Distribution::Rhel) }),
        Box::new(Alpine { architecture: None }),
        Box::new(CloudImage),
    ]
}

#[test]
fn every_linux_is_answered_without_the_password_itself() {
    for system in every_linux() {
        let media = system.answers(&wanted()).unwrap();
        let all: String = media.files.iter().map(|file| file.text.as_str()).collect();
        for said in ["web-7", "ada", "$6$", "Europe/Berlin", "git", "g++", "echo"] {
            assert!(all.contains(said), "{system:?} does not say {said}: {all}");
        }
        assert!(!all.contains("a<b>"), "{system:?}");
    }
}

#[test]
fn documents_of_cloud_init_read_back() {
    let seed = file(&CloudImage, &wanted(), "user-data");
    assert!(seed.starts_with("#cloud-config\n"));
    let read: serde_json::Value = serde_yaml_ng::from_str(&seed).unwrap();
    assert_eq!(read["users"][0]["name"], "ada");
    assert_eq!(read["write_files"][0]["content"], "echo \"it's\"\n");
    let ubuntu = Ubuntu { medium: linux(Distribution::Ubuntu) };
    let read: serde_json::Value =
        serde_yaml_ng::from_str(&file(&ubuntu, &wanted(), "nocloud/user-data")).unwrap();
    assert_eq!(read["autoinstall"]["identity"]["hostname"], "web-7");
    assert_eq!(read["autoinstall"]["storage"]["layout"]["name"], "direct");
    let menu = file(&ubuntu, &wanted(), "boot/grub/grub.cfg");
    assert!(menu.contains(r"ds=nocloud\;s=/cdrom/nocloud/"), "{menu}");
    let menu = file(&ubuntu, &wanted(), "isolinux/isolinux.cfg");
    assert!(menu.contains("ds=nocloud;s=/cdrom/nocloud/"), "{menu}");
}

#[test]
fn what_a_family_does_not_take_is_refused_with_the_reason() {
    let refusal = |system: &dyn GuestOs, wanted: Installation| {
        system.answers(&wanted).expect_err("it is refused").to_string()
    };
    let user = |name: &str| Installation { user: name.parse().unwrap(), ..on_windows() };
    for (name, why) in [
        ("a/b", "forbids"),
        ("a.", "ends with a point"),
        ("Administrator", "Windows' own"),
        ("none", "Windows' own"),
        ("twenty-one-characters", "more than 20"),
        ("WEB-7", "both called"),
    ] {
        let told = refusal(&windows(), user(name));
        assert!(told.contains(why), "{name}: {told}");
    }
    assert!(
        windows().answers(&user("Ada Lovelace ü <&>".replace(['<', '>'], "(").as_str())).is_ok()
    );
    assert!(refusal(&windows(), wanted()).contains("no packages"));
    let zone = Installation { time_zone: "Europe/Nowhere".parse().unwrap(), ..on_windows() };
    assert!(refusal(&windows(), zone).contains("no name of Windows'"));
    let shell = PostInstall { name: "a.sh".into(), text: String::new() };
    let script = Installation { post_install: Some(shell), ..on_windows() };
    assert!(refusal(&windows(), script).contains("how to run `a.sh`"));
    for system in every_linux() {
        for (name, why) in
            [("Ada", "a letter first"), ("a b", "takes a-z"), ("root", "system's own")]
        {
            let told = refusal(&*system, Installation { user: name.parse().unwrap(), ..wanted() });
            assert!(told.contains(why), "{system:?} {name}: {told}");
        }
    }
    let ends = PostInstall { name: "x".into(), text: "a\n  %end\n".into() };
    let wanted = Installation { post_install: Some(ends), ..wanted() };
    let told = refusal(&Kickstart { medium: linux(Distribution::Rocky) }, wanted);
    assert!(told.contains("%end"), "{told}");
}

#[test]
fn terms_are_named_where_they_are_accepted() {
    assert!(matches!(windows().terms(), Terms::Accepted(whose) if whose.contains("Microsoft")));
    for system in every_linux() {
        let accepts = system.answers(&wanted()).unwrap().files[0].text.contains("eula --agreed");
        assert_eq!(accepts, system.terms() != Terms::None, "{system:?}");
    }
}

#[test]
fn a_password_that_is_made_up_is_taken_by_every_system() {
    let password = Password::made_up(&Randomness([0xFF; 32]));
    assert_eq!(format!("{password:?}"), "***");
    let text = password.reveal();
    assert!(text.len() > 16 && text.is_ascii(), "{text}");
    assert!(text.contains(|c: char| c.is_ascii_digit()), "{text}");
    assert_ne!(text, Password::made_up(&Randomness([0; 32])).reveal());
    for wrong in ["", "a\nb", &"x".repeat(128)] {
        assert!(wrong.parse::<Password>().is_err());
    }
}

#[test]
fn names_that_do_not_fit_are_refused() {
    use super::{HostName, PackageName, TimeZone, UserName};
    for name in ["", "-a", "a-", "1234", "a.b", "a b", "sixteen-letters-", "ü"] {
        assert!(name.parse::<HostName>().is_err(), "{name}");
    }
    for name in ["", "en", "EN-us", "en-USA", "en_US; rm", "english-US"] {
        assert!(name.parse::<Locale>().is_err(), "{name}");
    }
    assert_eq!("de_DE.UTF-8".parse::<Locale>().unwrap().to_string(), "de-DE");
    for name in ["", "-y", "a b", "a;b", "$(x)"] {
        assert!(name.parse::<PackageName>().is_err(), "{name}");
    }
    for name in ["", "europe", "Europe//Berlin", "Europe/", "A B", "Etc/$(x)"] {
        assert!(name.parse::<TimeZone>().is_err(), "{name}");
    }
    for name in ["", " a", "a ", "a\tb"] {
        assert!(name.parse::<UserName>().is_err(), "{name:?}");
    }
}

proptest! {
    #[test]
    fn any_password_and_user_of_windows_come_out_as_they_went_in(
        password in "\\PC{1,40}",
        user in "[A-Za-zäöü&'() #$!^{}~.-]{1,18}x",
    ) {
        prop_assume!(user.trim() == user);
        let wanted = Installation {
            password: password.parse().unwrap(),
            user: user.parse().unwrap(),
            ..on_windows()
        };
        let texts = texts(&file(&windows(), &wanted, "autounattend.xml"));
        // Blanks alone are no text to the reader here; Windows refuses them anyway.
        prop_assume!(!password.trim().is_empty());
        prop_assert_eq!(value(&texts, "AutoLogon/Password/Value"), password);
        prop_assert_eq!(value(&texts, "LocalAccount/Name"), user);
    }
}

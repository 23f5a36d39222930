//! What Windows asks at its first start.

use super::super::installation::Installation;
use super::super::xml::Element;
use super::component::{added, component};
use super::{Windows, first_logon, input_locale};
use crate::iso::InstallationType;

/// How often it logs in by itself: until the additions and updates had their restarts.
const LOGONS: u32 = 5;

impl Windows {
    pub(super) fn oobe_system(&self, wanted: &Installation) -> Vec<Element> {
        let language = self.language();
        let international = [
            Element::text("InputLocale", input_locale(wanted.keyboard)),
            Element::text("SystemLocale", &wanted.locale),
            Element::text("UILanguage", language),
            Element::text("UserLocale", &wanted.locale),
        ];
        let shell = [
            Element::of(
                "AutoLogon",
                [
                    password("Password", wanted),
                    Element::text("Enabled", "true"),
                    Element::text("LogonCount", LOGONS),
                    Element::text("Username", &wanted.user),
                ],
            ),
            Element::of("FirstLogonCommands", [first_logon_command()]),
            Element::of("OOBE", OOBE.map(|(name, value)| Element::text(name, value))),
            Element::of("UserAccounts", self.accounts(wanted)),
        ];
        let part = |name, settings: Vec<Element>| component(name, self.architecture, settings);
        vec![
            part("Microsoft-Windows-International-Core", international.into()),
            part("Microsoft-Windows-Shell-Setup", shell.into()),
        ]
    }

    fn accounts(&self, wanted: &Installation) -> Vec<Element> {
        let account = added(
            "LocalAccount",
            [
                password("Password", wanted),
                Element::text("Group", "Administrators"),
                Element::text("Name", &wanted.user),
            ],
        );
        let accounts = Element::of("LocalAccounts", [account]);
        match self.image.installation {
            // A server asks for its administrator's password otherwise.
            Some(InstallationType::Server | InstallationType::ServerCore) => {
                vec![password("AdministratorPassword", wanted), accounts]
            }
            Some(InstallationType::Client | InstallationType::WindowsPe) | None => vec![accounts],
        }
    }
}

/// What is not asked.
const OOBE: [(&str, &str); 6] = [
    ("HideEULAPage", "true"),
    ("HideLocalAccountScreen", "true"),
    ("HideOEMRegistrationScreen", "true"),
    ("HideOnlineAccountScreens", "true"),
    ("HideWirelessSetupInOOBE", "true"),
    ("ProtectYourPC", "3"),
];

fn password(name: &'static str, wanted: &Installation) -> Element {
    let value = Element::text("Value", wanted.password.reveal());
    Element::of(name, [value, Element::text("PlainText", "true")])
}

fn first_logon_command() -> Element {
    added(
        "SynchronousCommand",
        [
            Element::text("CommandLine", first_logon::COMMAND),
            Element::text("Description", "vm-cli"),
            Element::text("Order", 1),
        ],
    )
}

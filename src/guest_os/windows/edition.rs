use super::super::installation::refused;
use crate::error::Error;
use crate::iso::{InstallationType, WindowsImage, WindowsMedium};

/// Chooses an edition by its identity, such as `Professional`, whatever its letters' case: names
/// for people differ between media of the same edition, and so do numbers.
pub fn choose_edition(medium: &WindowsMedium, wanted: Option<&str>) -> Result<WindowsImage, Error> {
    let known: Vec<(String, &WindowsImage)> =
        medium.images.iter().filter_map(|image| Some((identity(image)?, image))).collect();
    let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    let hint = format!("choose one with `--edition`: {}", names.join(", "));
    let is_wanted = |name: &str| wanted.is_none_or(|wanted| name.eq_ignore_ascii_case(wanted));
    let mut found = known.iter().filter(|(name, _)| is_wanted(name));
    match (found.next(), found.next(), wanted) {
        (Some((_, one)), None, _) => Ok((*one).clone()),
        (Some(_), Some(_), _) => Err(refused("the ISO holds several editions of Windows", hint)),
        (None, _, None) => Err(refused("the ISO does not name its editions", "take another ISO")),
        (None, _, Some(wanted)) => {
            Err(refused(format!("the ISO holds no edition `{wanted}`"), hint))
        }
    }
}

/// Returns what tells an edition from the others. A server with a desktop and one without have the
/// same name: the latter's gets `Core`.
fn identity(image: &WindowsImage) -> Option<String> {
    let edition = image.edition.as_ref()?;
    let core = match image.installation {
        Some(InstallationType::ServerCore) => "Core",
        Some(InstallationType::Server | InstallationType::Client | InstallationType::WindowsPe)
        | None => "",
    };
    Some(format!("{edition}{core}"))
}

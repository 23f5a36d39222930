use crate::model::Invalid;
use crate::request::Via;

/// Reads `ssh`, `additions` or `auto`.
pub(crate) fn via(text: &str) -> Result<Via, Invalid> {
    match text {
        "ssh" => Ok(Via::Ssh),
        "additions" => Ok(Via::Additions),
        "auto" => Ok(Via::Auto),
        _ => Err(Invalid::new("way", text, "is not one of ssh, additions, auto")),
    }
}

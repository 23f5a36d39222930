use crate::model::Invalid;

/// Reads a group; the slash that begins it may be left out.
pub fn group(text: &str) -> Result<String, Invalid> {
    let group = if text.starts_with('/') { text.to_owned() } else { format!("/{text}") };
    let named = group.len() == 1 || group.split('/').skip(1).all(|part| !part.trim().is_empty());
    // The hypervisor takes several groups as one text, separated by commas.
    if !named || group.contains(|c: char| c == ',' || c.is_control()) || text.starts_with('-') {
        let why = "is not of the form `/lab` or `/lab/windows`";
        return Err(Invalid::new("group", text, why));
    }
    Ok(group)
}

use super::super::environment::Environment;

/// Returns the user as the session knows them.
pub(super) fn user(environment: &Environment) -> String {
    let name = environment.text("USERNAME").unwrap_or_else(|| "unknown".to_owned());
    match environment.text("USERDOMAIN") {
        Some(domain) => format!("{domain}\\{name}"),
        None => name,
    }
}

/// Returns the terminal at which a person types.
pub(super) fn terminal() -> String {
    "console".to_owned()
}

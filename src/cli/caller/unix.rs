use std::fs;

use super::super::environment::Environment;

/// Returns the user by the system's word; a variable can say anything.
pub(super) fn user(environment: &Environment) -> String {
    let id = rustix::process::getuid().as_raw();
    let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = name_of(id, &known).or_else(|| environment.text("USER"));
    name.map_or_else(|| format!("uid {id}"), |name| format!("{name} ({id})"))
}

/// Returns the terminal at which a person types.
pub(super) fn terminal() -> String {
    let named = fs::read_link("/dev/fd/0").ok();
    named.map_or_else(|| "terminal".to_owned(), |path| path.display().to_string())
}

/// Finds a user in the text of `/etc/passwd`.
fn name_of(id: u32, passwd: &str) -> Option<String> {
    let id = id.to_string();
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_user_is_found_by_number() {
        let text = "root:x:0:0:root:/root:/bin/sh\nkim:x:1000:1000::/home/kim:/bin/sh\nbroken\n";
        assert_eq!(name_of(1000, text).as_deref(), Some("kim"));
        assert_eq!(name_of(0, text).as_deref(), Some("root"));
        assert_eq!(name_of(7, text), None);
    }
}

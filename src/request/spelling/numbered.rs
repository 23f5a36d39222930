/// What stands for the number in the name of several VMs.
const NUMBER: &str = "{}";

/// Returns the names of several VMs, numbered from 1: the number goes where `{}` is, else behind a
/// `-` at the end.
pub fn numbered(name: &str, count: u32) -> impl Iterator<Item = String> + use<> {
    let pattern = if name.contains(NUMBER) { name.to_owned() } else { format!("{name}-{NUMBER}") };
    (1..=count).map(move |number| pattern.replace(NUMBER, &number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn the_number_goes_where_it_is_said_else_to_the_end() {
        let names = |name, count| numbered(name, count).collect::<Vec<_>>().join(" ");
        assert_eq!(names("t-{}-x", 3), "t-1-x t-2-x t-3-x");
        assert_eq!(names("web", 2), "web-1 web-2");
        assert_eq!(names("web", 1), "web-1");
    }
}

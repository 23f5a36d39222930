/// What a log says of a forward whose host port could not be had (in English in every language):
/// of VirtualBox 7.2, and of those before 7.1.
const NOW: &str = "failed to set up redirection of ";
/// See [`NOW`].
const ONCE: &str = "NAT: Failed to redirect ";

/// Returns the host and guest port of every forward that a `VBox.log` says does not work.
pub(in super::super) fn dead_forwards(log: &str) -> Vec<(u16, u16)> {
    let mut dead: Vec<(u16, u16)> =
        log.lines().filter_map(|line| now(line).or_else(|| once(line))).collect();
    dead.sort_unstable();
    dead.dedup();
    dead
}

/// Reads `... failed to set up redirection of 2222 to 22. Probably ...`.
fn now(line: &str) -> Option<(u16, u16)> {
    let (_, rest) = line.split_once(NOW)?;
    let (host, rest) = rest.split_once(" to ")?;
    Some((host.parse().ok()?, leading(rest)?))
}

/// Reads `NAT: Failed to redirect TCP 127.0.0.1:2222 -> 0.0.0.0:22 (Unknown error)`.
fn once(line: &str) -> Option<(u16, u16)> {
    let (_, rest) = line.split_once(ONCE)?;
    let (host, guest) = rest.split_once(" -> ")?;
    let (_, host) = host.rsplit_once(':')?;
    let (_, guest) = guest.split_once(':')?;
    Some((host.parse().ok()?, leading(guest)?))
}

fn leading(text: &str) -> Option<u16> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::dead_forwards;

    #[test]
    fn a_log_tells_which_forwards_do_not_work() {
        let log = include_str!(
            "../../../../tests/fixtures/virtualbox/7.2/startvm-port-taken.vbox-log.stdout"
        );
        assert_eq!(dead_forwards(log), [(22922, 22), (22924, 23)]);
        let old = "00:01 NAT: Failed to redirect TCP 127.0.0.1:2222 -> 0.0.0.0:22 (Unknown error)";
        assert_eq!(dead_forwards(&format!("{old}\n{old}")), [(2222, 22)]);
        assert_eq!(dead_forwards("NAT: set redirect TCP 127.0.0.1:2222 -> 10.0.2.15:22"), []);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(
            text in "(failed to set up redirection of |NAT: Failed to redirect | to | -> |:|\\PC)*",
        ) {
            dead_forwards(&text);
        }
    }
}

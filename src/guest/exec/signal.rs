/// The signals that SSH names (RFC 4254, 6.10), with their numbers.
const SIGNALS: [(&str, i32); 13] = [
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("ABRT", 6),
    ("BUS", 7),
    ("FPE", 8),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
];

/// The signal that most programs are ended with.
const TERM: i32 = 15;

/// Returns the exit code that shells give to a command ended by a signal: 128 and its number.
pub(super) fn exit_code(name: &str) -> i32 {
    let known = SIGNALS.iter().find(|(known, _)| *known == name);
    128 + known.map_or(TERM, |(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::exit_code;

    #[test]
    fn a_signal_is_128_and_its_number() {
        assert_eq!(exit_code("KILL"), 137);
        assert_eq!(exit_code("TERM"), 143);
        assert_eq!(exit_code("SEGV"), 139);
        assert_eq!(exit_code("WINCH@vendor"), 143);
    }
}

/// Returns what a POSIX shell is told to print the SHA-256 of the first bytes of a file.
pub fn sum_command(path: &str, length: u64) -> String {
    let path = path.replace('\'', r"'\''");
    format!(
        "if command -v sha256sum >/dev/null; then c=sha256sum; else c='shasum -a 256'; fi; \
         head -c {length} <'{path}' | $c"
    )
}

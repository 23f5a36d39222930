use crate::model::Invalid;

/// Reads a number of virtual CPUs.
pub fn cpus(text: &str) -> Result<u32, Invalid> {
    // VirtualBox's own limit is 64 (x86) or less.
    let cpus = text.parse().ok().filter(|cpus| (1..=64).contains(cpus));
    cpus.ok_or_else(|| Invalid::new("CPUs", text, "must be 1 to 64"))
}

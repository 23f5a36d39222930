/// Whether others may read what is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Secrecy {
    /// They may.
    Open,
    /// It may be a password: it is not shown, written down or put on a command line, as far as
    /// the hypervisor has another way.
    Secret,
}

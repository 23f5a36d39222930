use std::net::IpAddr;

/// What a guest reports of itself through its Guest Additions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuestFacts {
    /// Its system, such as `Linux`.
    pub system: Option<String>,
    /// Its system's release, such as `6.1.192`.
    pub release: Option<String>,
    /// Its addresses, those of its first card first.
    pub addresses: Vec<IpAddr>,
    /// Who is logged in; `None` while it has not said.
    pub users: Option<Vec<String>>,
    /// Whether it has said so since it runs.
    pub freshness: Freshness,
}

/// Whether a guest has reported since it runs: what stands in a snapshot comes back with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// It has.
    #[default]
    Fresh,
    /// It is what it reported before its memory was saved.
    Stale,
}

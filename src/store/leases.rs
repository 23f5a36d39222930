use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::time::SystemTime;

use rusqlite::Connection;
use rusqlite::Row;
use rusqlite::params;

use super::Store;
use super::columns;
use super::columns::millis;
use super::fault::Fault;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::VmId;

/// Which host ports belong to which VMs, even while these are off.
#[derive(Debug, Clone, Copy)]
pub struct Leases<'a>(pub(super) &'a Store);

/// A host port that belongs to a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What it is for.
    pub kind: LeaseKind,
    /// The host address; the unspecified one is every address.
    pub address: IpAddr,
    /// The host port.
    pub port: u16,
    /// The VM.
    pub vm: VmId,
    /// The name of the VM's rule, unique within the VM.
    pub rule: String,
    /// Since when.
    pub since: SystemTime,
}

/// What a leased port is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeaseKind {
    /// A forward to the guest's SSH server.
    Ssh,
    /// A remote display by VNC.
    Vnc,
    /// A remote display by RDP.
    Rdp,
    /// A forward to any other port of the guest.
    Forward,
}

const KINDS: [(&str, LeaseKind); 4] = [
    ("ssh", LeaseKind::Ssh),
    ("vnc", LeaseKind::Vnc),
    ("rdp", LeaseKind::Rdp),
    ("forward", LeaseKind::Forward),
];

impl LeaseKind {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::Vnc => "vnc",
            Self::Rdp => "rdp",
            Self::Forward => "forward",
        }
    }

    /// Returns the configuration key of its ports, if there is one.
    pub fn range_key(self) -> Option<&'static str> {
        match self {
            Self::Ssh => Some("networking.ssh_port_range"),
            Self::Vnc => Some("networking.vnc_port_range"),
            Self::Rdp => Some("networking.rdp_port_range"),
            Self::Forward => None,
        }
    }
}

/// A port that is wanted for a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// What for.
    pub kind: LeaseKind,
    /// On which host address; the unspecified one is every address.
    pub address: IpAddr,
    /// Which one.
    pub port: PortChoice,
    /// For which VM.
    pub vm: VmId,
    /// Under which rule of it.
    pub rule: String,
}

/// Which port is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortChoice {
    /// The first free one of the configured range.
    FirstOf(RangeInclusive<u16>),
    /// This one.
    Exactly(u16),
}

impl Store {
    /// Returns the leases of host ports.
    pub fn leases(&self) -> Leases<'_> {
        Leases(self)
    }
}

impl Leases<'_> {
    /// Chooses a port and leases it in one step, alone among all processes.
    ///
    /// A port that no VM has but for which `taken` says yes, because another program listens there,
    /// is passed over. What the VM had under the same rule is given up, but may be chosen again: so
    /// a claim that is repeated keeps its port, and one whose port was lost to another program gets
    /// the next.
    pub fn claim(
        &self,
        wanted: &LeaseRequest,
        now: SystemTime,
        taken: impl Fn(u16) -> bool,
    ) -> Result<u16, Error> {
        self.0.write(|sql| {
            let vm = wanted.vm.to_string();
            sql.execute("DELETE FROM leases WHERE vm = ?1 AND rule = ?2", [&vm, &wanted.rule])?;
            let held = held(sql, wanted.address)?;
            let is_free = |port: &u16| !held.iter().any(|it| it.port == *port) && !taken(*port);
            let mut ports = match &wanted.port {
                PortChoice::FirstOf(range) => range.clone(),
                PortChoice::Exactly(port) => *port..=*port,
            };
            let Some(port) = ports.find(is_free) else {
                return Err(refusal(wanted, &held).into());
            };
            sql.execute(
                "INSERT INTO leases (address, port, kind, vm, rule, since, world)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    wanted.address.to_string(),
                    port,
                    wanted.kind.as_str(),
                    vm,
                    wanted.rule,
                    millis(now),
                    self.0.world(),
                ],
            )?;
            Ok(port)
        })
    }

    /// Gives back the port that a VM has under a rule; none is fine.
    pub fn release(&self, vm: VmId, rule: &str) -> Result<(), Error> {
        self.0.write(|sql| {
            let rule_of_vm = params![vm.to_string(), rule];
            sql.execute("DELETE FROM leases WHERE vm = ?1 AND rule = ?2", rule_of_vm)?;
            Ok(())
        })
    }

    /// Gives back every port of a VM. Returns how many there were.
    pub fn release_vm(&self, vm: VmId) -> Result<usize, Error> {
        self.0.write(|sql| Ok(sql.execute("DELETE FROM leases WHERE vm = ?1", [vm.to_string()])?))
    }

    /// Reads the leases of a VM, in the order of the ports.
    pub fn of_vm(&self, vm: VmId) -> Result<Vec<Lease>, Error> {
        let mut leases = self.list()?;
        leases.retain(|lease| lease.vm == vm);
        Ok(leases)
    }

    /// Reads every lease, in the order of the ports.
    pub fn list(&self) -> Result<Vec<Lease>, Error> {
        self.0.read(all)
    }

    /// Reads the leases of this world's VMs, in the order of the ports.
    pub fn list_here(&self) -> Result<Vec<Lease>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT * FROM leases WHERE ?1 = '' OR world IN ('', ?1) ORDER BY port, address",
            )?;
            let found = query.query_map([self.0.world()], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// Reads the leases that keep a listener off this address: its own, and those of every address.
fn held(sql: &Connection, address: IpAddr) -> Result<Vec<Lease>, Fault> {
    let mut leases = all(sql)?;
    leases.retain(|lease| {
        lease.address == address || lease.address.is_unspecified() || address.is_unspecified()
    });
    Ok(leases)
}

fn all(sql: &Connection) -> Result<Vec<Lease>, Fault> {
    let mut query = sql.prepare_cached("SELECT * FROM leases ORDER BY port, address")?;
    let found = query.query_map([], read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Lease> {
    let address: String = row.get("address")?;
    Ok(Lease {
        kind: columns::one_of(row, "kind", &KINDS)?,
        address: address.parse().map_err(|e| columns::unreadable(row, "address", e))?,
        port: row.get("port")?,
        vm: columns::parsed(row, "vm")?,
        rule: row.get("rule")?,
        since: columns::time(row, "since")?,
    })
}

fn refusal(wanted: &LeaseRequest, held: &[Lease]) -> Error {
    let kind = wanted.kind.as_str();
    match &wanted.port {
        PortChoice::Exactly(port) => {
            let holder = match held.iter().find(|lease| lease.port == *port) {
                Some(lease) => format!("VM `{}` has it as its `{}`", lease.vm, lease.rule),
                None => "another program listens there".to_owned(),
            };
            Error::new(
                ErrorKind::AlreadyExists,
                format!("host port {port} is not free for {kind}: {holder}"),
            )
            .hint(match wanted.kind.range_key() {
                Some(key) => format!("name another port, or none to get one of `{key}`"),
                None => "name another port, or `free` to get one that is".to_owned(),
            })
        }
        PortChoice::FirstOf(range) => {
            let leased = held.iter().filter(|lease| range.contains(&lease.port)).count();
            let others = range.len().saturating_sub(leased);
            let (first, last) = (range.start(), range.end());
            Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "no host port from {first} to {last} is free for {kind}: VMs have {leased} of \
                     them, other programs {others}"
                ),
            )
            .hint(match wanted.kind.range_key() {
                Some(key) => format!(
                    "widen `{key}` in the configuration, or delete VMs that are no longer needed"
                ),
                None => "name another port".to_owned(),
            })
        }
    }
}

//! What the processes do: random commands on a few names.

use fastrand::Rng;

/// The names of one round, by what may be done to them.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    /// These are started and stopped.
    powered: Vec<&'static str>,
    /// Of these snapshots and copies are made.
    kept: Vec<&'static str>,
    /// These are copies.
    copies: Vec<&'static str>,
}

/// Everything that a VM of the chaos can be called.
pub(crate) const NAMES: [&str; 7] = ["ada", "bob b", "cyd", "dan", "copy 1", "copy2", "copy3"];

/// The first of the few ports that are named, so that several VMs want the same.
const FIRST_PORT: u16 = 28_080;

const SNAPSHOTS: [&str; 3] = ["s0", "s1", "s 2"];

impl Cast {
    /// Deals the roles of a round.
    pub(crate) fn deal(random: &mut Rng) -> Self {
        let (originals, copies) = NAMES.split_at(4);
        let mut originals = originals.to_vec();
        random.shuffle(&mut originals);
        let kept = originals.split_off(2);
        Self { powered: originals, kept, copies: copies.to_vec() }
    }

    /// Returns the names that are not copies.
    pub(crate) fn originals(&self) -> impl Iterator<Item = &'static str> {
        self.powered.iter().chain(&self.kept).copied()
    }

    /// Draws a command.
    pub(crate) fn draw(&self, random: &mut Rng) -> Vec<String> {
        let words = match random.u8(..100) {
            0..45 => self.on_powered(random),
            45..88 => self.on_kept(random),
            _ => on_all(random),
        };
        words.split('|').map(str::to_owned).collect()
    }

    fn on_powered(&self, random: &mut Rng) -> String {
        let vm = one(random, &self.powered);
        if random.u8(..5) == 0 {
            return snapshots(random, vm);
        }
        match random.u8(..62) {
            0..14 => create(random, vm),
            14..28 => format!("start|{vm}"),
            28..35 => format!("stop|{vm}|--force"),
            35..37 => format!("stop|{vm}|--save"),
            37..41 => format!("pause|{vm}"),
            41..45 => format!("resume|{vm}"),
            45..46 => format!("reset|{vm}"),
            46..49 => format!("delete|{vm}|--yes"),
            49..53 => format!("delete|{vm}|--yes|--force|--if-exists"),
            53 => format!("start|{}|--parallel|2", self.powered.join("|")),
            _ => on_any(random, vm),
        }
    }

    fn on_kept(&self, random: &mut Rng) -> String {
        let vm = one(random, &self.kept);
        let copy = one(random, &self.copies);
        match random.u8(..61) {
            0..14 => create(random, vm),
            14..32 => snapshots(random, vm),
            32..39 => format!("clone|{vm}|{copy}|--linked"),
            39..42 => format!("clone|{vm}|{copy}"),
            42..46 => format!("delete|{vm}|--yes"),
            46..51 => format!("delete|{copy}|--yes|--if-exists"),
            51 => format!("delete|{vm}|{copy}|--yes|--if-exists"),
            52..54 => on_any(random, copy),
            _ => on_any(random, vm),
        }
    }
}

fn on_all(random: &mut Rng) -> String {
    match random.u8(..20) {
        0..6 => "list",
        6..9 => "list|--state|running",
        9..13 => "gc",
        13 => "gc|--dry-run",
        14..16 => "tasks|list",
        16 => "system-status",
        17 => "audit",
        18 => "metrics",
        _ => "tasks|prune|--older-than|1d",
    }
    .to_owned()
}

fn create(random: &mut Rng, vm: &str) -> String {
    let size = "--memory|32|--cpus|1|--os-type|Debian_64";
    let disk = if random.u8(..3) == 0 { "--no-disk" } else { "--disk|1" };
    let web = FIRST_PORT + random.u16(..3);
    let ports = match random.u8(..6) {
        0 => String::new(),
        1 => format!("|--ssh-port|free|--forward|web:tcp:{web}:80"),
        2 => "|--ssh-port|free|--rdp|free".to_owned(),
        _ => "|--ssh-port|free".to_owned(),
    };
    let group = if random.u8(..4) == 0 { "|--group|/lab" } else { "" };
    let again = if random.u8(..4) == 0 { "|--if-missing" } else { "" };
    format!("create|{vm}|{size}|{disk}{ports}{group}{again}")
}

fn snapshots(random: &mut Rng, vm: &str) -> String {
    let snapshot = one(random, &SNAPSHOTS);
    match random.u8(..18) {
        0..8 => format!("snapshot|take|{vm}|{snapshot}"),
        8..12 => format!("snapshot|restore|{vm}|{snapshot}"),
        12..16 => format!("snapshot|delete|{vm}|{snapshot}"),
        _ => format!("snapshot|list|{vm}"),
    }
}

fn on_any(random: &mut Rng, vm: &str) -> String {
    let guest = random.u16(80..83);
    match random.u8(..18) {
        0..6 => format!("status|{vm}"),
        6..9 => format!("forward|add|{vm}|p{guest}:tcp:free:{guest}"),
        9..11 => format!("forward|remove|{vm}|p{guest}"),
        11 => format!("forward|list|{vm}"),
        12..15 => format!("unlock|{vm}"),
        15 => format!("unlock|{vm}|--force"),
        16 => format!("delete|{vm}|--yes|--dry-run"),
        _ => format!("start|{vm}|--dry-run"),
    }
}

fn one<'a>(random: &mut Rng, of: &[&'a str]) -> &'a str {
    of[random.usize(..of.len())]
}

//! A guest that has booted: once for all tests of a run, which go on from its saved state.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::world::World;

/// Names the folder in which the tests of one run keep what they share.
const SHARED: &str = "VM_CLI_LIVE_SHARED";

/// Its network card's address: a saved state holds it too.
const MAC: &str = "080027C0FFEE";

/// Makes a VM whose guest answers over SSH and whose Guest Additions have told of themselves.
pub(crate) fn boot(world: &World, vm: &str) {
    create(world, vm);
    let Some(shared) = std::env::var_os(SHARED).map(PathBuf::from) else {
        return start(world, vm);
    };
    let kept = shared.join("booted.sav");
    let lock = File::create(shared.join("booted.lock")).unwrap();
    lock.lock().unwrap();
    if kept.exists() {
        drop(lock);
        // VirtualBox takes the file itself, and removes it.
        let own = world.home.path().join("booted.sav");
        fs::copy(kept, &own).unwrap();
        world.vboxmanage(&["adoptstate", vm, &own.display().to_string()]);
    } else {
        start(world, vm);
        world.home.ok(&["stop", vm, "--save"]);
        keep(world, vm, &kept);
    }
    start(world, vm);
}

/// Makes a VM and boots its guest here and now: VirtualBox tells of a heartbeat only if it saw the
/// guest boot.
pub(crate) fn boot_anew(world: &World, vm: &str) {
    create(world, vm);
    start(world, vm);
}

fn create(world: &World, vm: &str) {
    let iso = world.guest_iso();
    let arguments = ["create", vm, "--graphics", "vboxvga", "--firmware", "bios", "--iso", &iso];
    let rest = ["--memory", "128", "--no-disk", "--cpus", "1", "--os-type", "Linux_64"];
    world.home.ok(&[&arguments[..], &rest].concat());
    world.vboxmanage(&["modifyvm", vm, "--mac-address1", MAC]);
}

fn start(world: &World, vm: &str) {
    world.home.ok(&["start", vm, "--wait=ssh", "--timeout", "5m"]);
    world.home.ok(&["wait", vm, "additions", "--timeout", "60s"]);
}

/// Keeps a saved VM's state for the tests that come after.
fn keep(world: &World, vm: &str, file: &Path) {
    let part = file.with_extension("part");
    fs::copy(world.state_file(vm), &part).unwrap();
    fs::rename(part, file).unwrap();
}

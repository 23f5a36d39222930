//! What vm-cli has written down must agree with what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::time::SystemTime;

use serde_json::{Value, json};
use vm_cli::store::Store;

use super::moves::Cast;
use crate::support::command::Home;

/// A VM as it is listed.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) state: String,
}

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Wrongs(Vec<String>);

impl Wrongs {
    pub(crate) fn add(&mut self, wrong: impl Into<String>) {
        self.0.push(wrong.into());
    }

    pub(crate) fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, is: &T, be: &T) {
        if is != be {
            self.add(format!("{what}: {is:?}, and should be {be:?}"));
        }
    }

    /// Returns everything that is wrong.
    pub(crate) fn into_list(self) -> Vec<String> {
        self.0
    }
}

/// Repairs, and checks that a second repair finds nothing.
pub(crate) fn repair(home: &Home, wrongs: &mut Wrongs) -> Value {
    let mut once = || {
        let run = home.run(&["gc", "--json"]);
        if run.code != 0 {
            wrongs.add(format!("gc failed: {run:#?}"));
        }
        serde_json::from_str::<Value>(&run.stdout).unwrap_or_default()["items"].clone()
    };
    let (first, second) = (once(), once());
    wrongs.equal("what gc finds the second time", &second, &json!([]));
    first
}

/// Lists the VMs.
pub(crate) fn listed(home: &Home) -> Vec<Listed> {
    let document = home.json(&["list"]);
    let text = |vm: &Value, key: &str| vm[key].as_str().unwrap().to_owned();
    let of = |vm| Listed { id: text(vm, "id"), name: text(vm, "name"), state: text(vm, "state") };
    document["items"].as_array().unwrap().iter().map(of).collect()
}

/// Checks the store: no intent, no open task, no lease without a VM, no VM that is not known, no
/// port twice.
pub(crate) fn check(home: &Home, vms: &[Listed], wrongs: &mut Wrongs) {
    let file = home.path().join("state/store.sqlite");
    let store = Store::open(&file, SystemTime::now()).unwrap().store;
    let ids: BTreeSet<String> = vms.iter().map(|vm| vm.id.clone()).collect();
    wrongs.equal("half-made VMs", &store.vms().list_unfinished().unwrap().len(), &0);
    wrongs.equal("open tasks", &store.tasks().open().unwrap().len(), &0);
    let known = store.vms().list().unwrap();
    let known: BTreeSet<String> = known.iter().map(|vm| vm.id.to_string()).collect();
    wrongs.equal("the known VMs", &known, &ids);
    for lease in store.leases().list().unwrap() {
        if !ids.contains(&lease.vm.to_string()) {
            wrongs.add(format!("a lease of no VM: {lease:?}"));
        }
    }
    ports(home, &store, vms, wrongs);
    locks(home, wrongs);
}

/// Checks that every forward's port is leased to its VM, and no two VMs have one.
fn ports(home: &Home, store: &Store, vms: &[Listed], wrongs: &mut Wrongs) {
    let mut owners: BTreeMap<u64, &str> = BTreeMap::new();
    for vm in vms {
        let run = home.run(&["status", &vm.id, "--json"]);
        let document = serde_json::from_str::<Value>(&run.stdout).unwrap_or_default();
        let Some(found) = document.pointer("/items/0") else {
            wrongs.add(format!("`{}` cannot be read: {run:#?}", vm.name));
            continue;
        };
        wrongs.equal(
            &format!("the listed state of `{}`", vm.name),
            &found["state"],
            &json!(vm.state),
        );
        let leases = store.leases().of_vm(vm.id.parse().unwrap()).unwrap();
        let adapters = found["adapters"].as_array().unwrap().iter();
        for forward in adapters.flat_map(|it| it["forwards"].as_array().unwrap()) {
            let port = forward["host_port"].as_u64().unwrap();
            if !leases.iter().any(|lease| u64::from(lease.port) == port) {
                wrongs.add(format!("`{}` has no lease for {forward}", vm.name));
            }
            if let Some(other) = owners.insert(port, &vm.name) {
                wrongs.add(format!("port {port} is of `{other}` and of `{}`", vm.name));
            }
        }
    }
}

/// Checks that every lock can be taken: none is held by a process that is gone.
fn locks(home: &Home, wrongs: &mut Wrongs) {
    let entries = std::fs::read_dir(home.path().join("state/locks")).into_iter().flatten();
    for file in entries.map(|it| it.unwrap().path()) {
        let is_lock = file.extension().is_some_and(|end| end == "lock");
        if is_lock && File::open(&file).unwrap().try_lock().is_err() {
            wrongs.add(format!("{} is still locked", file.display()));
        }
    }
}

/// Removes every VM, copies before their originals.
pub(crate) fn remove_all(home: &Home, wrongs: &mut Wrongs) {
    for _ in 0..3 {
        for vm in listed(home) {
            home.run(&["delete", &vm.id, "--yes", "--force", "--json"]);
        }
    }
    let left = listed(home);
    for vm in &left {
        let run = home.run(&["delete", &vm.id, "--yes", "--force", "--json"]);
        wrongs.add(format!("{vm:?} cannot be removed: {run:#?}"));
    }
}

/// Makes the VMs with which a round begins.
pub(crate) fn begin(home: &Home, cast: &Cast) {
    for name in cast.originals() {
        home.ok(&["create", name, "--memory", "32", "--disk", "1", "--os-type", "Debian_64"]);
    }
}

/// Makes a VM under each name, and removes it.
pub(crate) fn reuse(home: &Home, names: &[&str], wrongs: &mut Wrongs) {
    let size = ["--memory", "32", "--disk", "1", "--os-type", "Debian_64", "--ssh-port", "free"];
    for name in names {
        for words in [&["create", name][..], &["delete", name, "--yes"]] {
            let all: Vec<&str> =
                if words[0] == "create" { [words, &size].concat() } else { words.to_vec() };
            let run = home.run(&all);
            if run.code != 0 {
                wrongs.add(format!("{all:?} afterwards: {run:#?}"));
            }
        }
    }
}

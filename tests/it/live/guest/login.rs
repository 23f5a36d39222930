//! Who gets in, by which proof, and that no proof is written down anywhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PASSWORD, VM};
use crate::live::world::World;

/// A wrong password that would be found if it were written down.
const WRONG: &str = "correct-horse-battery";

/// Private keys: one that is let in, and one that is not.
const KEYS: [&str; 2] = ["key", "stranger"];

pub(super) fn check(world: &mut World) {
    let [key, stranger] = KEYS.map(|name| world.home.path().join(name).display().to_string());
    let home = &world.home;
    let by_key = ["exec", VM, "-u", "root", "--identity", &key, "--", "kill -TERM $$"];
    let run = home.run(&by_key);
    assert_eq!(run.code, 128 + 15, "a signal ended it: {run:#?}");

    let error = home.error(255, &["exec", VM, "-u", "root", "-i", &stranger, "--command", "true"]);
    assert_eq!(error["code"], "guest_auth", "{error}");
    assert!(error["message"].as_str().is_some_and(|it| it.contains(&stranger)), "{error}");
    let error = home.error(255, &["exec", VM, "--password", WRONG, "--command", "true"]);
    assert_eq!(error["code"], "guest_auth", "{error}");
    assert!(!error.to_string().contains(WRONG), "{error}");

    // Who logs in, and by which key, when nobody says so.
    world.home.set("VM_CLI_SSH_USER", "root");
    world.home.set("VM_CLI_SSH_IDENTITY", key);
    let run = world.home.run(&["exec", VM, "--", "id -un"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "root\n"), "{run:#?}");
    world.home.set("VM_CLI_SSH_USER", "admin");
}

/// Makes the keys, and returns the public half of the one that is let in.
pub(super) fn make_keys(folder: &Path) -> String {
    for name in KEYS {
        let mut made = Command::new("ssh-keygen");
        made.args(["-q", "-t", "ed25519", "-N", "", "-C", "a test", "-f", name]);
        let why = "ssh-keygen is missing: tests/host/install installs it";
        assert!(made.current_dir(folder).status().expect(why).success());
    }
    let public = std::fs::read_to_string(folder.join(KEYS[0]).with_extension("pub")).unwrap();
    public.trim().to_owned()
}

/// Searches everything that was written while the tests ran.
pub(super) fn no_secret_was_written(world: &World) {
    let key = std::fs::read_to_string(world.home.path().join(KEYS[0])).unwrap();
    let body = key.lines().nth(3).unwrap();
    let mut searched = 0;
    for file in files(&world.home.path().join("state")) {
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in [PASSWORD, WRONG, body] {
            assert!(!text.contains(secret), "{} holds {secret}", file.display());
        }
        searched += 1;
    }
    assert!(searched >= 2, "the log and the store are there");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries.flat_map(|entry| below(entry.path())).collect()
}

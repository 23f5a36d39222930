//! The guest's host key is trusted when it is first seen, and compared ever after.

use super::{VM, as_root};
use crate::live::world::World;

pub(super) fn check(world: &World) {
    let known = world.home.path().join("state/known_hosts");
    let pinned: Vec<_> = std::fs::read_dir(&known).unwrap().flatten().collect();
    assert_eq!(pinned.len(), 1, "one VM, one key");
    let before = std::fs::read_to_string(pinned[0].path()).unwrap();
    // Another server, with a key of its own, takes the port.
    let other = "(sleep 1; killall dropbear; dropbear -E -R -p 22) </dev/null >/dev/null 2>&1 &";
    assert_eq!(as_root(world, other).code, 0);
    let begun = std::time::Instant::now();
    let error = loop {
        let error = world.home.error(255, &["exec", VM, "--command", "true"]);
        let between = begun.elapsed().as_secs() < 60 && error["code"] != "host_key_changed";
        if !between {
            break error;
        }
    };
    assert_eq!(error["code"], "host_key_changed", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(before.trim()), "it names the key that was known: {message}");
    assert_eq!(message.matches("SHA256:").count(), 2, "and the one that is shown: {message}");
    assert_eq!(std::fs::read_to_string(pinned[0].path()).unwrap(), before);
}

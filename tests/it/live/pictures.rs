//! A screen that has no mode yet, and snapshots with names from everywhere.

use super::world::World;

#[test]
fn a_screen_without_a_mode_is_waited_for_and_then_told() {
    let Some(mut world) = World::new("screen without a mode") else { return };
    // Interpreted, this firmware needs minutes until it sets one.
    let firmware = ["--firmware", "efi", "--os-type", "Linux_64"];
    let mut create = vec!["create", "dark", "--memory", "128", "--no-disk"];
    create.extend(firmware);
    world.home.ok(&create);
    world.home.ok(&["start", "dark"]);
    world.home.set("VM_CLI_RETRY_MAX_ATTEMPTS", "2");
    let error = world.home.error(4, &["screenshot", "dark"]);
    assert_eq!(error["code"], "display_not_ready", "{error}");
    assert_eq!(error["retryable"], true, "{error}");
    assert_eq!(error["attempts"].as_array().map(Vec::len), Some(2), "{error}");
    assert!(!world.home.path().join("dark.png").exists());
}

#[test]
fn snapshots_of_any_name_make_a_tree() {
    let Some(world) = World::new("snapshot names") else { return };
    let home = &world.home;
    home.ok(&["create", "tree", "--memory", "64", "--no-disk"]);
    let names = ["Grundzustand äöü", "日本語 \"two\"", "it's ✓ 😀", "Zweig/mit\\strich"];
    let [root, second, third, branch] = names;
    for name in [root, second, third] {
        home.ok(&["snapshot", "--name", "tree", "--snapshot-name", name]);
    }
    home.ok(&["snapshot", "restore", "tree", root]);
    home.ok(&["snapshot", "take", "tree", branch, "--description", "zwei\nZeilen"]);
    let listed = home.json(&["snapshot", "list", "tree"]);
    let items = listed["items"].as_array().unwrap();
    let id = |name: &str| &items.iter().find(|it| it["name"] == name).unwrap()["id"];
    for (name, parent) in [(second, root), (third, second), (branch, root)] {
        let item = items.iter().find(|it| it["name"] == name).unwrap();
        assert_eq!(&item["parent"], id(parent), "{listed}");
    }
    assert_eq!(items.len(), names.len(), "{listed}");
    assert!(items[0]["name"] == root && items[0]["parent"].is_null(), "{listed}");
    let current = items.iter().find(|it| it["current"] == true).unwrap();
    assert_eq!(
        (&current["name"], &current["description"]),
        (&branch.into(), &"zwei\nZeilen".into())
    );

    home.ok(&["snapshot", "take", "tree", branch]);
    let error = home.error(4, &["snapshot", "delete", "tree", branch]);
    assert_eq!(error["code"], "ambiguous", "{error}");
    let by_id = current["id"].as_str().unwrap();
    home.ok(&["snapshot", "delete", "tree", by_id]);
    home.ok(&["snapshot", "delete", "tree", branch]);
    home.ok(&["snapshot", "restore", "tree", third]);
    let left = home.json(&["snapshot", "list", "tree"]);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(3), "{left}");
    home.ok(&["delete", "tree", "--yes"]);
}

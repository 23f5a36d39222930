//! Each key of the configuration does what it says to the VM it creates.

mod every_key;
mod patience;
mod records;
mod surroundings;

use std::fs;

use crate::live::world::World;

/// Makes a VM under a configuration and returns what VBoxManage says of it.
fn made_with(world: &World, name: &str, configuration: &str, arguments: &[&str]) -> String {
    let file = world.home.path().join("given.json");
    fs::write(&file, configuration).unwrap();
    let file = file.display().to_string();
    let mut all = vec!["--config", &file, "create", "--name", name];
    all.extend(arguments);
    world.home.ok(&all);
    world.vboxmanage(&["showvminfo", name, "--machinereadable"])
}

#[track_caller]
fn shows(info: &str, lines: &[&str]) {
    for line in lines {
        assert!(info.lines().any(|found| found.starts_with(line)), "no `{line}` in\n{info}");
    }
}

#[test]
fn the_defaults_of_a_vm_are_those_of_the_configuration() {
    let Some(world) = World::new("settings: vm_defaults") else { return };
    let info = made_with(
        &world,
        "one",
        r#"{"vm_defaults": {"memory_mb": 768, "disk_size_gb": 3, "cpu_cores": 3, "os_type": "Debian_64",
            "execution_engine": "recompiler", "firmware": "efi", "graphics_controller": "vboxsvga",
            "video_memory_mb": 32, "accelerate_3d": true, "network": "intnet:lab"}}"#,
        &[],
    );
    shows(
        &info,
        &[
            "memory=768",
            "cpus=3",
            "ostype=\"Debian",
            "firmware=\"EFI\"",
            "vram=32",
            "graphicscontroller=\"vboxsvga\"",
            "accelerate3d=\"on\"",
            "nic1=\"intnet\"",
            "intnet1=\"lab\"",
        ],
    );
    let status = world.home.json(&["status", "one"]);
    assert_eq!(status["items"][0]["execution_engine"], "recompiler", "{status}");
    let disk = world.home.path().join("vms/one/one.vdi");
    let medium = world.vboxmanage(&["showmediuminfo", "disk", &disk.display().to_string()]);
    assert!(medium.contains("3072 MBytes"), "{medium}");
}

#[test]
fn networks_folders_and_performance_are_as_configured() {
    let Some(world) = World::new("settings: networking, storage, performance, security") else {
        return;
    };
    let folder = world.home.path().join("elsewhere");
    let snapshots = world.home.path().join("shots");
    fs::create_dir_all(&folder).unwrap();
    fs::create_dir_all(&snapshots).unwrap();
    let configuration = serde_json::json!({
        "networking": {"ssh_port_range": [24100, 24110], "rdp_port_range": [24200, 24210]},
        "storage": {"vm_storage_path": folder, "snapshots_path": snapshots},
        "performance": {"enable_nested_virtualization": true, "memory_ballooning": 64,
                        "cpu_priority": "low"},
        "security": {"firewall_enabled": true},
    });
    let arguments = ["--memory", "512", "--no-disk", "--os-type", "Debian_64", "--rdp"];
    let info = made_with(&world, "two", &configuration.to_string(), &arguments);
    let shots = format!("SnapFldr=\"{}", snapshots.display());
    let settings = format!("CfgFile=\"{}", folder.display());
    shows(
        &info,
        &[
            "Forwarding(0)=\"ssh,tcp,127.0.0.1,2410",
            "vrde=\"on\"",
            "nested-hw-virt=\"on\"",
            "GuestMemoryBalloon=64",
            "vmprocpriority=\"low\"",
            &shots,
            &settings,
        ],
    );
    assert!(info.contains("24200") && info.contains("127.0.0.1"), "{info}");
    let open = serde_json::json!({"security": {"firewall_enabled": false},
        "networking": {"ssh_port_range": [24111, 24112]}});
    let info = made_with(&world, "three", &open.to_string(), &["--memory", "64", "--no-disk"]);
    assert!(!info.contains("ssh,tcp,127.0.0.1"), "every address listens: {info}");
    let none = serde_json::json!({"networking": {"enable_port_forwarding": false},
        "performance": {"enable_hardware_acceleration": false}});
    let info = made_with(&world, "four", &none.to_string(), &["--memory", "64", "--no-disk"]);
    assert!(!info.contains("Forwarding("), "{info}");
    shows(&info, &["hwvirtex=\"off\""]);
}

//! The configuration files of the repository: fresh, valid, and with the promised defaults.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;
use serde_json::json;
use vm_cli::config;
use vm_cli::config::Presence;
use vm_cli::config::Settings;
use vm_cli::config::Sources;
use vm_cli::fleet;

fn in_repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn sample() -> Value {
    serde_json::from_str(&config::sample()).unwrap()
}

/// Compares a committed file with what is generated; `SNAPSHOTS=overwrite` updates it.
#[expect(clippy::disallowed_methods, reason = "tests may read the environment")]
fn assert_fresh(name: &str, generated: &str) {
    let path = in_repository(name);
    if std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite") {
        fs::write(&path, generated).expect("the repository is writable");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(committed, generated, "`{name}` is stale: run the tests with SNAPSHOTS=overwrite");
}

#[test]
fn the_sample_file_is_fresh() {
    assert_fresh(config::PROJECT_FILE, &config::sample());
}

#[test]
fn the_schema_file_is_fresh() {
    let schema = serde_json::to_string_pretty(&config::schema()).unwrap();
    assert_fresh("config/vm_orchestrator.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_sample_of_vms_and_its_schema_are_fresh() {
    assert_fresh("config/vms.json", fleet::sample());
    let schema = serde_json::to_string_pretty(&fleet::schema()).unwrap();
    assert_fresh("config/vms.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_sample_is_valid_by_the_schema_and_holds_every_key() {
    let sample = sample();
    let validator = jsonschema::draft202012::new(&config::schema()).unwrap();
    assert!(validator.is_valid(&sample));
    for key in config::keys() {
        let pointer = format!("/{}", key.path.replace('.', "/"));
        assert_eq!(sample.pointer(&pointer), Some(&key.kind.default()), "{}", key.path);
    }
}

#[test]
fn the_committed_file_loads_as_the_defaults() {
    let project = Some(in_repository(config::PROJECT_FILE));
    let loaded = config::load(&Sources { project, ..Sources::default() }).unwrap();
    assert_eq!(loaded.settings, Settings::default());
    assert_eq!(loaded.files.iter().map(|it| it.presence).collect::<Vec<_>>(), [Presence::Read]);
    assert!(loaded.effective.entries().iter().all(|it| it.origin.kind() == "project"));
    let sample = sample();
    assert_eq!(loaded.effective.document(), sample);
}

#[test]
fn the_defaults_are_those_that_people_were_promised() {
    let promised = json!({
        "vm_defaults": {
            "memory_mb": 4096, "disk_size_gb": 50, "cpu_cores": 2, "os_type": "Windows11_64",
            "execution_engine": "auto", "firmware": "auto",
        },
        "resource_limits": {
            "max_concurrent_vms": 5, "max_memory_usage_percent": 80, "max_cpu_usage_percent": 90,
        },
        "networking": {
            "vnc_port_range": [5900, 5950], "rdp_port_range": [3389, 3400],
            "ssh_port_range": [2222, 2232], "enable_port_forwarding": true,
        },
        "storage": { "vm_storage_path": null, "snapshots_path": null, "iso_path": null },
        "performance": {
            "enable_hardware_acceleration": true, "enable_nested_virtualization": false,
            "memory_ballooning": false,
        },
        "security": {
            "require_authentication": false, "firewall_enabled": true, "audit_logging": true,
        },
        "retry": { "max_attempts": 8, "base_delay_ms": 200, "max_delay_ms": 5000 },
        "timeouts": {
            "query_seconds": 30, "change_seconds": 60, "start_seconds": 300, "stop_seconds": 120,
            "wait_seconds": 300, "lock_seconds": 60, "cancel_grace_seconds": 10,
        },
    });
    let sample = sample();
    for (section, keys) in promised.as_object().unwrap() {
        for (key, value) in keys.as_object().unwrap() {
            assert_eq!(sample[section][key], *value, "{section}.{key}");
        }
    }
}

#[test]
fn a_key_that_takes_effect_later_says_so_in_the_schema() {
    let schema = config::schema();
    let description = |section: &str, key: &str| {
        let pointer = format!("/properties/{section}/properties/{key}/description");
        schema.pointer(&pointer).and_then(Value::as_str).unwrap().to_owned()
    };
    assert!(description("networking", "vnc_port_range").contains("takes effect with"));
    assert!(!description("security", "audit_logging").contains("takes effect with"));
}

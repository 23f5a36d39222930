//! No key without a test that fails if it does nothing.

use std::path::Path;

use vm_cli::config;

/// The file and the test that shows a key's effect on the real VirtualBox; without a test, the key
/// takes effect later, and its description says so.
const SHOWN_BY: &[(&str, &str, &[&str])] = &[
    (
        "settings/mod.rs",
        "the_defaults_of_a_vm_are_those_of_the_configuration",
        &[
            "vm_defaults.memory_mb",
            "vm_defaults.disk_size_gb",
            "vm_defaults.cpu_cores",
            "vm_defaults.os_type",
            "vm_defaults.execution_engine",
            "vm_defaults.firmware",
            "vm_defaults.graphics_controller",
            "vm_defaults.video_memory_mb",
            "vm_defaults.accelerate_3d",
            "vm_defaults.network",
        ],
    ),
    (
        "settings/mod.rs",
        "networks_folders_and_performance_are_as_configured",
        &[
            "networking.rdp_port_range",
            "networking.ssh_port_range",
            "networking.enable_port_forwarding",
            "storage.vm_storage_path",
            "storage.snapshots_path",
            "performance.enable_hardware_acceleration",
            "performance.enable_nested_virtualization",
            "performance.memory_ballooning",
            "performance.cpu_priority",
            "security.firewall_enabled",
        ],
    ),
    (
        "settings/patience.rs",
        "each_kind_of_call_has_a_deadline_of_its_own",
        &["timeouts.query_seconds", "timeouts.change_seconds", "timeouts.start_seconds"],
    ),
    (
        "settings/patience.rs",
        "a_call_that_will_not_end_is_killed_after_the_grace",
        &["timeouts.cancel_grace_seconds"],
    ),
    (
        "settings/patience.rs",
        "a_guest_is_waited_for_as_long_as_configured",
        &["timeouts.stop_seconds", "timeouts.wait_seconds"],
    ),
    (
        "settings/patience.rs",
        "transient_failures_are_tried_again_as_often_and_as_soon_as_configured",
        &["retry.max_attempts", "retry.base_delay_ms", "retry.max_delay_ms"],
    ),
    (
        "settings/surroundings.rs",
        "the_configured_hypervisor_and_program_are_used",
        &["hypervisor.driver", "hypervisor.vboxmanage"],
    ),
    ("settings/surroundings.rs", "a_disc_is_found_in_the_configured_folder", &["storage.iso_path"]),
    (
        "settings/surroundings.rs",
        "a_connection_is_given_up_when_configured",
        &["ssh.connect_seconds"],
    ),
    (
        "settings/surroundings.rs",
        "text_is_typed_for_the_configured_layout",
        &["input.keyboard_layout"],
    ),
    (
        "settings/surroundings.rs",
        "the_log_is_written_as_configured",
        &["logging.level", "logging.format", "logging.directory", "logging.max_files"],
    ),
    (
        "settings/surroundings.rs",
        "no_more_operations_run_at_once_than_configured",
        &["resource_limits.max_parallel_operations"],
    ),
    (
        "settings/surroundings.rs",
        "no_vm_is_started_on_a_host_that_is_busier_than_configured",
        &["resource_limits.max_cpu_usage_percent"],
    ),
    (
        "limits.rs",
        "of_four_parallel_starts_two_get_the_two_places",
        &["resource_limits.max_concurrent_vms"],
    ),
    (
        "limits.rs",
        "memory_cpu_and_disk_are_limits_with_figures_and_keys",
        &["resource_limits.max_memory_usage_percent", "resource_limits.min_free_disk_mb"],
    ),
    (
        "settings/records.rs",
        "changes_are_recorded_and_kept_as_configured",
        &["security.audit_logging", "logging.keep_records_days"],
    ),
    (
        "parallel.rs",
        "who_waits_is_told_for_whom_and_a_killed_holder_is_in_nobodys_way",
        &["timeouts.lock_seconds"],
    ),
    (
        "watch.rs",
        "a_vm_whose_process_was_killed_comes_back_as_often_as_configured",
        &[
            "recovery.policy",
            "recovery.max_recoveries",
            "recovery.window_minutes",
            "watch.interval_seconds",
        ],
    ),
    (
        "watch.rs",
        "a_vm_whose_process_was_killed_goes_back_to_the_configured_snapshot",
        &["recovery.snapshot"],
    ),
    (
        "watch.rs",
        "a_guest_that_stands_still_is_found_out_by_the_configured_checks_and_restarted",
        &[
            "watch.checks",
            "watch.warnings",
            "watch.failures",
            "watch.grace_seconds",
            "watch.frozen_seconds",
            "watch.command",
        ],
    ),
    ("guest/login.rs", "check", &["ssh.user", "ssh.identity"]),
    (
        "../serve/keys.rs",
        "it_listens_where_it_is_configured_and_answers_as_many_as_configured",
        &["server.host", "server.port", "server.max_connections", "server.max_requests_per_second"],
    ),
    (
        "../serve/keys.rs",
        "a_token_is_needed_where_it_is_configured_and_where_others_can_come_in",
        &["security.require_authentication"],
    ),
    (
        "../serve/tls.rs",
        "it_speaks_https_by_the_configured_certificate",
        &["server.tls_certificate", "server.tls_key"],
    ),
    (
        "../serve/hub.rs",
        "a_host_does_the_work_that_its_hub_gives_it",
        &["agents.hub_url", "agents.hub_token_file", "agents.hub_certificate"],
    ),
    (
        "../recognisers.rs",
        "the_recogniser_of_the_configuration_reads_in_its_own_letters",
        &["screen.recogniser"],
    ),
    (LATER, "", &["networking.vnc_port_range"]),
];

const LATER: &str = "";

#[test]
fn every_key_is_shown_by_a_test_or_says_that_it_takes_effect_later() {
    let named: Vec<&str> = SHOWN_BY.iter().flat_map(|(.., keys)| *keys).copied().collect();
    for key in config::keys() {
        let times = named.iter().filter(|it| **it == key.path).count();
        assert_eq!(times, 1, "`{}` needs one row that says which test shows it", key.path);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/live");
    for (file, test, keys) in SHOWN_BY {
        for path in *keys {
            let key = config::find(path).unwrap_or_else(|| panic!("there is no key `{path}`"));
            if *file == LATER {
                assert!(key.doc.contains("takes effect with"), "`{path}` does not say when");
                continue;
            }
            assert!(!key.doc.contains("takes effect with"), "`{path}` is tested, and says: later");
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            let (_, body) = text
                .split_once(&format!("fn {test}("))
                .unwrap_or_else(|| panic!("there is no test `{test}` in {file}"));
            let body = body.split("\n}\n").next().unwrap_or_default();
            let (_, last) = path.split_once('.').unwrap();
            let variable = path.replace('.', "_").to_uppercase();
            assert!(
                body.contains(last) || body.contains(&variable),
                "`{test}` does not name `{path}`"
            );
        }
    }
}

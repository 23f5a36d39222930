//! From checked values to the typed settings.

use std::path::MAIN_SEPARATOR;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;

use super::Effective;
use super::{
    Agents, Ballooning, HypervisorSettings, Input, LogFormat, Logging, Networking, Performance,
    PortRange, Recovery, ResourceLimits, Retry, Screen, Security, Server, Settings, Ssh, Storage,
    Timeouts, VmDefaults, Watch,
};
use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::Gibibytes;
use crate::model::HypervisorKind;
use crate::model::Mebibytes;
use crate::model::Switch;
use crate::retry::RetryPolicy;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

impl Default for Settings {
    /// Returns what holds when nobody configures anything.
    #[expect(clippy::expect_used, reason = "the defaults are the table's own, a test reads them")]
    fn default() -> Self {
        settings(&Effective::stack(Vec::new()), None).expect("the table's defaults fit their types")
    }
}

/// Builds the settings; `home` is what a leading `~` in a path stands for.
pub(super) fn settings(values: &Effective, home: Option<&Path>) -> Result<Settings, Error> {
    let read = Reader { values, home };
    Ok(Settings {
        hypervisor: HypervisorSettings {
            driver: match read.text("hypervisor.driver")? {
                "qemu" => HypervisorKind::Qemu,
                "simulated" => HypervisorKind::Simulated,
                _ => HypervisorKind::VirtualBox,
            },
            vboxmanage: read.path("hypervisor.vboxmanage")?,
        },
        vm_defaults: read.vm_defaults()?,
        resource_limits: ResourceLimits {
            max_concurrent_vms: read.number("resource_limits.max_concurrent_vms")?,
            max_memory_usage_percent: read.number("resource_limits.max_memory_usage_percent")?,
            max_cpu_usage_percent: read.number("resource_limits.max_cpu_usage_percent")?,
            min_free_disk: Mebibytes(read.number("resource_limits.min_free_disk_mb")?),
            max_parallel_operations: read.number("resource_limits.max_parallel_operations")?,
        },
        networking: Networking {
            vnc_port_range: read.ports("networking.vnc_port_range")?,
            rdp_port_range: read.ports("networking.rdp_port_range")?,
            ssh_port_range: read.ports("networking.ssh_port_range")?,
            enable_port_forwarding: read.switch("networking.enable_port_forwarding")?,
        },
        storage: Storage {
            vm_storage_path: read.path("storage.vm_storage_path")?,
            snapshots_path: read.path("storage.snapshots_path")?,
            iso_path: read.path("storage.iso_path")?,
        },
        performance: Performance {
            hardware_acceleration: read.switch("performance.enable_hardware_acceleration")?,
            nested_virtualization: read.switch("performance.enable_nested_virtualization")?,
            memory_ballooning: read.ballooning("performance.memory_ballooning")?,
            cpu_priority: read.word("performance.cpu_priority")?,
        },
        security: Security {
            require_authentication: read.switch("security.require_authentication")?,
            firewall_enabled: read.switch("security.firewall_enabled")?,
            audit_logging: read.switch("security.audit_logging")?,
        },
        retry: Retry {
            policy: RetryPolicy {
                max_attempts: read.number("retry.max_attempts")?,
                base_delay: Duration::from_millis(read.number("retry.base_delay_ms")?),
                max_delay: Duration::from_millis(read.number("retry.max_delay_ms")?),
            },
        },
        timeouts: read.timeouts()?,
        input: Input { keyboard_layout: read.word("input.keyboard_layout")? },
        screen: Screen { recogniser: read.path("screen.recogniser")? },
        recovery: read.recovery()?,
        watch: read.watch()?,
        ssh: Ssh {
            user: read.text("ssh.user")?.to_owned(),
            identity: read.path("ssh.identity")?,
            connect: read.seconds("ssh.connect_seconds")?,
        },
        server: Server {
            host: read.text("server.host")?.to_owned(),
            port: read.number("server.port")?,
            max_connections: read.number("server.max_connections")?,
            max_requests_per_second: read.number("server.max_requests_per_second")?,
            tls_certificate: read.path("server.tls_certificate")?,
            tls_key: read.path("server.tls_key")?,
        },
        agents: read.agents()?,
        logging: Logging {
            level: read.text("logging.level")?.to_owned(),
            format: match read.text("logging.format")? {
                "json" => LogFormat::Json,
                _ => LogFormat::Text,
            },
            directory: read.path("logging.directory")?,
            max_files: read.number("logging.max_files")?,
            keep_records: DAY * read.number("logging.keep_records_days")?,
        },
    })
}

struct Reader<'a> {
    values: &'a Effective,
    home: Option<&'a Path>,
}

impl<'a> Reader<'a> {
    fn vm_defaults(&self) -> Result<VmDefaults, Error> {
        Ok(VmDefaults {
            memory: Mebibytes(self.number("vm_defaults.memory_mb")?),
            disk: Gibibytes(self.number("vm_defaults.disk_size_gb")?),
            cpus: self.number("vm_defaults.cpu_cores")?,
            os_type: self.text("vm_defaults.os_type")?.to_owned(),
            execution_engine: self.word("vm_defaults.execution_engine")?,
            firmware: self.word_or_auto("vm_defaults.firmware")?,
            graphics: self.word_or_auto("vm_defaults.graphics_controller")?,
            video_memory: Mebibytes(self.number("vm_defaults.video_memory_mb")?),
            accelerate_3d: self.switch("vm_defaults.accelerate_3d")?,
            nic: self.word("vm_defaults.network")?,
        })
    }

    fn agents(&self) -> Result<Agents, Error> {
        let url = self.text("agents.hub_url")?;
        Ok(Agents {
            hub_url: (url != "none").then(|| url.to_owned()),
            hub_token_file: self.path("agents.hub_token_file")?,
            hub_certificate: self.path("agents.hub_certificate")?,
        })
    }

    fn timeouts(&self) -> Result<Timeouts, Error> {
        Ok(Timeouts {
            query: self.seconds("timeouts.query_seconds")?,
            change: self.seconds("timeouts.change_seconds")?,
            start: self.seconds("timeouts.start_seconds")?,
            stop: self.seconds("timeouts.stop_seconds")?,
            wait: self.seconds("timeouts.wait_seconds")?,
            lock: self.seconds("timeouts.lock_seconds")?,
            cancel_grace: self.seconds("timeouts.cancel_grace_seconds")?,
        })
    }

    fn recovery(&self) -> Result<Recovery, Error> {
        let snapshot = self.text("recovery.snapshot")?;
        Ok(Recovery {
            policy: self.word("recovery.policy")?,
            snapshot: (snapshot != "current").then(|| snapshot.to_owned()),
            max_recoveries: self.number("recovery.max_recoveries")?,
            window: MINUTE * self.number("recovery.window_minutes")?,
        })
    }

    fn watch(&self) -> Result<Watch, Error> {
        Ok(Watch {
            interval: self.seconds("watch.interval_seconds")?,
            checks: self.words("watch.checks")?,
            warnings: self.words("watch.warnings")?,
            failures: self.number("watch.failures")?,
            grace: self.seconds("watch.grace_seconds")?,
            frozen: self.seconds("watch.frozen_seconds")?,
            command: self.text("watch.command")?.to_owned(),
        })
    }

    /// Reads words separated by commas; `none` is none.
    fn words(&self, path: &'static str) -> Result<Vec<String>, Error> {
        let words = self.text(path)?.split(',').map(str::trim);
        Ok(words.filter(|word| !["", "none"].contains(word)).map(str::to_owned).collect())
    }

    fn value(&self, path: &'static str) -> Result<&'a Value, Error> {
        self.values.get(path).map(|entry| &entry.value).ok_or_else(|| unfit(path))
    }

    fn number<N: TryFrom<u64>>(&self, path: &'static str) -> Result<N, Error> {
        let number = self.value(path)?.as_u64().and_then(|number| N::try_from(number).ok());
        number.ok_or_else(|| unfit(path))
    }

    fn seconds(&self, path: &'static str) -> Result<Duration, Error> {
        self.number(path).map(Duration::from_secs)
    }

    fn switch(&self, path: &'static str) -> Result<Switch, Error> {
        self.value(path)?.as_bool().map(Switch::from).ok_or_else(|| unfit(path))
    }

    fn text(&self, path: &'static str) -> Result<&'a str, Error> {
        self.value(path)?.as_str().ok_or_else(|| unfit(path))
    }

    fn word<W: FromStr>(&self, path: &'static str) -> Result<W, Error> {
        self.text(path)?.parse().ok().ok_or_else(|| unfit(path))
    }

    fn word_or_auto<W: FromStr>(&self, path: &'static str) -> Result<Option<W>, Error> {
        match self.text(path)? {
            "auto" => Ok(None),
            _ => self.word(path).map(Some),
        }
    }

    fn path(&self, path: &'static str) -> Result<Option<PathBuf>, Error> {
        if self.value(path)?.is_null() {
            return Ok(None);
        }
        Ok(Some(self.at_home(self.text(path)?)))
    }

    /// Puts the home folder in the place of a leading `~`, as people write it in a file.
    fn at_home(&self, path: &str) -> PathBuf {
        match (path.strip_prefix('~'), self.home) {
            (Some(""), Some(home)) => home.to_owned(),
            (Some(rest), Some(home)) if rest.starts_with(['/', MAIN_SEPARATOR]) => {
                home.join(rest.trim_start_matches(['/', MAIN_SEPARATOR]))
            }
            (Some(_) | None, _) => PathBuf::from(path),
        }
    }

    fn ports(&self, path: &'static str) -> Result<PortRange, Error> {
        let port = |number: &Value| u16::try_from(number.as_u64()?).ok();
        match self.value(path)?.as_array().map(Vec::as_slice) {
            Some([first, last]) => {
                let range = port(first).zip(port(last));
                range.map(|(first, last)| PortRange { first, last }).ok_or_else(|| unfit(path))
            }
            Some(_) | None => Err(unfit(path)),
        }
    }

    fn ballooning(&self, path: &'static str) -> Result<Ballooning, Error> {
        Ok(match self.value(path)?.as_bool() {
            Some(true) => Ballooning::Quarter,
            Some(false) => Ballooning::Off,
            None => match self.number(path)? {
                0 => Ballooning::Off,
                amount => Ballooning::Fixed(Mebibytes(amount)),
            },
        })
    }
}

/// Builds the failure of a table that disagrees with the settings: a bug.
fn unfit(path: &'static str) -> Error {
    Error::new(ErrorKind::Internal, format!("the value of `{path}` does not fit its type"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::path::PathBuf;

    use serde_json::Value;
    use serde_json::json;

    use super::settings;
    use crate::config::Ballooning;
    use crate::config::Effective;
    use crate::config::Key;
    use crate::config::Kind;
    use crate::config::Layer;
    use crate::config::Origin;
    use crate::config::Settings;
    use crate::config::Shape;
    use crate::config::find;
    use crate::config::keys;
    use crate::model::Mebibytes;

    fn with(key: &'static Key, value: Value) -> Settings {
        let layer = Layer { origin: Origin::Default, values: vec![(key, value)] };
        settings(&Effective::stack(vec![layer]), Some(Path::new("/home/me"))).unwrap()
    }

    /// Every value worth trying that is not the default.
    fn others(kind: &Kind) -> Vec<Value> {
        match *kind {
            Kind::Integer { min, max, default } => {
                let numbers = [min, max].into_iter().filter(|number| *number != default);
                numbers.map(Value::from).collect()
            }
            Kind::Switch { default } => vec![json!(!default)],
            Kind::Word { words, default } => {
                words.iter().filter(|word| **word != default).map(|word| json!(word)).collect()
            }
            Kind::Text { shape: Shape::Plain, .. } => vec![json!("Debian_64")],
            Kind::Text { shape: Shape::Network, .. } => vec![json!("none"), json!("intnet:lab")],
            Kind::Path => vec![json!("/somewhere")],
            Kind::Ports { .. } => vec![json!([1, 65535])],
            Kind::Balloon { max } => vec![json!(true), json!(max)],
        }
    }

    #[test]
    fn every_value_of_every_key_reaches_the_settings() {
        let default = Settings::default();
        for key in keys() {
            for value in others(&key.kind) {
                assert_eq!(key.kind.check(&value), Ok(value.clone()), "{}", key.path);
                assert_ne!(with(key, value), default, "{}", key.path);
            }
        }
    }

    #[test]
    fn the_balloon_knows_none_a_share_and_an_amount() {
        let key = find("performance.memory_ballooning").unwrap();
        let balloon = |value| with(key, value).performance.memory_ballooning;
        assert_eq!(balloon(json!(0)), Ballooning::Off);
        assert_eq!(balloon(json!(true)), Ballooning::Quarter);
        assert_eq!(balloon(json!(1)), Ballooning::Fixed(Mebibytes(1)));
    }

    #[test]
    fn a_leading_tilde_is_the_home_folder() {
        let key = find("storage.iso_path").unwrap();
        let path = |text: &str| with(key, json!(text)).storage.iso_path.unwrap();
        assert_eq!(path("~/iso"), Path::new("/home/me").join("iso"));
        assert_eq!(path("~"), PathBuf::from("/home/me"));
        assert_eq!(path("~other/iso"), PathBuf::from("~other/iso"));
        assert_eq!(path("./~/iso"), PathBuf::from("./~/iso"));
    }
}

/// Returns a file of VMs that shows what can be said.
pub fn sample() -> &'static str {
    SAMPLE
}

const SAMPLE: &str = r#"{
  "$schema": "./vms.schema.json",
  "schema": 1,
  "vms": {
    "base": {
      "memory": 1024,
      "disk": "20G",
      "os_type": "Debian_64",
      "start": false
    },
    "dc": {
      "memory": "2G",
      "cpus": 2,
      "disk": 20,
      "os_type": "Debian_64",
      "forward": ["http:8080:80"],
      "group": "/lab",
      "wait": "ssh",
      "timeout": "10m"
    },
    "client": {
      "count": 3,
      "from": "base",
      "depends_on": { "dc": "ssh" }
    }
  }
}
"#;

use super::Key;
use super::SECTIONS;
use super::Section;

/// Returns a configuration file with every key and its default, as `config init` writes it.
pub fn sample() -> String {
    let sections: Vec<_> = SECTIONS.iter().map(section).collect();
    format!("{{\n{}\n}}\n", sections.join(",\n"))
}

fn section(section: &Section) -> String {
    let keys: Vec<_> = section.keys.iter().map(line).collect();
    format!("  \"{}\": {{\n{}\n  }}", section.name, keys.join(",\n"))
}

fn line(key: &Key) -> String {
    format!("    \"{}\": {}", key.name(), key.kind.default())
}

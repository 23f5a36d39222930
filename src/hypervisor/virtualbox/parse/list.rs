use crate::model::VmId;

/// A line of `list vms` or `list runningvms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct ListedVm {
    /// Its name as printed: raw, possibly with quotes and newlines.
    pub(in super::super) name: String,
    /// Its identity.
    pub(in super::super) id: VmId,
}

/// Reads `"NAME" {UUID}` lines. A name may hold newlines and quotes: an entry ends with the line
/// that ends with a UUID in braces. What is no entry is passed over.
pub(in super::super) fn list(stdout: &str) -> Vec<ListedVm> {
    let mut vms = Vec::new();
    let mut entry = String::new();
    for line in stdout.lines() {
        if entry.is_empty() && !line.starts_with('"') {
            continue;
        }
        if !entry.is_empty() {
            entry.push('\n');
        }
        entry.push_str(line.trim_end_matches('\r'));
        if let Some(vm) = read_entry(&entry) {
            vms.push(vm);
            entry.clear();
        }
    }
    vms
}

fn read_entry(entry: &str) -> Option<ListedVm> {
    let (name, id) = entry.strip_prefix('"')?.strip_suffix('}')?.rsplit_once("\" {")?;
    Some(ListedVm { name: name.to_owned(), id: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::list;
    use crate::model::VmId;

    const LISTED: &str = include_str!("../../../../tests/fixtures/virtualbox/7.2/list-vms.stdout");

    #[test]
    fn raw_names_with_quotes_braces_and_newlines_are_read() {
        let names: Vec<_> = list(LISTED).into_iter().map(|vm| vm.name).collect();
        assert_eq!(
            names,
            [
                "web",
                "with spaces",
                "a \"quoted\" name",
                "Übung ☃ 日本",
                "back\\slash",
                "} {x",
                "two\nlines",
                "--help",
                "lost",
                "gone"
            ]
        );
        assert_eq!(list(LISTED)[0].id.to_string(), "7d1f0c5e-0000-4000-8000-000000000001");
    }

    #[test]
    fn the_line_ends_of_windows_make_no_difference() {
        assert_eq!(list(&LISTED.replace('\n', "\r\n")), list(LISTED));
    }

    #[test]
    fn noise_before_and_a_cut_off_end_cost_only_themselves() {
        let noisy = format!("Oracle VirtualBox\n\n{}\"cut {{7d1f", &LISTED);
        assert_eq!(list(&noisy), list(LISTED));
        assert!(list("").is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\PC\n\"{}]*") {
            list(&text);
        }

        #[test]
        fn one_line_names_read_back(names in proptest::collection::vec("[^\n\r]{0,20}", 0..5)) {
            let ids = (1u128..).map(VmId::from_random);
            let lines: Vec<_> =
                names.iter().zip(ids).map(|(name, id)| format!("\"{name}\" {{{id}}}")).collect();
            let read: Vec<_> = list(&lines.join("\n")).into_iter().map(|vm| vm.name).collect();
            prop_assert_eq!(read, names);
        }
    }
}

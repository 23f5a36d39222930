use std::net::IpAddr;

use jiff::Timestamp;

use crate::model::Freshness;
use crate::model::GuestFacts;

/// One guest property.
#[derive(Debug, PartialEq, Eq)]
struct Property<'a> {
    name: &'a str,
    value: &'a str,
    /// When it was set; nanoseconds since 1970.
    at: Option<i128>,
}

/// What the guest writes stands below these.
const BY_GUEST: [&str; 2] = ["/VirtualBox/GuestInfo/", "/VirtualBox/GuestAdd/"];

/// What VirtualBox writes when a VM's process begins, from its power-on or from its saved memory.
const BEGINNING: &str = "/VirtualBox/HostInfo/VBoxVer";

/// Reads `guestproperty enumerate`, in the format of 7.x or of older versions.
pub(in super::super) fn guest_facts(stdout: &str) -> GuestFacts {
    let all: Vec<Property<'_>> = stdout.lines().filter_map(property).collect();
    let value = |name: &str| {
        let found =
            all.iter().find(|it| it.name.strip_prefix("/VirtualBox/GuestInfo/") == Some(name));
        found.map(|it| it.value)
    };
    let text = |name| value(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let list = value("OS/LoggedInUsersList").filter(|list| !list.is_empty());
    let users = value("OS/LoggedInUsers")
        .map(|_| list.map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default());
    GuestFacts {
        system: text("OS/Product"),
        release: text("OS/Release"),
        addresses: addresses(&all),
        users,
        freshness: freshness(&all),
        ..GuestFacts::default()
    }
}

/// A snapshot brings its properties back with their old times, while the guest begins to write
/// them anew within a second of being resumed.
fn freshness(all: &[Property<'_>]) -> Freshness {
    let is_guests = |it: &&Property<'_>| BY_GUEST.iter().any(|folder| it.name.starts_with(folder));
    let last = all.iter().filter(is_guests).filter_map(|it| it.at).max();
    let begun = all.iter().find(|it| it.name == BEGINNING).and_then(|it| it.at);
    match (begun, last) {
        (Some(begun), Some(last)) if last < begun => Freshness::Stale,
        (Some(_) | None, _) => Freshness::Fresh,
    }
}

/// Returns the addresses by the number of their card. One without a lease reports 0.0.0.0.
fn addresses(all: &[Property<'_>]) -> Vec<IpAddr> {
    let numbered = all.iter().filter_map(|it| {
        let card = it.name.strip_prefix("/VirtualBox/GuestInfo/Net/")?;
        let number: u32 = card.strip_suffix("/V4/IP")?.parse().ok()?;
        let address: IpAddr = it.value.parse().ok()?;
        (!address.is_unspecified()).then_some((number, address))
    });
    let mut numbered: Vec<_> = numbered.collect();
    numbered.sort_unstable();
    numbered.into_iter().map(|(_, address)| address).collect()
}

fn property(line: &str) -> Option<Property<'_>> {
    match line.strip_prefix("Name: ") {
        Some(rest) => old(rest),
        None => new(line),
    }
}

/// Reads `NAME   = 'VALUE'   @ 2026-11-23T05:33:06.992Z FLAGS`; the value is raw.
fn new(line: &str) -> Option<Property<'_>> {
    let (name, rest) = line.split_once(" = '").map(|(name, rest)| (name.trim_end(), rest))?;
    let (value, tail) = rest.rsplit_once(" @ ")?;
    let value = value.trim_end().strip_suffix('\'')?;
    let at = tail.split_whitespace().next()?.parse::<Timestamp>().ok();
    Some(Property { name, value, at: at.map(Timestamp::as_nanosecond) })
}

/// Reads `NAME, value: VALUE, timestamp: NANOSECONDS, flags: FLAGS`; the value is raw.
fn old(rest: &str) -> Option<Property<'_>> {
    let (name, rest) = rest.split_once(", value: ")?;
    let (value, tail) = rest.rsplit_once(", timestamp: ")?;
    let at = tail.split(',').next().and_then(|number| number.trim().parse().ok());
    Some(Property { name, value, at })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::guest_facts;
    use crate::model::Freshness;

    const RUNNING: &str =
        include_str!("../../../../tests/fixtures/virtualbox/7.2/guestproperty-enumerate.stdout");
    const RESUMED: &str = include_str!(
        "../../../../tests/fixtures/virtualbox/7.2/guestproperty-enumerate-resumed.stdout"
    );

    #[test]
    fn a_guest_tells_its_system_address_and_users() {
        let facts = guest_facts(RUNNING);
        assert_eq!(facts.system.as_deref(), Some("Linux"));
        assert_eq!(facts.release.as_deref(), Some("6.1.192"));
        assert_eq!(facts.addresses, ["10.0.2.15".parse::<std::net::IpAddr>().unwrap()]);
        assert_eq!(facts.users, Some(Vec::new()));
        assert_eq!(facts.freshness, Freshness::Fresh);
    }

    #[test]
    fn what_came_back_with_a_snapshot_is_stale() {
        let facts = guest_facts(RESUMED);
        assert_eq!(facts.freshness, Freshness::Stale);
        assert_eq!(facts.addresses.len(), 1, "{facts:?}");
    }

    #[test]
    fn the_older_format_is_read_too() {
        let facts = guest_facts(
            "Name: /VirtualBox/GuestInfo/Net/1/V4/IP, value: 10.0.3.15, timestamp: 20, flags: \n\
             Name: /VirtualBox/GuestInfo/Net/0/V4/IP, value: 0.0.0.0, timestamp: 20, flags: \n\
             Name: /VirtualBox/GuestInfo/OS/LoggedInUsers, value: 2, timestamp: 20, flags: \n\
             Name: /VirtualBox/GuestInfo/OS/LoggedInUsersList, value: ann,bob, timestamp: 20, flags: \n\
             Name: /VirtualBox/HostInfo/VBoxVer, value: 6.1, timestamp: 30, flags: TRANSIENT\n",
        );
        assert_eq!(facts.addresses, ["10.0.3.15".parse::<std::net::IpAddr>().unwrap()]);
        assert_eq!(facts.users, Some(vec!["ann".to_owned(), "bob".to_owned()]));
        assert_eq!(facts.freshness, Freshness::Stale);
    }

    #[test]
    fn a_guest_that_says_nothing_has_no_users_and_is_not_stale() {
        let facts = guest_facts("No properties found.\n");
        assert_eq!(facts, crate::model::GuestFacts::default());
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(text in "(Name: |/VirtualBox/GuestInfo/Net/[0-9]{0,12}/V4/IP|[ -~]{0,30}| = '|' @ |, value: |, timestamp: |\n){0,20}") {
            guest_facts(&text);
        }
    }
}

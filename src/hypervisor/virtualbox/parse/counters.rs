use crate::model::Traffic;

/// Adds up what `debugvm statistics` prints of a VM's cards and disks.
pub(in super::super) fn traffic(xml: &str) -> Traffic {
    xml.lines().filter_map(counter).fold(Traffic::default(), |mut all, (name, bytes)| {
        let sum = match name.rsplit('/').next() {
            Some("BytesReceived") => &mut all.received,
            Some("BytesTransmitted") => &mut all.sent,
            Some("BytesRead") => &mut all.read,
            Some("BytesWritten") => &mut all.written,
            Some(_) | None => return all,
        };
        *sum = sum.saturating_add(bytes);
        all
    })
}

/// Reads `<Counter c="12" unit="bytes" name="/Public/NetAdapter/0/BytesReceived"/>`.
fn counter(line: &str) -> Option<(&str, u64)> {
    let line = line.trim().strip_prefix("<Counter ")?;
    let attribute = |name: &str| {
        let (_, rest) = line.split_once(name)?;
        rest.split_once('"').map(|(value, _)| value)
    };
    Some((attribute("name=\"")?, attribute("c=\"")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::traffic;
    use crate::model::Traffic;

    const PRINTED: &str =
        include_str!("../../../../tests/fixtures/virtualbox/7.2/debugvm-statistics.stdout");

    #[test]
    fn cards_and_disks_are_added_up() {
        let all = traffic(PRINTED);
        assert_eq!((all.received, all.sent), (38_252, 34_836));
        assert_eq!((all.read, all.written), (7_585_792, 0));
        let second =
            "<Counter c=\"40\" unit=\"bytes\" name=\"/Public/NetAdapter/1/BytesReceived\"/>\n";
        assert_eq!(traffic(&[second, PRINTED].concat()).received, 38_292);
        assert_eq!(traffic("VBoxManage: error: x\n<Counter c=\"\n"), Traffic::default());
    }
}

/// Returns the candidate that was probably meant, if one is near enough.
pub(crate) fn nearest<C>(word: &str, candidates: C) -> Option<String>
where
    C: IntoIterator<Item: AsRef<str>>,
{
    // Low enough for `cpu` (0.84 to `cpu_cores`), high enough that noise gets no answer.
    const NEAR: f64 = 0.75;
    let scored = candidates.into_iter().map(|it| (strsim::jaro_winkler(word, it.as_ref()), it));
    let best = scored.max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.filter(|(score, _)| NEAR <= *score).map(|(_, it)| it.as_ref().to_owned())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_fingers_is_recognised_and_noise_is_not() {
        let words = ["memory_mb", "disk_size_gb", "cpu_cores"];
        assert_eq!(nearest("memroy_mb", words).as_deref(), Some("memory_mb"));
        assert_eq!(nearest("memory", words).as_deref(), Some("memory_mb"));
        assert_eq!(nearest("cpu", words).as_deref(), Some("cpu_cores"));
        assert_eq!(nearest("zzz", words), None);
        assert_eq!(nearest("x", [""; 0]), None);
    }
}

/// Windows tells only who writes to a pipe that nobody reads it.
pub(crate) fn is_gone() -> bool {
    false
}

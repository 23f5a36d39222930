use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::FileRole;
use super::Origin;
use super::Problem;
use super::json;

const LARGEST: u64 = 1024 * 1024;

/// Reads a configuration file; `None` is an optional one that is not there.
pub(super) fn read(role: FileRole, path: &Path) -> Result<Option<Value>, Problem> {
    let origin = Origin::File(role, path.to_owned());
    let bytes = match bytes(path) {
        Ok(bytes) => bytes,
        Err(error) if role != FileRole::Named && is_missing(&error) => return Ok(None),
        Err(error) => return Err(Problem::whole(&origin, format!("cannot be read: {error}"))),
    };
    parse(&bytes).map(Some).map_err(|why| Problem::whole(&origin, why))
}

/// Reads a file that is no larger than a configuration can be, and a byte more.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_missing(error: &io::Error) -> bool {
    // The project's file is in `config`, which may well be a file in somebody's folder.
    [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind())
}

/// Parses a JSON document, or says what is wrong with it, as a clause that follows its name.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, String> {
    if usize::try_from(LARGEST).is_ok_and(|largest| largest < bytes.len()) {
        return Err("is larger than 1 MiB, which no configuration is".to_owned());
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("is UTF-16, save it as UTF-8".to_owned());
    }
    // Windows' editors put a byte order mark before UTF-8.
    let document = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if document.trim_ascii().is_empty() {
        return Err("is empty, must be an object such as {}".to_owned());
    }
    json::parse(document).map_err(|error| format!("is not valid JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::TempDir;

    use super::LARGEST;
    use super::parse;
    use super::read;
    use crate::config::FileRole;

    #[test]
    fn a_byte_order_mark_is_skipped_and_utf_16_is_named() {
        assert_eq!(parse(b"\xef\xbb\xbf{}"), Ok(json!({})));
        assert!(parse(b"\xff\xfe{\0}\0").unwrap_err().contains("UTF-16"));
    }

    #[test]
    fn a_syntax_error_names_line_and_column() {
        let why = parse(b"{\n  \"retry\": {,}\n}").unwrap_err();
        assert!(
            why.starts_with("is not valid JSON: ") && why.ends_with("at line 2 column 13"),
            "{why}"
        );
        assert!(parse(b" \n").unwrap_err().starts_with("is empty"));
    }

    #[test]
    fn a_file_larger_than_a_mebibyte_is_refused() {
        let mut bytes = b"{}".to_vec();
        bytes.resize(usize::try_from(LARGEST).unwrap(), b' ');
        assert_eq!(parse(&bytes), Ok(json!({})));
        bytes.push(b' ');
        assert!(parse(&bytes).unwrap_err().contains("1 MiB"));
    }

    #[test]
    fn only_a_file_that_was_named_must_be_there() {
        let folder = TempDir::new().unwrap();
        let missing = folder.path().join("missing.json");
        assert_eq!(read(FileRole::User, &missing), Ok(None));
        assert_eq!(read(FileRole::Project, &missing), Ok(None));
        let problem = read(FileRole::Named, &missing).unwrap_err().to_string();
        assert!(problem.contains("missing.json: cannot be read"), "{problem}");
    }

    #[test]
    fn a_folder_in_place_of_a_file_is_a_problem_and_a_file_in_place_of_its_folder_is_not() {
        let folder = TempDir::new().unwrap();
        let problem = read(FileRole::User, folder.path()).unwrap_err().to_string();
        assert!(problem.contains("cannot be read"), "{problem}");
        let file = folder.path().join("config");
        std::fs::write(&file, "").unwrap();
        assert_eq!(read(FileRole::Project, &file.join("vm_orchestrator.json")), Ok(None));
    }
}

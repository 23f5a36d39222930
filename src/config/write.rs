use std::fs;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::io as failed;

/// Writes a file that is not there yet, whole or not at all; makes its folder where it is missing.
pub fn write_new(path: &Path, content: &str) -> Result<(), Error> {
    let cannot = |error| failed(format!("write `{}`", path.display()), error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    let draft = draft_of(path);
    let written = write(&draft, content).map_err(cannot);
    let published = written.and_then(|()| {
        publish(&draft, path, content).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists { exists(path) } else { cannot(error) }
        })
    });
    // A draft that cannot be removed is in nobody's way.
    drop(fs::remove_file(&draft));
    published
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}

/// Gives the draft its name: unlike a rename, a link never takes the place of another file.
fn publish(draft: &Path, path: &Path, content: &str) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // FAT and some network folders know no links.
            write(path, content)
        }
        linked => linked,
    }
}

/// Returns a name beside the file that no other call uses.
fn draft_of(path: &Path) -> PathBuf {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}-{call}.draft", std::process::id()));
    PathBuf::from(name)
}

fn exists(path: &Path) -> Error {
    Error::new(ErrorKind::AlreadyExists, format!("`{}` exists already", path.display()))
        .hint("edit it, or move it away first")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use tempfile::TempDir;

    use super::write_new;
    use crate::error::ErrorKind;

    #[test]
    fn a_new_file_is_written_with_its_folders_and_leaves_nothing_beside_it() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a/b/config.json");
        write_new(&path, "{}\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{}\n");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_there_is_never_overwritten() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("config.json");
        fs::write(&path, "mine").unwrap();
        let error = write_new(&path, "theirs").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn of_many_at_once_exactly_one_writes() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("config.json");
        let path = path.as_path();
        let written = thread::scope(|scope| {
            let writer = |number: u8| scope.spawn(move || write_new(path, &number.to_string()));
            let writers: Vec<_> = (0..8).map(writer).collect();
            writers.into_iter().filter_map(|it| it.join().unwrap().ok()).count()
        });
        assert_eq!(written, 1);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = write_new(&file.join("x/config.json"), "{}").unwrap_err();
        assert!(error.to_string().contains("config.json"), "{error}");
    }
}

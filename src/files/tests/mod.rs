mod guest;

use std::fs;
use std::path::{Path, PathBuf};

use guest::{Guest, Trouble};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::sync::watch;

use super::{
    Copied, CopyOptions, FileKind, GuestFiles, Meter, Recursion, Resumption, copy_in, copy_out,
    permissions,
};
use crate::error::{Error, ErrorKind};

const ANEW: CopyOptions =
    CopyOptions { recursion: Recursion::Descend, resumption: Resumption::Anew };
const RESUME: CopyOptions = CopyOptions { resumption: Resumption::Continue, ..ANEW };

/// A host folder and a guest.
struct Bench {
    host: TempDir,
    guest: Guest,
}

impl Bench {
    fn new(trouble: Trouble) -> Self {
        Self { host: tempfile::tempdir().unwrap(), guest: Guest::new(trouble) }
    }

    fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.host.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    async fn send(&self, names: &[&str], to: &str, how: CopyOptions) -> Result<Copied, Error> {
        let sources: Vec<_> = names.iter().map(|name| self.host.path().join(name)).collect();
        copy_in(&self.guest, &sources, to, how, &meter()).await
    }

    async fn fetch(&self, names: &[&str], to: &Path, how: CopyOptions) -> Result<Copied, Error> {
        let sources: Vec<_> = names.iter().map(ToString::to_string).collect();
        copy_out(&self.guest, &sources, to, how, &meter()).await
    }
}

fn meter() -> Meter {
    Meter::new(watch::channel(false).1, |_, _| {})
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_folder_goes_there_and_back_with_its_modes_and_without_its_links() {
    let bench = Bench::new(Trouble::None);
    let tool = bench.put("tree/bin/tool", b"#!/bin/sh\n");
    bench.put("tree/note ü.txt", b"");
    permissions::set(&tool, 0o750).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("bin", bench.host.path().join("tree/link")).unwrap();
    let copied = bench.send(&["tree"], "/", ANEW).await.unwrap();
    assert_eq!((copied.files, copied.folders, copied.bytes), (2, 2, 10));
    assert_eq!(copied.skipped.len(), usize::from(cfg!(unix)));
    let back = bench.host.path().join("back");
    let returned = bench.fetch(&["/tree"], &back, ANEW).await.unwrap();
    assert_eq!((returned.files, returned.folders, returned.bytes), (2, 2, 10));
    assert_eq!(names(&back), ["bin", "note ü.txt"]);
    assert_eq!(fs::read(back.join("bin/tool")).unwrap(), b"#!/bin/sh\n");
    let modes =
        [&tool, &back.join("bin/tool")].map(|it| permissions::of(&fs::metadata(it).unwrap()));
    assert_eq!(modes[0], modes[1]);
}

#[tokio::test]
async fn where_files_go_is_as_scp_decides() {
    let bench = Bench::new(Trouble::None);
    bench.put("a", b"a");
    bench.put("b", b"b");
    bench.put("d/x", b"x");
    bench.send(&["a"], "/new", ANEW).await.unwrap();
    bench.send(&["a", "b"], "/", ANEW).await.unwrap();
    bench.send(&["d"], "/e", ANEW).await.unwrap();
    bench.send(&["d"], "/e", ANEW).await.unwrap();
    assert_eq!(names(bench.guest.root()), ["a", "b", "e", "new"]);
    assert_eq!(names(&bench.guest.root().join("e")), ["d", "x"]);
    let plain = CopyOptions { recursion: Recursion::Refuse, ..ANEW };
    for (sources, target, how, kind) in [
        (&["a", "b"][..], "/none", ANEW, ErrorKind::NotFound),
        (&["a", "b"][..], "/new", ANEW, ErrorKind::NotFound),
        (&["a"][..], "/none/", ANEW, ErrorKind::NotFound),
        (&["d"][..], "/f", plain, ErrorKind::Usage),
        (&["missing"][..], "/f", ANEW, ErrorKind::FileNotFound),
    ] {
        let refused = bench.send(sources, target, how).await.unwrap_err();
        assert_eq!(refused.kind(), kind, "{sources:?} to {target}: {refused}");
    }
    let host = bench.host.path();
    for (source, target, kind) in [
        ("/none", host.join("f"), ErrorKind::NotFound),
        ("/", host.to_owned(), ErrorKind::Usage),
        ("/a", host.join("none/"), ErrorKind::NotFound),
    ] {
        let refused = bench.fetch(&[source], &target, ANEW).await.unwrap_err();
        assert_eq!(refused.kind(), kind, "{source}: {refused}");
    }
}

#[tokio::test]
async fn what_failed_leaves_nothing_and_what_was_there_stays() {
    for (trouble, kind) in [
        (Trouble::Full(3), ErrorKind::DiskFull),
        (Trouble::Damages, ErrorKind::Io),
        (Trouble::Stops, ErrorKind::Canceled),
    ] {
        let bench = Bench::new(trouble);
        bench.put("a", b"new content");
        fs::write(bench.guest.root().join("a"), "old").unwrap();
        let failed = bench.send(&["a"], "/a", ANEW).await.unwrap_err();
        assert_eq!(failed.kind(), kind, "{trouble:?}: {failed}");
        assert_eq!(names(bench.guest.root()), ["a"], "{trouble:?}");
        assert_eq!(fs::read(bench.guest.root().join("a")).unwrap(), b"old");
    }
    let bench = Bench::new(Trouble::Damages);
    fs::write(bench.guest.root().join("a"), "content").unwrap();
    let failed = bench.fetch(&["/a"], &bench.host.path().join("a"), ANEW).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Io, "{failed}");
    assert!(names(bench.host.path()).is_empty());
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_refused_before_anything_is_written() {
    let bench = Bench::new(Trouble::Lies);
    let failed = bench.fetch(&["/"], &bench.host.path().join("all"), ANEW).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Unparseable);
    assert!(names(bench.host.path()).is_empty());
}

#[tokio::test]
async fn a_part_that_is_as_it_should_be_is_gone_on_with() {
    let bench = Bench::new(Trouble::None);
    bench.put("a", b"0123456789");
    let part = bench.guest.root().join(".a.vm-cli-part");
    for (there, kept) in [(&b"0123"[..], 4), (b"01x3", 0), (b"0123456789abc", 0), (b"", 0)] {
        fs::write(&part, there).unwrap();
        fs::remove_file(bench.guest.root().join("a")).ok();
        let copied = bench.send(&["a"], "/a", RESUME).await.unwrap();
        assert_eq!((copied.kept_bytes, copied.bytes), (kept, 10 - kept));
        assert_eq!(fs::read(bench.guest.root().join("a")).unwrap(), b"0123456789");
    }
    let again = bench.send(&["a"], "/a", RESUME).await.unwrap();
    assert_eq!((again.files, again.kept_bytes), (0, 10), "all of it is there");
    let back = bench.host.path().join("back");
    fs::write(bench.host.path().join(".back.vm-cli-part"), "01234").unwrap();
    let copied = bench.fetch(&["/a"], &back, RESUME).await.unwrap();
    assert_eq!((copied.kept_bytes, copied.bytes), (5, 5));
    assert_eq!(bench.fetch(&["/a"], &back, RESUME).await.unwrap().kept_bytes, 10);
}

#[tokio::test]
async fn a_copy_that_may_be_resumed_keeps_what_has_come() {
    let bench = Bench::new(Trouble::Full(3));
    bench.put("a", b"0123456789");
    bench.send(&["a"], "/a", RESUME).await.unwrap_err();
    assert_eq!(names(bench.guest.root()), [".a.vm-cli-part"]);
    let facts = bench.guest.look("/.a.vm-cli-part").await.unwrap().unwrap();
    assert_eq!((facts.kind, facts.size), (FileKind::File, 3));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_part_there_is_the_whole_arrives(
        content in prop::collection::vec(any::<u8>(), 0..600),
        part in prop::collection::vec(any::<u8>(), 0..600),
        kept in 0usize..600,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new(Trouble::None);
            bench.put("a", &content);
            let there = [content.get(..kept).unwrap_or(&content), &part].concat();
            fs::write(bench.guest.root().join(".a.vm-cli-part"), there).unwrap();
            bench.send(&["a"], "/a", RESUME).await.unwrap();
            assert_eq!(fs::read(bench.guest.root().join("a")).unwrap(), content);
            assert_eq!(names(bench.guest.root()), ["a"]);
        });
    }
}

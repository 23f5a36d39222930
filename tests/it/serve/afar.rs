//! Every command with `--host`: a server does it, or it is refused before anything is done.
#![cfg(unix)]

use std::collections::BTreeSet;

use super::client::away;
use super::with_vm;
use crate::support::command::Home;

/// What comes of a command that goes to a server.
#[derive(Debug, Clone, Copy)]
enum Comes {
    /// The server does it, or, where it is about files of this host alone, it is done here.
    Done,
    /// The server is asked, and says no for this reason, which is not the distance.
    AskedInVain(&'static str),
    /// It is refused for this reason, and nothing was done.
    Refused(&'static str),
}

use Comes::{AskedInVain, Done, Refused};

const NOT_AWAY: Comes = Refused("works on this host only");
const NO_ROOT: Comes = Refused("is a file of the server's host");

/// A life with every command; `HOME` is a folder of the host, `LOGIN` how the guest is entered.
const LIFE: &[(&str, Comes)] = &[
    ("create other --memory 64 --no-disk", Done),
    ("create bad --memory 64 --no-disk --iso local.iso", NO_ROOT),
    ("create-linux own --distro debian --iso-path x.iso", NOT_AWAY),
    ("create-windows own --iso-path x.iso", NOT_AWAY),
    ("start other", Done),
    ("pause other", Done),
    ("resume other", Done),
    ("reset other", Done),
    ("restart other", Done),
    ("stop other --force", Done),
    ("clone other copy", Done),
    ("export other -o other.ova", NO_ROOT),
    ("export other -o HOME/other.ova", AskedInVain("neither written into files")),
    ("import other.ova", NO_ROOT),
    ("import HOME/other.ova", AskedInVain("neither written into files")),
    ("template save copy --as plan", Done),
    ("template list", Done),
    ("template delete plan", Done),
    ("snapshot take other clean", Done),
    ("rollback other clean --yes", Done),
    ("stop other --force", Done),
    ("delete other copy --yes", Done),
    ("list", Done),
    ("status web", Done),
    ("status --file x.json", NOT_AWAY),
    ("start web", Done),
    ("wait web additions --timeout 60s", Done),
    ("wait web screen-stable --still 500ms --timeout 60s", Done),
    ("screenshot web -o screen.png", Done),
    ("analyze screen.png --text", Done),
    ("find web Welcome --first", Done),
    ("assert text web Welcome", Done),
    ("screen-diff screen.png screen.png", Done),
    ("record web --for 1s --to film.webm", NO_ROOT),
    ("record web --for 1s --to HOME/film.webm", AskedInVain("makes no films")),
    ("display url web", AskedInVain("has no remote display")),
    ("type web hi", Done),
    ("key web enter", Done),
    ("click web 3,4", Done),
    ("move web 3,4", Done),
    ("drag web 3,4 5,6", Done),
    ("scroll web down", Done),
    ("exec web LOGIN -- echo hi", Done),
    ("exec web LOGIN --tty -- echo hi", Refused("terminal")),
    ("copy screen.png web:/tmp/ LOGIN", NO_ROOT),
    ("copy HOME/screen.png web:/tmp/ LOGIN", Done),
    ("copy web:/tmp/screen.png back.png LOGIN", NO_ROOT),
    ("copy web:/tmp/screen.png HOME/back.png LOGIN", Done),
    ("clock web LOGIN", Done),
    ("shell web", NOT_AWAY),
    ("share add web . --as data", NO_ROOT),
    ("share add web HOME --as data", Done),
    ("forward add web http:free:80", Done),
    ("unlock web", Done),
    ("recover web", Done),
    ("snapshot take web ready", Done),
    ("run web --from ready LOGIN --screenshot end.png -- echo hi", NO_ROOT),
    ("run web --from ready LOGIN --screenshot HOME/end.png -- echo hi", Done),
    ("logs web", NOT_AWAY),
    ("logs", Done),
    ("iso info none.iso", AskedInVain("cannot read")),
    ("answer-media --cloud-image --output seed --username root", AskedInVain("root")),
    ("setup", Done),
    ("system-status", Done),
    ("tasks list", Done),
    ("metrics", Done),
    ("audit", Done),
    ("gc", Done),
    ("config path", Done),
    ("events", Done),
    ("top", Done),
    ("completions bash", Done),
    ("man", Done),
    ("up -f x.json", NOT_AWAY),
    ("down -f x.json", NOT_AWAY),
    ("watch web", NOT_AWAY),
    ("mcp", NOT_AWAY),
    ("serve --check", NOT_AWAY),
    ("token list", NOT_AWAY),
    ("demo", NOT_AWAY),
];

/// Returns every command that there is, by its name: what the shell completes.
fn commands(home: &Home) -> BTreeSet<String> {
    let script = home.ok(&["completions", "bash"]);
    let lists = script.split("opts=\"").skip(1).filter_map(|it| it.split('"').next());
    // The program's own list of options ends with the names of all commands.
    let top = { lists }.find(|it| it.contains(" create ")).unwrap();
    let words = top.split_whitespace().filter(|it| !it.starts_with('-'));
    words.map(ToOwned::to_owned).collect()
}

#[test]
fn every_command_goes_to_a_server_or_is_refused_before_anything_is_done() {
    let (home, served, _) = with_vm();
    let folder = home.path().to_str().unwrap();
    let mut left = commands(&home);
    assert!(left.contains("create") && left.contains("demo"), "{left:?}");
    for (line, comes) in LIFE {
        let line = line.replace("HOME", folder);
        let line = line.replace("LOGIN", "--username admin --password password");
        let words: Vec<&str> = line.split(' ').collect();
        left.remove(words[0]);
        let before = home.ok(&["tasks", "list", "-q"]);
        let run = away(&home, &served, &words);
        match comes {
            Done => assert_eq!(run.code, 0, "{line}: {run:#?}"),
            AskedInVain(why) => {
                assert_ne!(run.code, 0, "{line}: {run:#?}");
                assert!(run.stderr.contains(why), "{line}: {run:#?}");
                assert!(!run.stderr.contains("this host only"), "{line}: {run:#?}");
            }
            Refused(why) => {
                assert_ne!(run.code, 0, "{line}: {run:#?}");
                assert!(run.stderr.contains(why), "{line}: {run:#?}");
                assert_eq!(home.ok(&["tasks", "list", "-q"]), before, "{line} did something");
            }
        }
    }
    // Other names of the same.
    for alias in ["ls", "rm", "cp", "info", "show", "analyse"] {
        left.remove(alias);
    }
    assert!(left.is_empty(), "what comes of these with `--host`? {left:?}");
    assert!(home.path().join("screen.png").exists(), "a picture is written here");
}

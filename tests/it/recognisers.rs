//! Screens that are read by another recogniser than the one that is built in.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::support::command::Home;

const INSTALLER: &str = "installer-1024x768.png";

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Makes a folder of the built-in model and of an alphabet, with the hashes of both.
fn recogniser(folder: &Path, alphabet: &str) {
    fs::create_dir_all(folder).unwrap();
    let model = fs::read(source("src/screen/models/recogniser-latin.onnx")).unwrap();
    let mut hashes = String::new();
    for (name, content) in
        [("recogniser.onnx", model.as_slice()), ("characters.txt", alphabet.as_bytes())]
    {
        fs::write(folder.join(name), content).unwrap();
        let hash = Sha256::digest(content).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        });
        writeln!(hashes, "{hash}  {name}").unwrap();
    }
    fs::write(folder.join("SHA256SUMS"), hashes).unwrap();
}

#[test]
fn the_recogniser_of_the_configuration_reads_in_its_own_letters() {
    let mut home = Home::simulated();
    fs::copy(source("tests/fixtures/screens").join(INSTALLER), home.path().join(INSTALLER))
        .unwrap();
    let button = |home: &Home, text: &str| {
        let found = home.json(&["find", INSTALLER, text, "--kind", "button", "--first"]);
        found["items"][0]["text"].as_str().unwrap().to_owned()
    };
    // What the built-in one has read, another must not take for its own.
    assert_eq!(button(&home, "Install"), "Install");
    let latin = fs::read_to_string(source("src/screen/models/latin.txt")).unwrap();
    let folder = home.path().join("cyrillic");
    recogniser(&folder, &latin.replace("\nI\n", "\nИ\n"));
    home.set("VM_CLI_SCREEN_RECOGNISER", folder.to_str().unwrap());
    assert_eq!(button(&home, "Иnstall"), "Иnstall");
}

#[test]
fn a_folder_that_holds_no_recogniser_is_refused_and_told_how_to_make_one() {
    let mut home = Home::simulated();
    fs::copy(source("tests/fixtures/screens").join(INSTALLER), home.path().join(INSTALLER))
        .unwrap();
    let latin = fs::read_to_string(source("src/screen/models/latin.txt")).unwrap();
    let folder = home.path().join("recogniser");
    home.set("VM_CLI_SCREEN_RECOGNISER", folder.to_str().unwrap());
    let refused = |code: i32, why: &str| {
        let error = home.error(code, &["analyze", INSTALLER]);
        assert!(error["message"].as_str().unwrap().contains(why), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("reproduce --full"), "{error}");
    };
    refused(3, "SHA256SUMS");
    // One character less than the model knows: every one after it would be another.
    recogniser(&folder, &latin.replace("\nI\n", "\n"));
    refused(2, "1234 classes");
    recogniser(&folder, &latin);
    fs::write(folder.join("characters.txt"), latin.replace("\nI\n", "\nl\n")).unwrap();
    refused(2, "`characters.txt` is not the file");
    fs::remove_file(folder.join("recogniser.onnx")).unwrap();
    fs::write(folder.join("characters.txt"), &latin).unwrap();
    refused(3, "recogniser.onnx");
}

//! Recognisers for other scripts, from folders that `src/screen/models/reproduce --full` makes.

use std::fs;
use std::path::Path;

use rten::{Dimension, Model};
use sha2::{Digest, Sha256};

use super::recognise::{Recogniser, characters};
use crate::error::{self, Error, ErrorKind};
use crate::model::hex;

/// What is in such a folder: the model, what its classes are, and the hashes of both.
const MODEL: &str = "recogniser.onnx";
const CHARACTERS: &str = "characters.txt";
const HASHES: &str = "SHA256SUMS";

impl Recogniser {
    /// Opens the one in a folder, whose files must be those that their hashes tell.
    pub(in crate::screen) fn open(folder: &Path) -> Result<Self, Error> {
        let hashes = read(folder, HASHES)?;
        let hashes = String::from_utf8_lossy(&hashes);
        let alphabet = read_whole(folder, CHARACTERS, &hashes)?;
        let content = read_whole(folder, MODEL, &hashes)?;
        let alphabet = String::from_utf8(alphabet)
            .map_err(|error| unfit(folder, &format!("`{CHARACTERS}` is no text: {error}")))?;
        let model = Model::load(content)
            .map_err(|error| unfit(folder, &format!("`{MODEL}` is no such model: {error}")))?;
        let characters = characters(&alphabet);
        // Beside its characters it knows nothing and a space.
        let (told, known) = (characters.len() + 2, classes(&model));
        if known != Some(told) {
            let known =
                known.map_or_else(|| "an unknown number of".to_owned(), |it| it.to_string());
            let why = format!("`{MODEL}` has {known} classes, and `{CHARACTERS}` tells {told}");
            return Err(unfit(folder, &why));
        }
        let name = hex(&Sha256::digest(hashes.as_bytes()));
        Ok(Self { model, characters, name })
    }
}

/// Returns how many classes a model tells apart.
fn classes(model: &Model) -> Option<usize> {
    let answer = model.node_info(*model.output_ids().first()?)?.shape()?;
    match answer.as_slice() {
        [_, _, Dimension::Fixed(classes)] => Some(*classes),
        _ => None,
    }
}

/// Reads a file whose hash must be among those.
fn read_whole(folder: &Path, name: &str, hashes: &str) -> Result<Vec<u8>, Error> {
    let content = read(folder, name)?;
    let hash = hex(&Sha256::digest(&content));
    let mut told = hashes.lines().filter_map(|line| line.split_once("  "));
    if told.any(|it| it == (hash.as_str(), name)) {
        return Ok(content);
    }
    Err(unfit(folder, &format!("`{name}` is not the file whose hash `{HASHES}` tells")))
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let file = folder.join(name);
    let what = format!("read `{}`, a part of the recogniser", file.display());
    fs::read(file).map_err(|error| error::io(what, error).hint(HINT))
}

fn unfit(folder: &Path, why: &str) -> Error {
    let shown = folder.display();
    Error::new(ErrorKind::Config, format!("`{shown}` holds no recogniser: {why}")).hint(HINT)
}

const HINT: &str = "`screen.recogniser` names a folder that `src/screen/models/reproduce --full FOLDER` \
                    made; without it, Latin text is read";

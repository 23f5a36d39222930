use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::plan::{Fault, FaultName};

#[derive(Serialize)]
struct Call<'a> {
    argv: &'a [String],
    fault: Option<FaultName>,
}

/// Adds a line for this call; one write, so that parallel calls do not mix.
pub(crate) fn note(log: &Path, arguments: &[String], fault: Option<&Fault>) -> io::Result<()> {
    let call = Call { argv: arguments, fault: fault.map(|it| it.name) };
    let line = format!("{}\n", serde_json::to_string(&call)?);
    File::options().create(true).append(true).open(log)?.write_all(line.as_bytes())
}

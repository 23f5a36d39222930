//! From a selection to the VMs that are meant, with one list at most.

use std::collections::HashSet;

use super::VmOrchestrator;
use super::naming::{self, Meant};
use crate::error::{Error, ErrorKind};
use crate::model::{VmRef, VmState, VmSummary};
use crate::request::{Named, Selection};

impl VmOrchestrator {
    /// Finds the VMs that are meant, each once, in the order in which they were named. Plain names
    /// are taken as they are, without a call; that none is meant is a failure.
    pub async fn select(&self, selection: &Selection) -> Result<Vec<VmRef>, Error> {
        if let Some(names) = plain_names(selection) {
            return Ok(names);
        }
        let vms = self.list().await?;
        let picked = pick(selection, &vms);
        if picked.is_empty() { Err(nothing(selection, &vms)) } else { Ok(picked) }
    }
}

/// Returns the names of a selection that can be followed without a list: nothing but names, and
/// no two that could be the name and the UUID of one VM.
fn plain_names(selection: &Selection) -> Option<Vec<VmRef>> {
    if selection.named.is_empty() || !selection.is_unfiltered() {
        return None;
    }
    let mut names: Vec<VmRef> = Vec::new();
    for named in &selection.named {
        match named {
            Named::Vm(name) if names.contains(name) => {}
            Named::Vm(name) => names.push(name.clone()),
            Named::Like(_) => return None,
        }
    }
    let distinct = names.len() == 1 || !names.iter().any(naming::may_be_identity);
    distinct.then_some(names)
}

/// Picks the VMs that are meant. A name that means none stays: whoever uses it will tell.
fn pick(selection: &Selection, vms: &[VmSummary]) -> Vec<VmRef> {
    let meant: Vec<(VmRef, Option<&VmSummary>)> = if selection.named.is_empty() {
        in_order(vms.iter(), vms)
    } else {
        selection.named.iter().flat_map(|named| meant(named, vms)).collect()
    };
    let (mut seen, mut strangers) = (HashSet::new(), HashSet::new());
    let wanted = |(name, vm): &(VmRef, Option<&VmSummary>)| match vm {
        Some(vm) => selection.admits(vm) && seen.insert(vm.id),
        None => strangers.insert(name.clone()),
    };
    meant.into_iter().filter(wanted).map(|(name, _)| name).collect()
}

/// Returns what is meant by one name or pattern: what to call each VM, and the VM if there is one.
fn meant<'a>(named: &Named, vms: &'a [VmSummary]) -> Vec<(VmRef, Option<&'a VmSummary>)> {
    let pattern = match named {
        Named::Vm(name) => return vec![(name.clone(), find(name, vms))],
        Named::Like(pattern) => pattern,
    };
    let text = pattern.to_string();
    let bearer = vms.iter().find(|vm| vm.name == text);
    let fits = |vm: &&VmSummary| match bearer {
        Some(bearer) => vm.id == bearer.id,
        None => pattern.matches(&vm.name),
    };
    in_order(vms.iter().filter(fits), vms)
}

/// Puts VMs that nobody named one by one in the order of their names, `vm-2` before `vm-10`.
fn in_order<'a>(
    picked: impl Iterator<Item = &'a VmSummary>,
    vms: &'a [VmSummary],
) -> Vec<(VmRef, Option<&'a VmSummary>)> {
    let mut picked: Vec<&VmSummary> = picked.collect();
    picked.sort_by_cached_key(|vm| (chunks(&vm.name), vm.id.to_string()));
    picked.into_iter().map(|vm| (name_of(vm, vms), Some(vm))).collect()
}

/// Takes a name apart into text and numbers.
fn chunks(name: &str) -> Vec<(String, u64)> {
    let mut chunks: Vec<(String, u64)> = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (text, after) = split_where(rest, |c| c.is_ascii_digit());
        let (digits, after) = split_where(after, |c| !c.is_ascii_digit());
        chunks.push((text.to_owned(), digits.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    chunks
}

fn split_where(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

/// Finds the VM that a name means.
fn find<'a>(name: &VmRef, vms: &'a [VmSummary]) -> Option<&'a VmSummary> {
    let named = vms.iter().find(|vm| vm.name == name.as_str() || name.as_id() == Some(vm.id));
    named.or_else(|| match naming::meant(name, vms) {
        Meant::Vm(id) => vms.iter().find(|vm| id.as_id() == Some(vm.id)),
        Meant::Perhaps(_) | Meant::Nothing => None,
    })
}

/// Returns what a listed VM is called: its name, or its UUID where the name says nothing.
fn name_of(vm: &VmSummary, vms: &[VmSummary]) -> VmRef {
    let alone = vms.iter().filter(|other| other.name == vm.name).count() == 1;
    match vm.name.parse() {
        Ok(name) if alone && vm.state != VmState::Inaccessible => name,
        Ok(_) | Err(_) => VmRef::from(vm.id),
    }
}

fn nothing(selection: &Selection, vms: &[VmSummary]) -> Error {
    if vms.is_empty() {
        return Error::new(ErrorKind::VmNotFound, "there are no VMs")
            .hint("create one: `vm-cli create --name my-vm`");
    }
    let message = format!("no VM {}", selection.describe());
    Error::new(ErrorKind::VmNotFound, message).hint("run `vm-cli list` to see all of them")
}

#[cfg(test)]
#[path = "select_tests.rs"]
mod tests;

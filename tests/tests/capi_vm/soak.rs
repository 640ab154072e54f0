//! Starts, updates and boots, again and again: nothing grows.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;

use crate::Story;
use crate::phone::{Phone, Said};

pub(crate) const STORIES: [Story; 2] = [
    (
        "cycles_without_the_vm_leave_memory_disk_and_files_flat",
        bare,
    ),
    (
        "a_hundred_cycles_with_the_vm_leave_memory_disk_and_files_flat",
        with_vm,
    ),
];

/// Ten thousand where `PATCHPROOF_FULL` is set.
fn bare(paths: &[PathBuf]) -> Result<(), Failed> {
    let full = std::env::var_os("PATCHPROOF_FULL").is_some();
    let cycles = if full { 10_000 } else { 300 };
    let [runtime, ..] = paths else {
        return Err("a runtime was asked for".into());
    };
    let folder = tempfile::tempdir()?;
    let base = folder.path().join("base.so");
    fs::write(&base, crate::made(0))?;
    let phone = Phone::new(runtime, &base)?;
    phone
        .server
        .take_turns(&phone.released, [&crate::made(1), &crate::made(2)]);
    flat(&phone, &phone.run(&[&format!("soak={cycles}")])?, cycles)
}

fn with_vm(paths: &[PathBuf]) -> Result<(), Failed> {
    let [runtime, base, patched, _] = paths else {
        return Err("four paths were asked for".into());
    };
    let phone = Phone::new(runtime, base)?;
    let libraries = [&fs::read(patched)?, &phone.released];
    phone.server.take_turns(&phone.released, libraries);
    flat(&phone, &phone.run(&["soak_vm=100"])?, 100)
}

/// Half of the cycles and all of them: the same files are open, memory is about the same, every
/// cycle installed something, and the disk holds what two generations need.
fn flat(phone: &Phone, said: &Said, cycles: u64) -> Result<(), Failed> {
    let [half, all] = [cycles / 2, cycles].map(|cycle| figures(said, cycle));
    let (half, all) = (half?, all?);
    let disk_bytes = size_of_folder(&phone.device());
    let bound = 4 * u64::try_from(phone.released.len())? + (8 << 20);
    let is_flat = all.files == half.files
        && all.resident_kib <= half.resident_kib + half.resident_kib / 10
        && all.installed == cycles
        && all.patches + 1 >= cycles
        && disk_bytes <= bound;
    println!("{half:?} {all:?}, {disk_bytes} bytes on the disk");
    match is_flat {
        true => Ok(()),
        false => Err(format!("{half:?}, then {all:?}, {disk_bytes} bytes of {bound}").into()),
    }
}

#[derive(Debug)]
struct Figures {
    resident_kib: u64,
    files: u64,
    installed: u64,
    patches: u64,
}

fn figures(said: &Said, cycle: u64) -> Result<Figures, Failed> {
    let line = said.after(&format!("cycle {cycle} "));
    let mut words = line.split(' ').skip(1).step_by(2).map(str::parse);
    let mut next = || -> Result<u64, Failed> {
        let word = words.next();
        let lines = || format!("cycle {cycle} is missing in {:?}", said.lines);
        Ok(word.ok_or_else(lines)??)
    };
    Ok(Figures {
        resident_kib: next()?,
        files: next()?,
        installed: next()?,
        patches: next()?,
    })
}

fn size_of_folder(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of_folder(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

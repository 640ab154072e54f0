//! Explaining holds a small multiple of both files, also where a file is nothing but tables.

use std::fs;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use patchproof_snapshot::{Library, explain};
use patchproof_testkit::corpora;
use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_tests::trials::held;

use crate::edits::{place, put};
use crate::{Answer, HEAP};

pub(crate) fn trials() -> Vec<Trial> {
    let ids = [
        "sass-embedded-linux-x64@1.97.1/sass.snapshot",
        "sass-embedded-linux-musl-x64@1.97.1/sass.snapshot",
    ];
    let real = corpora::trial(
        "explaining_real_libraries_takes_little_memory",
        &ids,
        |paths| {
            let files = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
            let [a, b] = &*files else {
                return Err("two paths were asked for".into());
            };
            bounded(a, b, 1)
        },
    );
    let made = |name: &str, file: fn() -> Option<Vec<u8>>| {
        Trial::test(name, move || {
            let file = file().ok_or("cannot be made")?;
            let mut other = file.clone();
            other.push(1);
            // Not the beginning of the other: that would be all that is said.
            *other.first_mut().ok_or("an empty file")? = 0;
            bounded(&file, &other, FULL_OF_TABLES)?;
            *other.first_mut().ok_or("an empty file")? = 0x7f;
            other.swap(CHANGED_AT, CHANGED_AT + 1);
            bounded(&file, &other, FULL_OF_TABLES)
        })
    };
    vec![
        real,
        made("a_file_full_of_functions_is_bounded", full_of_functions),
        made("a_file_full_of_strings_is_bounded", full_of_strings),
        made(
            "a_file_full_of_packed_strings_is_bounded",
            full_of_packed_strings,
        ),
        made(
            "a_file_full_of_packed_beginnings_is_bounded",
            full_of_packed_beginnings,
        ),
    ]
}

/// Explains with at most `times` the size of both files on the heap, and 1 MiB; in a time that
/// only something worse than linear could exceed.
fn bounded(a: &[u8], b: &[u8], times: usize) -> Answer {
    let (expected, found) = (Library::read("A", a), Library::read("B", b));
    let started = Instant::now();
    let (_explanation, peak) = held(&HEAP, || explain(&expected, &found));
    let took = started.elapsed();
    let limit = times * (a.len() + b.len()) + (1 << 20);
    if peak > limit || took > Duration::from_secs(60) {
        let both = a.len() + b.len();
        return Err(format!("{peak} bytes and {took:?} over {both} bytes").into());
    }
    Ok(())
}

fn made() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
}

/// The functions of `.symtab` a quarter of a million times over.
fn full_of_functions() -> Option<Vec<u8>> {
    let mut file = made().build();
    let sections = place(&file, 0x28)?;
    let mut headers = (0..20).map(|index| sections + 64 * index);
    let symtab = headers.find(|at| file.get(at + 4) == Some(&2))?;
    let start = place(&file, symtab + 24)?;
    let functions = file.get(start + 24..start + 72)?.to_vec();
    let table = u64::try_from(file.len()).ok()?;
    for _ in 0..125_000 {
        file.extend_from_slice(&functions);
    }
    let size = u64::try_from(file.len()).ok()?.checked_sub(table)?;
    put(&mut file, symtab + 24, &table.to_le_bytes())?;
    put(&mut file, symtab + 32, &size.to_le_bytes())?;
    Some(file)
}

/// One string object after the other, each of three letters and another one than before.
fn full_of_strings() -> Option<Vec<u8>> {
    let mut made = made();
    let object = |number: u32| {
        let head = [0x32, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        head.into_iter().chain(letters(number)).chain([0; 5])
    };
    made.isolate.image = (0..200_000).flat_map(object).collect();
    Some(made.build())
}

fn full_of_packed_strings() -> Option<Vec<u8>> {
    compressed(&|number| [0x86].into_iter().chain(letters(number)).collect())
}

/// Three letters, others for each of the first 729,000 numbers.
fn letters(number: u32) -> [u8; 3] {
    let letter = |number: u32| b' ' + u8::try_from(number % 90).unwrap_or(0);
    [letter(number), letter(number / 90), letter(number / 8100)]
}

/// Chains of fifteen, one short of what counts.
fn full_of_packed_beginnings() -> Option<Vec<u8>> {
    compressed(&|number| {
        if number % 16 == 15 {
            vec![7, 7, 7]
        } else {
            vec![0x84, b'a', b'b']
        }
    })
}

fn compressed(part: &dyn Fn(u32) -> Vec<u8>) -> Option<Vec<u8>> {
    let mut made = made().with_features("product x64 linux compressed-pointers");
    made.isolate.payload = (0..500_000).flat_map(part).collect();
    Some(made.build())
}

/// Nothing but entries of tables, which are kept as places and lengths: this many times the file.
const FULL_OF_TABLES: usize = 6;
/// Among the instructions of a made file, so that its tables stay as they are.
const CHANGED_AT: usize = 20_000;

//! What is read of `llvm-cov export`.
//!
//! A function is compiled into many programs, and a generic one many times into each: a region or a
//! branch is known by where it stands, and is reached where any of them reached it. What is there
//! for tests alone is left out: it is always reached.
//!
//! Source: LLVM's `CoverageExporterJson.cpp`, version 3.1.0 of the format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::test_files::is_in;
use super::{Reach, Rooms};

/// Rooms that hold nothing that ships.
const NOT_SHIPPED: [&str; 1] = ["testkit"];
/// A region of code; others are gaps, macros, branches.
const CODE: u64 = 0;
/// The module `tests` of a file, as names are mangled.
const TESTS: &str = "5tests";

/// The rooms of an export; `crates` is the folder that they lie in, and `test_modules` are paths of
/// modules that are not counted.
pub(super) fn rooms(
    bytes: &[u8],
    crates: &Path,
    test_modules: &[PathBuf],
) -> Result<Rooms, serde_json::Error> {
    let export: Export = serde_json::from_slice(bytes)?;
    let mut seen = Seen {
        crates,
        test_modules,
        regions: BTreeMap::new(),
        outcomes: BTreeMap::new(),
    };
    let functions = export.data.iter().flat_map(|data| &data.functions);
    for function in functions.filter(|function| !function.name.contains(TESTS)) {
        seen.add(function);
    }
    Ok(seen.rooms())
}

#[derive(Deserialize)]
struct Export {
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    functions: Vec<Function>,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    filenames: Vec<PathBuf>,
    /// Line, column, line, column, count, file, expanded file, kind.
    regions: Vec<[u64; 8]>,
    /// Line, column, line, column, count of true, count of false, file, expanded file, kind.
    branches: Vec<[u64; 9]>,
}

/// Room, file, and from line and column to line and column.
type Place = (String, PathBuf, [u64; 4]);

struct Seen<'a> {
    crates: &'a Path,
    test_modules: &'a [PathBuf],
    regions: BTreeMap<Place, bool>,
    outcomes: BTreeMap<(Place, bool), bool>,
}

impl Seen<'_> {
    fn add(&mut self, function: &Function) {
        // Where the files of the function are, each looked at once.
        let files: Vec<_> = function.filenames.iter().map(|it| self.room(it)).collect();
        let place = |file: u64, span: [u64; 4]| -> Option<Place> {
            let (room, inside) = files.get(usize::try_from(file).ok()?)?.clone()?;
            Some((room, inside, span))
        };
        for &[line, column, to_line, to_column, times, file, _, kind] in &function.regions {
            if let (CODE, Some(place)) = (kind, place(file, [line, column, to_line, to_column])) {
                *self.regions.entry(place).or_default() |= times > 0;
            }
        }
        for &[line, column, to_line, to_column, taken, passed, file, _, _] in &function.branches {
            let Some(place) = place(file, [line, column, to_line, to_column]) else {
                continue;
            };
            for (outcome, times) in [(true, taken), (false, passed)] {
                let key = (place.clone(), outcome);
                *self.outcomes.entry(key).or_default() |= times > 0;
            }
        }
    }

    /// The room that a file is shipped with, and the file's path from there.
    fn room(&self, file: &Path) -> Option<(String, PathBuf)> {
        if is_in(self.test_modules, file) {
            return None;
        }
        let inside = file.strip_prefix(self.crates).ok()?;
        let mut parts = inside.iter();
        let (room, folder) = (parts.next()?.to_str()?, parts.next()?);
        let ships = folder == "src" && !NOT_SHIPPED.contains(&room);
        ships.then(|| (room.to_owned(), inside.to_owned()))
    }

    fn rooms(&self) -> Rooms {
        let mut rooms = Rooms::new();
        for ((room, ..), reached) in &self.regions {
            count(
                &mut rooms.entry(room.clone()).or_default().regions,
                *reached,
            );
        }
        for (((room, ..), _), reached) in &self.outcomes {
            count(
                &mut rooms.entry(room.clone()).or_default().outcomes,
                *reached,
            );
        }
        rooms
    }
}

fn count(reach: &mut Reach, reached: bool) {
    reach.all += 1;
    reach.reached += u64::from(reached);
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = r#"{"data": [{"functions": [
        {"name": "_RNvone", "filenames": ["/w/crates/patch/src/a.rs", "/other/lib.rs"],
         "regions": [[1, 1, 2, 2, 0, 0, 0, 0], [3, 1, 4, 2, 5, 0, 0, 0], [1, 1, 9, 9, 1, 1, 0, 0],
                     [7, 1, 8, 2, 0, 0, 0, 3]],
         "branches": [[3, 1, 3, 9, 4, 0, 0, 0, 4]]},
        {"name": "_RNvtwo", "filenames": ["/w/crates/patch/src/a.rs"],
         "regions": [[1, 1, 2, 2, 1, 0, 0, 0], [5, 1, 6, 2, 0, 0, 0, 0]], "branches": []},
        {"name": "_RNvNtCs_5patch5testsit", "filenames": ["/w/crates/patch/src/a.rs"],
         "regions": [[50, 1, 60, 2, 1, 0, 0, 0]], "branches": []},
        {"name": "_RNvthree", "filenames": ["/w/crates/patch/src/made/a.rs"],
         "regions": [[1, 1, 2, 2, 1, 0, 0, 0]], "branches": []},
        {"name": "_RNvfour", "filenames": ["/w/crates/testkit/src/a.rs"],
         "regions": [[1, 1, 2, 2, 1, 0, 0, 0]], "branches": []}
    ]}]}"#;

    #[test]
    fn a_region_counts_once_and_is_reached_where_any_function_reached_it() {
        let made = [PathBuf::from("/w/crates/patch/src/made")];
        let rooms = rooms(EXPORT.as_bytes(), Path::new("/w/crates"), &made).unwrap();
        assert_eq!(rooms.keys().collect::<Vec<_>>(), ["patch"]);
        let (all, reached) = (3, 2);
        assert_eq!(rooms["patch"].regions, Reach { all, reached });
        let (all, reached) = (2, 1);
        assert_eq!(rooms["patch"].outcomes, Reach { all, reached });
    }
}

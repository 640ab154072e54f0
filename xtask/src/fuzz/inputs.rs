//! What a target starts from: its made seeds, what the repository keeps for it, and its words.

use std::fs;
use std::path::{Path, PathBuf};

use patchproof_testkit::corpora::{Cache, Manifest, Network};
use patchproof_testkit::fuzz::{self, Facts};

use super::building::Places;
use super::error::{FuzzError, file};

/// The facts of the target of that name; of the canary too.
pub(super) fn facts(name: &str) -> Result<Facts, FuzzError> {
    let mut all = fuzz::every().into_iter().chain([fuzz::CANARY.facts()]);
    all.find(|facts| facts.name == name)
        .ok_or_else(|| FuzzError::NoTarget(name.to_owned()))
}

/// What the repository keeps for a target: seeds that cannot be made, and inputs that once failed.
pub(super) fn kept_folders(root: &Path, name: &str) -> Vec<PathBuf> {
    let folders = ["corpora/seeds", "corpora/regressions"].map(|it| root.join(it).join(name));
    folders.into_iter().filter(|it| it.is_dir()).collect()
}

/// The files of a folder, by name.
pub(super) fn files_in(folder: &Path) -> Result<Vec<PathBuf>, FuzzError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(file(folder))? {
        let path = entry.map_err(file(folder))?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A folder of its own, made anew, with the made seeds of a target.
pub(super) fn write_seeds(places: &Places, facts: &Facts) -> Result<PathBuf, FuzzError> {
    let folder = places.scratch().join("seeds").join(facts.name);
    anew(&folder)?;
    for (name, bytes) in (facts.seeds)() {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(file(path))?;
    }
    Ok(folder)
}

/// The same from the real artefacts that the cache has: cut to size, or patches between them.
/// Nothing is fetched.
pub(super) fn write_real(places: &Places, facts: &Facts) -> Result<PathBuf, FuzzError> {
    let folder = places.scratch().join("real").join(facts.name);
    anew(&folder)?;
    let (manifest, cache) = (Manifest::load()?, Cache::open()?.silent());
    for artefact in manifest.artefacts() {
        let Ok(path) = cache.ensure(artefact, Network::Offline) else {
            continue;
        };
        let bytes = fs::read(&path).map_err(file(path))?;
        let label = artefact.id().replace(['/', '@'], "-");
        for (name, bytes) in fuzz::from_file(facts, &label, &bytes) {
            let path = folder.join(name);
            fs::write(&path, bytes).map_err(file(path))?;
        }
    }
    Ok(folder)
}

/// The words of a target's format as libFuzzer reads them; `None` where it has none.
pub(super) fn write_dictionary(
    places: &Places,
    facts: &Facts,
) -> Result<Option<PathBuf>, FuzzError> {
    if facts.dictionary.is_empty() {
        return Ok(None);
    }
    let folder = places.scratch().join("dictionaries");
    fs::create_dir_all(&folder).map_err(file(&folder))?;
    let path = folder.join(facts.name);
    fs::write(&path, dictionary(facts.dictionary)).map_err(file(&path))?;
    Ok(Some(path))
}

/// An empty folder.
pub(super) fn anew(folder: &Path) -> Result<(), FuzzError> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(file(folder))?;
    }
    fs::create_dir_all(folder).map_err(file(folder))
}

/// One word a line, in quotes, every byte escaped that is no letter or digit.
fn dictionary(words: &[&[u8]]) -> String {
    let word = |word: &&[u8]| {
        let bytes = word.iter().map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(*byte).to_string(),
            other => format!("\\x{other:02x}"),
        });
        format!("\"{}\"\n", bytes.collect::<String>())
    };
    words.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_escapes_what_libfuzzer_would_read_otherwise() {
        assert_eq!(
            dictionary(&[b"a\"\\\0", b"z9"]),
            "\"a\\x22\\x5c\\x00\"\n\"z9\"\n"
        );
    }

    #[test]
    fn no_two_targets_have_one_name() {
        let mut names: Vec<&str> = fuzz::every().iter().map(|facts| facts.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}

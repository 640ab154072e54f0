//! `fuzz export`: seeds and dictionaries as files, for those who fuzz at scale.

use std::fs;
use std::path::Path;

use patchproof_testkit::fuzz;

use super::building::Places;
use super::error::{FuzzError, file};
use super::inputs::{anew, files_in, kept_folders, write_dictionary, write_seeds};

/// Writes `TARGET/seeds/` and, where the format has words, `TARGET/dictionary`.
pub(super) fn run(folder: &Path) -> Result<(), FuzzError> {
    let places = Places::find()?;
    for facts in fuzz::every() {
        let to = folder.join(facts.name);
        let seeds = to.join("seeds");
        anew(&seeds)?;
        let mut folders = vec![write_seeds(&places, &facts)?];
        folders.extend(kept_folders(&places.root, facts.name));
        for from in folders {
            for path in files_in(&from)? {
                let name = path.file_name().unwrap_or_default();
                fs::copy(&path, seeds.join(name)).map_err(file(&path))?;
            }
        }
        if let Some(dictionary) = write_dictionary(&places, &facts)? {
            fs::copy(&dictionary, to.join("dictionary")).map_err(file(&dictionary))?;
        }
    }
    Ok(())
}

//! Which files of a room are there for its tests alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The modules that stand behind `#[cfg(test)]`, each as the path of its file without `.rs`: what
/// lies in the folder of that name is the module's too.
pub(super) fn test_modules(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            modules.extend(test_modules(&path)?);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path)?;
            let of_file = names(&text).map(|name| submodules(&path).join(name));
            modules.extend(of_file);
        }
    }
    Ok(modules)
}

/// Whether a file belongs to one of these modules.
pub(super) fn is_in(modules: &[PathBuf], file: &Path) -> bool {
    let path = file.with_extension("");
    modules.iter().any(|module| path.starts_with(module))
}

/// The modules in files of their own that a text declares for tests.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().zip(text.lines().skip(1));
    let behind = lines.filter(|(before, _)| before.trim() == "#[cfg(test)]");
    behind.filter_map(|(_, line)| {
        let name = line.trim().strip_suffix(';')?;
        name.rsplit_once("mod ").map(|(_, name)| name)
    })
}

/// Where the modules of a file lie.
fn submodules(file: &Path) -> PathBuf {
    let name = file.file_stem().unwrap_or_default();
    let folder = file.parent().unwrap_or(Path::new(""));
    match name.to_str() {
        Some("lib" | "main" | "mod") => folder.to_owned(),
        _ => folder.join(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_behind_cfg_test_is_one_with_all_that_lies_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let text = "mod code;\n#[cfg(test)]\npub(crate) mod made;\n#[cfg(test)]\nmod inline {\n}\n";
        fs::write(folder.path().join("lib.rs"), text).unwrap();
        fs::create_dir(folder.path().join("code")).unwrap();
        let below = folder.path().join("code/below.rs");
        fs::write(below, "    #[cfg(test)]\n    mod words;\n").unwrap();
        let modules = test_modules(folder.path()).unwrap();
        let is_of_tests = |name: &str| is_in(&modules, &folder.path().join(name));
        assert_eq!(modules.len(), 2, "{modules:?}");
        assert!(is_of_tests("made.rs") && is_of_tests("made/of.rs"));
        assert!(is_of_tests("code/below/words.rs"));
        assert!(!is_of_tests("code.rs") && !is_of_tests("code/below.rs"));
        assert!(!is_of_tests("maded.rs"));
    }
}

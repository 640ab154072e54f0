//! An attack's folder: `attack.toml`, the root that lies in the app, and what is served at each
//! step.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What `attack.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attack {
    /// The row of the table.
    pub(crate) row: String,
    /// Who attacks, and what is in his hands.
    pub(crate) attacker: String,
    /// What he serves.
    pub(crate) serves: String,
    /// `files` or `server`.
    pub(crate) ask: String,
    /// The one check that stands between him and success; absent where several do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) check: Option<String>,
    /// Each an update and a boot.
    pub(crate) steps: Vec<Step>,
    /// How the last step ends where that check is compiled out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) without: Option<Ends>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// How much time went by since the step before.
    pub(crate) after_s: u64,
    #[serde(flatten)]
    pub(crate) ends: Ends,
}

/// How a step ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ends {
    /// `installs N`, `up to date`, or `refused: ` and words of the reason.
    pub(crate) update: String,
    /// The number of the patch that boots then; 0: the bundled release.
    pub(crate) boots: u64,
}

/// All that a folder holds.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) name: &'static str,
    pub(crate) attack: Attack,
    /// Relative path -> bytes, `attack.toml` apart.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Attack {
    pub(crate) fn read(name: &str) -> Self {
        let path = all().join(name).join("attack.toml");
        let text = fs::read_to_string(&path).expect("every folder has its attack.toml");
        toml::from_str(&text).expect("every attack.toml has the fields of an attack")
    }

    /// Whether this test was built without the check that stops this attack.
    pub(crate) fn is_without(&self) -> bool {
        CHECKS_LEFT_OUT
            .iter()
            .any(|(check, is_left_out)| *is_left_out && Some(*check) == self.check.as_deref())
    }
}

macro_rules! checks {
    ($($check:literal),* $(,)?) => {
        /// Every check that can be compiled out, and whether it is.
        pub(crate) const CHECKS_LEFT_OUT: &[(&str, bool)] =
            &[$(($check, cfg!(patchproof_without = $check))),*];
    };
}

checks! {
    "app", "base_size", "boot", "bytes", "channel", "counter_reuse", "expiry", "floor", "future",
    "live", "nonce", "number", "release", "replay", "revoked", "root_expiry",
    "root_order", "selected", "signature", "size", "snapshot", "threshold",
}

pub(crate) fn all() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("attacks")
}

/// The folders' names.
pub(crate) fn names() -> Vec<String> {
    let entries = fs::read_dir(all()).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.ends_with(".md")).collect();
    names.sort();
    names
}

/// Every file below a folder, by its path from there.
pub(crate) fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("below it");
            let bytes = fs::read(&path).expect("a file of the repository is read");
            found.insert(name.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    found
}

pub(crate) fn write_all(told: &[Told]) {
    for told in told {
        let folder = all().join(told.name);
        drop(fs::remove_dir_all(&folder));
        for (path, bytes) in with_toml(told) {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("below it")).expect("made");
            fs::write(path, bytes).expect("written");
        }
    }
}

pub(crate) fn compare_all(told: &[Told]) -> Result<(), String> {
    let mut expected: Vec<&str> = told.iter().map(|told| told.name).collect();
    expected.sort_unstable();
    if names() != expected {
        return Err(format!("folders {:?}, stories {expected:?}", names()));
    }
    for told in told {
        let found = files_in(&all().join(told.name));
        let expected = with_toml(told);
        let paths: Vec<&String> = found.keys().collect();
        if paths != expected.keys().collect::<Vec<_>>() {
            return Err(format!("{} holds {paths:?}", told.name));
        }
        if let Some((path, _)) = expected
            .iter()
            .find(|(path, it)| found.get(*path) != Some(it))
        {
            return Err(format!("{}/{path} is not what its story tells", told.name));
        }
    }
    Ok(())
}

fn with_toml(told: &Told) -> BTreeMap<String, Vec<u8>> {
    let mut files = told.files.clone();
    let text = toml::to_string_pretty(&told.attack).expect("our own types are TOML");
    files.insert("attack.toml".to_owned(), text.into_bytes());
    files
}

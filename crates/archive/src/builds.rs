//! The builds that lie in a folder: exactly one is taken, several are named.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::abi::Abi;
use crate::apks::APKS_MAX;
use crate::choose;
use crate::error::OpenError;
use crate::folder::FolderFile;
use crate::layout::Shape;

/// A build in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Build<'a> {
    /// One archive.
    Archive(&'a FolderFile),
    /// The APKs of one app, base first.
    Apks {
        apks: Vec<&'a FolderFile>,
        shape: Shape,
    },
    /// Libraries in folders named after machines, below this folder; `/` at its end, or empty.
    Libraries(String),
}

impl Build<'_> {
    fn name(&self) -> String {
        match self {
            Build::Archive(file) => file.path.clone(),
            Build::Apks { apks, .. } => {
                let paths: Vec<&str> = apks.iter().map(|file| &*file.path).collect();
                paths.join(" + ")
            }
            Build::Libraries(above) => format!("{above}*/libapp.so"),
        }
    }
}

/// The one build among `files` of the folder called `name`, if there is any.
///
/// # Errors
///
/// [`OpenError::ManyBuilds`] if there are several; [`OpenError::Metadata`] if Gradle's record of
/// one cannot be followed.
pub(crate) fn only<'a>(
    name: &str,
    files: &'a [FolderFile],
) -> Result<Option<Build<'a>>, OpenError> {
    let mut builds = Vec::new();
    let mut apks: BTreeMap<&str, Vec<&FolderFile>> = BTreeMap::new();
    for file in files {
        let (folder, file_name) = split(&file.path);
        match file_name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("apk") => apks.entry(folder).or_default().push(file),
            Some("aab" | "aar" | "apks") => builds.push(Build::Archive(file)),
            _ => {}
        }
    }
    for (folder, apks) in apks {
        of_apks(name, folder, apks, files, &mut builds)?;
    }
    let libraries = files.iter().filter_map(|file| above_machine(&file.path));
    let libraries: BTreeSet<&str> = libraries.collect();
    builds.extend(
        libraries
            .into_iter()
            .map(|above| Build::Libraries(above.to_owned())),
    );
    if builds.len() > 1 {
        return Err(OpenError::ManyBuilds {
            path: name.to_owned(),
            builds: builds.iter().map(Build::name).collect(),
        });
    }
    Ok(builds.pop())
}

/// The APKs of one app in a set that lies unpacked in the folder called `name`.
///
/// # Errors
///
/// [`OpenError::ManyBuilds`] if there are several apps.
pub(crate) fn in_set<'a>(name: &str, files: &'a [FolderFile]) -> Result<Build<'a>, OpenError> {
    let all = files.iter().map(|file| &*file.path);
    let apks: Vec<&str> = all.filter(|path| path.ends_with(".apk")).collect();
    let chosen = choose::of_set(&apks).ok_or_else(|| OpenError::ManyBuilds {
        path: name.to_owned(),
        builds: apks.iter().map(|apk| (*apk).to_owned()).collect(),
    })?;
    let apks = chosen.into_iter().filter_map(|apk| at(files, apk));
    Ok(Build::Apks {
        apks: apks.collect(),
        shape: Shape::ApkSet,
    })
}

/// The file at `path`; they are sorted by path.
fn at<'a>(files: &'a [FolderFile], path: &str) -> Option<&'a FolderFile> {
    let found = files.binary_search_by(|file| (*file.path).cmp(path));
    files.get(found.ok()?)
}

fn of_apks<'a>(
    name: &str,
    folder: &str,
    apks: Vec<&'a FolderFile>,
    files: &'a [FolderFile],
    builds: &mut Vec<Build<'a>>,
) -> Result<(), OpenError> {
    let record_path = format!("{folder}{RECORD}");
    if apks.len() > APKS_MAX {
        builds.extend(apks.into_iter().map(Build::Archive));
        return Ok(());
    }
    if let Some(record) = at(files, &record_path) {
        if recorded(name, folder, record, &apks)? {
            let shape = Shape::GradleOutput;
            builds.push(Build::Apks { apks, shape });
        } else {
            builds.extend(apks.into_iter().map(Build::Archive));
        }
        return Ok(());
    }
    let names: Vec<&str> = apks.iter().map(|file| &*file.path).collect();
    match choose::of_folder(&names) {
        Some(_) if apks.len() == 1 => builds.extend(apks.into_iter().map(Build::Archive)),
        Some(chosen) => {
            let find = |path: &str| apks.iter().copied().find(|file| file.path == path);
            let apks = chosen.into_iter().filter_map(find).collect();
            let shape = Shape::SplitApks;
            builds.push(Build::Apks { apks, shape });
        }
        None => builds.extend(apks.into_iter().map(Build::Archive)),
    }
    Ok(())
}

/// Whether Gradle's record of a folder says that these APKs, all that are there, are one build.
fn recorded(
    name: &str,
    folder: &str,
    record: &FolderFile,
    apks: &[&FolderFile],
) -> Result<bool, OpenError> {
    let broken = |reason: String| OpenError::Metadata {
        path: format!("{name}/{}", record.path),
        reason,
    };
    if record.size_bytes > RECORD_BYTES_MAX {
        let reason = format!("it is longer than {RECORD_BYTES_MAX} bytes");
        return Err(broken(reason));
    }
    let text = std::fs::read(&record.on_disk).map_err(|error| broken(error.to_string()))?;
    let read: Record = serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
    let are = |kind: &str| read.elements.iter().all(|element| element.kind == kind);
    let told: BTreeSet<String> = read
        .elements
        .iter()
        .map(|element| format!("{folder}{}", element.output_file))
        .collect();
    let there: BTreeSet<&str> = apks.iter().map(|file| &*file.path).collect();
    if let Some(missing) = told.iter().find(|path| !there.contains(path.as_str())) {
        return Err(broken(format!("it names {missing}, which is not there")));
    }
    Ok(told.len() == there.len() && (told.len() == 1 || are("ONE_OF_MANY")))
}

/// `output-metadata.json`, as far as it is used.
#[derive(Deserialize)]
struct Record {
    elements: Vec<Element>,
}

#[derive(Deserialize)]
struct Element {
    /// `SINGLE`, `UNIVERSAL`, or `ONE_OF_MANY` that differ by machine or screen.
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(rename = "outputFile")]
    output_file: String,
}

/// The folder, with its `/`, and the name.
fn split(path: &str) -> (&str, &str) {
    let at = path.rfind('/').map_or(0, |at| at + 1);
    path.split_at_checked(at).unwrap_or((path, ""))
}

/// What is above `[lib/]<abi>/libapp.so`.
fn above_machine(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/libapp.so")?;
    let (above, machine) = split(folder);
    Abi::from_name(machine)?;
    match above.strip_suffix("lib/") {
        Some(higher) if higher.is_empty() || higher.ends_with('/') => Some(higher),
        _ => Some(above),
    }
}

const RECORD: &str = "output-metadata.json";
const RECORD_BYTES_MAX: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder;

    /// What is taken of a folder with these files, and under which shape.
    fn taken(files: &[(&str, &str)]) -> Result<Option<(Shape, usize)>, OpenError> {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let files = folder::files(folder.path(), "it")?;
        Ok(only("it", &files)?.map(|build| match build {
            Build::Archive(_) => (Shape::GradleOutput, 1),
            Build::Apks { apks, shape } => (shape, apks.len()),
            Build::Libraries(_) => (Shape::GradleOutput, 0),
        }))
    }

    const ARM64: (&str, &str) = ("app-arm64-v8a-release.apk", "");
    const X64: (&str, &str) = ("app-x86_64-release.apk", "");

    fn record(elements: &[(&str, &str)]) -> String {
        let element = |(kind, file): &(&str, &str)| {
            format!(r#"{{"type": "{kind}", "filters": [], "outputFile": "{file}"}}"#)
        };
        let elements: Vec<String> = elements.iter().map(element).collect();
        format!(r#"{{"version": 3, "elements": [{}]}}"#, elements.join(","))
    }

    #[test]
    fn what_gradles_record_names_is_one_build() {
        let record = record(&[("ONE_OF_MANY", ARM64.0), ("ONE_OF_MANY", X64.0)]);
        let found = taken(&[ARM64, X64, ("output-metadata.json", &record)]);
        assert_eq!(found, Ok(Some((Shape::GradleOutput, 2))));
    }

    #[test]
    fn an_apk_that_gradles_record_does_not_name_is_another_build() {
        let record = record(&[("SINGLE", ARM64.0)]);
        let found = taken(&[ARM64, X64, ("output-metadata.json", &record)]);
        assert!(matches!(found, Err(OpenError::ManyBuilds { .. })));
    }

    #[test]
    fn a_universal_apk_in_gradles_record_is_another_build() {
        let both = [("ONE_OF_MANY", ARM64.0), ("UNIVERSAL", "app-universal.apk")];
        let record = record(&both);
        let universal = ("app-universal.apk", "");
        let found = taken(&[ARM64, universal, ("output-metadata.json", &record)]);
        assert!(matches!(found, Err(OpenError::ManyBuilds { .. })));
    }

    #[test]
    fn an_apk_that_is_named_and_not_there_is_told() {
        let record = record(&[("SINGLE", "../secret.apk")]);
        let found = taken(&[ARM64, ("output-metadata.json", &record)]);
        assert!(matches!(found, Err(OpenError::Metadata { .. })));
    }

    #[test]
    fn a_bundle_beside_an_apk_is_two_builds() {
        let found = taken(&[("bundle/app.aab", ""), ("apk/app.apk", "")]);
        assert!(matches!(found, Err(OpenError::ManyBuilds { .. })));
    }

    #[test]
    fn libraries_below_two_folders_are_two_builds() {
        let found = taken(&[
            ("debug/out/lib/x86_64/libapp.so", ""),
            ("release/out/lib/x86_64/libapp.so", ""),
        ]);
        assert!(matches!(found, Err(OpenError::ManyBuilds { .. })));
    }

    #[test]
    fn libraries_of_several_machines_are_one_build() {
        let found = taken(&[
            ("release/out/lib/x86_64/libapp.so", ""),
            ("release/out/lib/arm64-v8a/libapp.so", ""),
        ]);
        assert_eq!(found, Ok(Some((Shape::GradleOutput, 0))));
    }
}

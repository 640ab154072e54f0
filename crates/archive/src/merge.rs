//! Several APKs of one app, put together as a device has them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::error::OpenError;
use crate::part::Part;
use crate::release::sha256;
use crate::role::Role;

/// One of several APKs, with the name that tells it from the others.
#[derive(Debug)]
pub(crate) struct OneApk {
    pub(crate) label: String,
    pub(crate) parts: Vec<Part>,
}

/// All parts of all APKs, the base's first. A file that is in two of them and the same is one part;
/// one that differs has the APK's name in front, unless a device would load either.
///
/// # Errors
///
/// [`OpenError::Conflict`] for two libraries under one name.
pub(crate) fn all(apks: Vec<OneApk>) -> Result<Vec<Part>, OpenError> {
    let mut merged = BTreeMap::new();
    for apk in apks {
        for part in apk.parts {
            add(&mut merged, &apk.label, part)?;
        }
    }
    Ok(merged.into_values().collect())
}

fn add(merged: &mut BTreeMap<String, Part>, label: &str, mut part: Part) -> Result<(), OpenError> {
    match merged.entry(part.path.clone()) {
        Entry::Vacant(free) => {
            free.insert(part);
            return Ok(());
        }
        Entry::Occupied(first) if same(first.get(), &part)? => return Ok(()),
        Entry::Occupied(first) if is_loaded(part.role) => {
            return Err(OpenError::Conflict {
                first: first.get().location.clone(),
                second: part.location,
            });
        }
        Entry::Occupied(_) => {}
    }
    part.path = format!("{label}/{}", part.path);
    match merged.entry(part.path.clone()) {
        Entry::Vacant(free) => {
            free.insert(part);
            Ok(())
        }
        Entry::Occupied(first) => Err(OpenError::Conflict {
            first: first.get().location.clone(),
            second: part.location,
        }),
    }
}

/// Whether two parts hold the same bytes. A checksum of four bytes alone would not show it.
fn same(first: &Part, second: &Part) -> Result<bool, OpenError> {
    if (first.size_bytes, first.crc32) != (second.size_bytes, second.crc32) {
        return Ok(false);
    }
    Ok(sha256(first)? == sha256(second)?)
}

fn is_loaded(role: Role) -> bool {
    matches!(role, Role::DartLibrary | Role::Engine | Role::NativeLibrary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::Content;
    use crate::window::Window;

    fn part(label: &str, path: &str, role: Role, content: &str) -> Part {
        let window = Window::of_memory(content.as_bytes().to_vec());
        Part {
            path: path.to_owned(),
            location: format!("{label}!/{path}"),
            role,
            abi: None,
            size_bytes: window.size_bytes(),
            crc32: None,
            stored_size_bytes: window.size_bytes(),
            content: Content::Stored(window),
        }
    }

    fn merged(path: &str, role: Role, contents: [&str; 2]) -> Result<Vec<String>, OpenError> {
        let apk = |(label, content): (&str, &str)| OneApk {
            label: label.to_owned(),
            parts: vec![part(label, path, role, content)],
        };
        let apks = ["base.apk", "split.apk"].into_iter().zip(contents);
        let parts = all(apks.map(apk).collect())?;
        Ok(parts.into_iter().map(|part| part.path).collect())
    }

    #[test]
    fn a_file_that_is_the_same_in_two_apks_is_one_part() {
        let paths = merged("classes.dex", Role::Dex, ["same", "same"]);
        assert_eq!(paths.unwrap(), ["classes.dex"]);
    }

    #[test]
    fn a_file_that_differs_has_its_apks_name_in_front() {
        let paths = merged("AndroidManifest.xml", Role::Manifest, ["one", "two"]);
        let expected = ["AndroidManifest.xml", "split.apk/AndroidManifest.xml"];
        assert_eq!(paths.unwrap(), expected);
    }

    #[test]
    fn two_libraries_under_one_name_are_refused() {
        let refused = merged("lib/x86/libapp.so", Role::DartLibrary, ["one", "two"]);
        assert!(matches!(refused, Err(OpenError::Conflict { .. })));
    }
}

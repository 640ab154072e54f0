//! Which app a release is, by its manifests: read each, put together, name what disagrees.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::abi::Abi;
use crate::layout::{Roles, Shape};
use crate::manifest::{MANIFEST_BYTES_MAX, ManifestFacts};
use crate::part::Part;
use crate::release::read_whole;
use crate::role::Role;
use crate::{axml, proto_xml, text_xml};

/// What the manifests of a release say. What none says, or says by a resource, is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppIdentity {
    /// The application id; on desktops the package's name.
    pub app_id: Option<String>,
    /// The version that people see.
    pub version_name: Option<String>,
    /// The version that counts. For builds split by machine, the one that all were made of.
    pub version_code: Option<u64>,
    /// Whether a debugger may attach. `Some(false)` where an Android manifest says nothing.
    pub debuggable: Option<bool>,
    /// The permissions that it asks for.
    pub permissions: BTreeSet<String>,
    /// Manifests that are there and could not be read, each with the reason.
    pub unreadable: Vec<String>,
    /// Where two manifests of the release disagree, in words.
    pub disagreements: Vec<String>,
}

/// Reads every manifest among `parts`.
pub(crate) fn of(shape: Shape, roles: Roles, parts: &[Part]) -> AppIdentity {
    let mut app = AppIdentity::default();
    let mut manifests = Vec::new();
    for part in in_order(parts) {
        let read = match is_version_file(&part.path) {
            true => read_version_file(part),
            false => read_manifest(roles, part),
        };
        match read {
            Ok(Some(facts)) => manifests.push(Said {
                location: &part.location,
                facts,
            }),
            Ok(None) => {}
            Err(reason) => app
                .unreadable
                .push(format!("{} cannot be read: {reason}", part.location)),
        }
    }
    put_together(&mut app, &manifests);
    if shape == Shape::SplitApks || shape == Shape::GradleOutput || shape == Shape::ApkSet {
        version_code_of_splits(&mut app, &manifests, parts);
    }
    app
}

/// What one manifest says.
struct Said<'a> {
    location: &'a str,
    facts: ManifestFacts,
}

/// The base's first: it is the one without a split's name in front.
fn in_order(parts: &[Part]) -> Vec<&Part> {
    let is_one = |part: &&Part| part.role == Role::Manifest || is_version_file(&part.path);
    let mut found: Vec<&Part> = parts.iter().filter(is_one).collect();
    found.sort_by_key(|part| {
        let is_base = ["AndroidManifest.xml", "base/manifest/AndroidManifest.xml"];
        !is_base.contains(&&*part.path)
    });
    found
}

fn is_version_file(path: &str) -> bool {
    path == "data/flutter_assets/version.json"
}

fn read_manifest(roles: Roles, part: &Part) -> Result<Option<ManifestFacts>, String> {
    if !part.path.ends_with("AndroidManifest.xml") {
        return Ok(None); // a property list: nothing here reads it
    }
    let bytes = read_whole(part, MANIFEST_BYTES_MAX).map_err(|error| error.to_string())?;
    match roles {
        Roles::Aab => proto_xml::read(bytes),
        Roles::Aar => text_xml::read(&bytes),
        Roles::Apk | Roles::Desktop | Roles::Loose => axml::read(&bytes),
    }
    .map(Some)
}

fn read_version_file(part: &Part) -> Result<Option<ManifestFacts>, String> {
    let bytes = read_whole(part, MANIFEST_BYTES_MAX).map_err(|error| error.to_string())?;
    let file: VersionFile = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    Ok(Some(ManifestFacts {
        app_id: file.package_name,
        version_name: file.version,
        version_code: file.build_number.and_then(|number| number.parse().ok()),
        ..ManifestFacts::default()
    }))
}

/// What Flutter writes beside the assets of a desktop app.
#[derive(Deserialize)]
struct VersionFile {
    package_name: Option<String>,
    version: Option<String>,
    build_number: Option<String>,
}

fn put_together(app: &mut AppIdentity, manifests: &[Said<'_>]) {
    for Said { facts, .. } in manifests {
        app.permissions.extend(facts.permissions.iter().cloned());
    }
    let words = &mut app.disagreements;
    app.app_id = agreed(words, "app id", manifests, |facts| facts.app_id.clone());
    app.version_name = agreed(words, "version", manifests, |facts| {
        facts.version_name.clone()
    });
    app.version_code = agreed(words, VERSION_CODE, manifests, |facts| facts.version_code);
    app.debuggable = agreed(words, "debuggable", manifests, |facts| facts.debuggable);
}

/// The first answer; those that differ from it are put into words, the first of them each.
fn agreed<T: PartialEq + std::fmt::Debug>(
    words: &mut Vec<String>,
    what: &str,
    manifests: &[Said<'_>],
    ask: impl Fn(&ManifestFacts) -> Option<T>,
) -> Option<T> {
    let mut said = manifests
        .iter()
        .filter_map(|one| Some((one.location, ask(&one.facts)?)));
    let (first_location, first) = said.next()?;
    let mut others = said.filter(|(_, other)| *other != first);
    for (location, other) in others.by_ref().take(DISAGREEMENTS_MAX) {
        words.push(format!(
            "the {what} is {first:?} in {first_location} and {other:?} in {location}"
        ));
    }
    let more = others.count();
    if more > 0 {
        words.push(format!(
            "the {what} is {first:?} in {first_location} and another one in {more} more manifests"
        ));
    }
    Some(first)
}

/// Of one fact. There may be a manifest in each of 200,000 files.
const DISAGREEMENTS_MAX: usize = 20;

/// Flutter adds 1000 times a machine's number where it builds one APK a machine. If that is all by
/// which the codes differ, the code is the one before that.
fn version_code_of_splits(app: &mut AppIdentity, manifests: &[Said<'_>], parts: &[Part]) {
    let whole: Option<Vec<u64>> = manifests
        .iter()
        .filter(|one| one.facts.version_code.is_some())
        .map(|one| {
            let abi = only_abi(one.location, parts)?;
            one.facts
                .version_code?
                .checked_sub(1000 * flutter_number(abi)?)
        })
        .collect();
    let Some([first, rest @ ..]) = whole.as_deref() else {
        return;
    };
    if !rest.is_empty() && rest.iter().all(|code| code == first) {
        app.version_code = Some(*first);
        let about_codes = format!("the {VERSION_CODE} is ");
        app.disagreements
            .retain(|words| !words.starts_with(&about_codes));
    }
}

/// The machine of the APK that a manifest is from, if all its libraries are for one.
fn only_abi(manifest: &str, parts: &[Part]) -> Option<Abi> {
    let (apk, _) = manifest.rsplit_once("!/")?;
    let is_beside = |part: &&Part| {
        let above = part.location.rsplit_once("!/");
        above.is_some_and(|(above, _)| above == apk)
    };
    let abis: BTreeSet<Abi> = parts
        .iter()
        .filter(is_beside)
        .filter_map(|part| part.abi)
        .collect();
    abis.first().copied().filter(|_| abis.len() == 1)
}

fn flutter_number(abi: Abi) -> Option<u64> {
    match abi {
        Abi::ArmeabiV7a => Some(1),
        Abi::Arm64V8a => Some(2),
        Abi::X86 => Some(3),
        Abi::X86_64 => Some(4),
        Abi::Riscv64 | Abi::Riscv32 => None,
    }
}

const VERSION_CODE: &str = "version code";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_disagreements_the_first_are_told_and_the_others_counted() {
        let said = |version_code| Said {
            location: "here",
            facts: ManifestFacts {
                version_code: Some(version_code),
                ..ManifestFacts::default()
            },
        };
        let manifests: Vec<Said<'_>> = (0..50).map(said).collect();
        let mut words = Vec::new();
        let first = agreed(&mut words, VERSION_CODE, &manifests, |facts| {
            facts.version_code
        });
        assert_eq!((first, words.len()), (Some(0), DISAGREEMENTS_MAX + 1));
        let last = words.pop().unwrap();
        assert!(
            last.ends_with("and another one in 29 more manifests"),
            "{last}"
        );
    }
}

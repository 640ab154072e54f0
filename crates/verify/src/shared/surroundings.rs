//! What a code patch cannot carry, compared between the release and the patched build.

use std::collections::{BTreeMap, BTreeSet};

use patchproof_archive::{Abi, AppIdentity, Part, Release, Role};
use patchproof_report::{Finding, Rule};

use super::ForAbi;
use super::ignored::reason;
use super::parts::{Pair, Stand, differing, family, pairs};
use crate::rows::unread;

/// Every difference, with what to do about it.
pub(super) fn findings(release: &Release, patched: &Release) -> Vec<ForAbi> {
    if family(release) != family(patched) {
        return vec![ForAbi {
            abi: None,
            finding: shapes_differ(release, patched),
        }];
    }
    let mut found: Vec<ForAbi> = identity(release.app(), patched.app())
        .into_iter()
        .map(|finding| ForAbi { abi: None, finding })
        .collect();
    let mut ignored: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut total = 0_usize;
    // An ABI that one of the builds was not made for is told by `artefact`, once. Libraries in the
    // folder of an ABI for which neither has a Dart library are files like any other.
    let rows = dart_abis(release);
    let told = &rows ^ &dart_abis(patched);
    let mut pairs = pairs(release, patched);
    pairs.retain(|pair| {
        let abi = pair.part().and_then(|part| part.abi);
        abi.is_none_or(|abi| !told.contains(&abi))
    });
    for (pair, stand) in differing(&pairs, release, patched) {
        if let (Some(reason), false) = (reason(pair.path), matches!(stand, Stand::Unreadable(_))) {
            ignored.entry(reason).or_default().push(pair.path);
            continue;
        }
        total += 1;
        if total <= LISTED_MAX {
            found.extend(difference(pair, &stand, patched, &rows));
        }
    }
    found.extend(not_listed(total));
    found.extend(ignored.into_iter().map(|(reason, paths)| ForAbi {
        abi: None,
        finding: ignored_finding(reason, &paths),
    }));
    found
}

/// The ABIs of the Dart libraries, as far as folders say them.
fn dart_abis(build: &Release) -> BTreeSet<Abi> {
    let libraries = build.of_role(Role::DartLibrary);
    libraries.filter_map(|part| part.abi).collect()
}

fn difference(
    pair: &Pair<'_>,
    stand: &Stand,
    patched: &Release,
    rows: &BTreeSet<Abi>,
) -> Option<ForAbi> {
    let part = pair.part()?;
    // What is of an ABI without a row of its own is told in each row, or nobody would read it.
    let abi = part.abi.filter(|abi| rows.contains(abi));
    let abi = abi.map(|abi| abi.name());
    let verb = match stand {
        Stand::Same => return None,
        Stand::Came => "came",
        Stand::Went => "went",
        Stand::Changed { .. } => "changed",
        Stand::Unreadable(error) => {
            let finding = unread("what surrounds the library", error).about(pair.path);
            return Some(ForAbi { abi, finding });
        }
    };
    let (expected, found) = stand.sides(pair);
    let rule = rule_of(part, stand);
    let message = format!(
        "{} {verb} between the release and {}",
        pair.path,
        patched.name()
    );
    let finding = Finding::new(rule, message)
        .comparing(expected, found)
        .about(pair.path);
    Some(ForAbi { abi, finding })
}

fn rule_of(part: &Part, stand: &Stand) -> Rule {
    match part.role {
        Role::Dex => Rule::DexChanged,
        Role::NativeLibrary | Role::DartLibrary => Rule::NativeLibraryChanged,
        Role::Engine => Rule::EngineChanged,
        Role::Asset if matches!(stand, Stand::Went) => Rule::AssetRemoved,
        Role::Asset => Rule::AssetChanged,
        Role::Manifest => Rule::ManifestChanged,
        Role::Resource => Rule::ResourcesChanged,
        _ => Rule::OtherFileChanged,
    }
}

/// What the two manifests say, where it is not the same.
fn identity(released: &AppIdentity, patched: &AppIdentity) -> Vec<Finding> {
    let mut findings = Vec::new();
    let code = |app: &AppIdentity| app.version_code.map(|code| code.to_string());
    let named = [
        ("app id", released.app_id.clone(), patched.app_id.clone()),
        (
            "version name",
            released.version_name.clone(),
            patched.version_name.clone(),
        ),
        ("version code", code(released), code(patched)),
    ];
    for (what, released, patched) in named {
        if released != patched {
            let word = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
            let message = format!("the {what} of the patched build is not the release's");
            let finding = Finding::new(Rule::VersionChanged, message);
            findings.push(finding.comparing(word(released), word(patched)));
        }
    }
    let listed = |set: &BTreeSet<String>, other: &BTreeSet<String>| {
        set.difference(other)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    };
    if released.permissions != patched.permissions {
        let went = listed(&released.permissions, &patched.permissions);
        let came = listed(&patched.permissions, &released.permissions);
        let message = "the patched build does not ask for the permissions of the release";
        let none = |text: String| {
            if text.is_empty() {
                "none".to_owned()
            } else {
                text
            }
        };
        let finding = Finding::new(Rule::PermissionsChanged, message);
        let (went, came) = (none(went), none(came));
        findings.push(finding.comparing(
            format!("only in the release: {went}"),
            format!("only in the patched build: {came}"),
        ));
    }
    findings
}

fn shapes_differ(release: &Release, patched: &Release) -> Finding {
    let (released, found) = (release.shape().word(), patched.shape().word());
    let message = format!(
        "{} is of another kind than {}: what surrounds the library cannot be compared",
        patched.name(),
        release.name()
    );
    Finding::new(Rule::ShapesDiffer, message).comparing(released, found)
}

fn ignored_finding(reason: &str, paths: &[&str]) -> Finding {
    let shown: Vec<&str> = paths.iter().copied().take(IGNORED_SHOWN_MAX).collect();
    let more = paths.len().saturating_sub(shown.len());
    let mut list = shown.join(", ");
    if more > 0 {
        list.push_str(&format!(", and {more} more"));
    }
    let count = paths.len();
    let plural = if count == 1 { "" } else { "s" };
    let message = format!("{count} file{plural} may differ: {reason}");
    Finding::new(Rule::ChangeIgnored, message).showing(list)
}

fn not_listed(total: usize) -> Option<ForAbi> {
    let more = total.checked_sub(LISTED_MAX).filter(|more| *more > 0)?;
    let message = format!("{more} more files differ than are listed");
    let finding = Finding::new(Rule::OtherFileChanged, message);
    Some(ForAbi { abi: None, finding })
}

/// More than a person reads; an app may have a hundred thousand files.
const LISTED_MAX: usize = 100;
const IGNORED_SHOWN_MAX: usize = 8;

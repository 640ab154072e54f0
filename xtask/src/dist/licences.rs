//! The licences of all that is linked into the library.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

use super::{DistError, copy, io, write};

/// Ours, and one file with the names, licences and licence texts of the others.
pub(super) fn write_all(root: &Path, target: &str, folder: &Path) -> Result<(), DistError> {
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root.join(name), &folder.join(name))?;
    }
    let mut command = MetadataCommand::new();
    command.manifest_path(root.join("Cargo.toml"));
    let filter = ["--filter-platform", target, "--locked"];
    let metadata = command.other_options(filter.map(str::to_owned)).exec()?;
    let mut text =
        String::from("What is linked into libpatchproof, beside the library's own code.\n");
    for package in linked(&metadata) {
        let licence = package.license.as_deref().unwrap_or("see below");
        text.push_str(&format!(
            "\n{LINE}\n{} {}: {licence}\n",
            package.name, package.version
        ));
        for (name, words) in texts(package)? {
            text.push_str(&format!("\n--- {name}\n\n{}\n", words.trim_end()));
        }
    }
    write(&folder.join("THIRD-PARTY.txt"), text.as_bytes())
}

/// The packages of others that the library is built of, in the order of their names.
fn linked(metadata: &Metadata) -> Vec<&Package> {
    let resolved = metadata.resolve.as_ref();
    let nodes: BTreeMap<&PackageId, _> = resolved
        .into_iter()
        .flat_map(|resolve| &resolve.nodes)
        .map(|node| (&node.id, node))
        .collect();
    let library = metadata
        .packages
        .iter()
        .find(|it| it.name.as_str() == LIBRARY);
    let mut todo: Vec<&PackageId> = library.map(|package| &package.id).into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        let deps = nodes.get(id).into_iter().flat_map(|node| &node.deps);
        let normal = deps.filter(|dep| {
            let mut kinds = dep.dep_kinds.iter();
            kinds.any(|kind| kind.kind == DependencyKind::Normal)
        });
        todo.extend(normal.map(|dep| &dep.pkg));
    }
    let others = metadata.packages.iter();
    let mut others: Vec<&Package> = others
        .filter(|package| seen.contains(&package.id) && package.source.is_some())
        .collect();
    others.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    others
}

fn texts(package: &Package) -> Result<Vec<(String, String)>, DistError> {
    let Some(folder) = package.manifest_path.parent() else {
        return Ok(Vec::new());
    };
    let folder = folder.as_std_path();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let entry = entry.map_err(io(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_one = NAMES
            .iter()
            .any(|start| name.to_uppercase().starts_with(start));
        if is_one && let Ok(text) = fs::read_to_string(entry.path()) {
            found.push((name, text));
        }
    }
    found.sort();
    Ok(found)
}

const LIBRARY: &str = "patchproof-capi";
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE"];
const LINE: &str =
    "--------------------------------------------------------------------------------";

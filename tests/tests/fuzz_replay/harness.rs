//! What the harness promises of itself: each target has a binary, seeds that fit, and a place.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use patchproof_testkit::fuzz;
use patchproof_tests::claims;
use patchproof_tests::trials::same;

use super::repository;

pub(crate) fn trials() -> Vec<Trial> {
    CLAIMS
        .map(|(name, claim)| Trial::test(name, claim))
        .into_iter()
        .collect()
}

type Claim = fn() -> Result<(), Failed>;

const CLAIMS: [(&str, Claim); 7] = claims![
    every_target_has_a_binary_and_every_binary_a_target
    no_two_seeds_of_a_target_have_one_name
    seeds_are_the_same_each_time
    no_seed_is_longer_than_what_is_tried
    what_is_kept_belongs_to_a_target
    the_page_lists_every_target
    every_legal_difference_is_a_function_of_an_oracle
];

fn names() -> BTreeSet<String> {
    let all = fuzz::every().into_iter().chain([fuzz::CANARY.facts()]);
    all.map(|facts| facts.name.to_owned()).collect()
}

fn every_target_has_a_binary_and_every_binary_a_target() -> Result<(), Failed> {
    let manifest = fs::read_to_string(repository().join("fuzz/Cargo.toml"))?;
    let manifest: toml::Table = manifest.parse()?;
    let bins = manifest.get("bin").and_then(|bins| bins.as_array());
    let of = |bin: &toml::Value| Some(bin.get("name")?.as_str()?.to_owned());
    let bins: BTreeSet<String> = bins.into_iter().flatten().filter_map(of).collect();
    same(bins, names())
}

fn no_two_seeds_of_a_target_have_one_name() -> Result<(), Failed> {
    for facts in fuzz::every() {
        let seeds = (facts.seeds)();
        let names: BTreeSet<&str> = seeds.iter().map(|(name, _)| name.as_str()).collect();
        same((facts.name, names.len()), (facts.name, seeds.len()))?;
    }
    Ok(())
}

fn seeds_are_the_same_each_time() -> Result<(), Failed> {
    let differ = |facts: &fuzz::Facts| (facts.seeds)() != (facts.seeds)();
    let differ = fuzz::every().into_iter().filter(differ);
    same(
        differ.map(|facts| facts.name).collect::<Vec<_>>(),
        Vec::<&str>::new(),
    )
}

fn no_seed_is_longer_than_what_is_tried() -> Result<(), Failed> {
    let mut long = Vec::new();
    for facts in fuzz::every() {
        let seeds = (facts.seeds)().into_iter();
        let too_long = seeds.filter(|(_, bytes)| bytes.len() > facts.bytes_max);
        long.extend(too_long.map(|(name, bytes)| (facts.name, name, bytes.len())));
    }
    same(long, Vec::<(&str, String, usize)>::new())
}

fn what_is_kept_belongs_to_a_target() -> Result<(), Failed> {
    for folder in ["corpora/seeds", "corpora/regressions"] {
        for entry in fs::read_dir(repository().join(folder))
            .into_iter()
            .flatten()
        {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !names().contains(&name) && name != "README.md" {
                return Err(format!("{folder}/{name} is no target's").into());
            }
        }
    }
    Ok(())
}

fn the_page_lists_every_target() -> Result<(), Failed> {
    let page = fs::read_to_string(repository().join("docs/fuzzing.md"))?;
    let facts = fuzz::every().into_iter().chain([fuzz::CANARY.facts()]);
    let row =
        |facts: &fuzz::Facts| format!("| `{}` | {} | {} |", facts.name, facts.about, facts.depth);
    let missing = facts
        .map(|facts| row(&facts))
        .filter(|row| !page.contains(row));
    same(missing.collect::<Vec<_>>(), Vec::<String>::new())
}

/// In `docs/divergences.md` the last cell of a row in the sections on fuzzing begins with its name.
fn every_legal_difference_is_a_function_of_an_oracle() -> Result<(), Failed> {
    let page = fs::read_to_string(repository().join("docs/divergences.md"))?;
    let (_, sections) = page
        .split_once("## What fuzzing may find different\n")
        .ok_or("the page has a section on fuzzing")?;
    let mut oracles = String::new();
    append_sources(&repository().join("crates/testkit/src"), &mut oracles)?;
    let rows = sections.lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|row| row.rsplit('|').nth(1));
    let names: Vec<&str> = cells.filter_map(|cell| cell.split('`').nth(1)).collect();
    let is_known = |name: &str| name.split("::").all(|part| oracles.contains(part));
    let unknown: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !is_known(name))
        .collect();
    same((names.len() >= 18, unknown), (true, Vec::<&str>::new()))
}

fn append_sources(folder: &Path, to: &mut String) -> Result<(), Failed> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            append_sources(&path, to)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            to.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

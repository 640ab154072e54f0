//! Earlier patches: from which of them a delta is made, and which delta is worth its place.

use patchproof_protocol::developer::{PatchState, PublishDownload};
use patchproof_protocol::{Arch, Platform};

/// An earlier patch that devices may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Earlier {
    pub(crate) number: u64,
    /// Of what it gives, in hex.
    pub(crate) sha256: String,
    /// How it is had from the release.
    pub(crate) download: PublishDownload,
}

/// The newest patches that devices of this machine may run, at most `count`, the newest first.
///
/// Drafts and what was rolled back run nowhere, or not for long. From what is the release itself or
/// the new library there is nothing to gain, and neither twice from one output.
pub(crate) fn earlier(
    patches: &[PatchState],
    (platform, arch): (Platform, Arch),
    not_from: &[&str],
    count: usize,
) -> Vec<Earlier> {
    let mut on_devices: Vec<&PatchState> = patches
        .iter()
        .filter(|patch| patch.published && patch.rolled_back_at.is_none())
        .collect();
    on_devices.sort_by_key(|patch| std::cmp::Reverse(patch.number));
    let mut found: Vec<Earlier> = Vec::new();
    for patch in on_devices {
        if found.len() == count {
            break;
        }
        let mut artifacts = patch.artifacts.iter();
        let artifact =
            artifacts.find(|it| it.platform == platform.name() && it.arch == arch.name());
        let Some(artifact) = artifact else { continue };
        let known = found.iter().any(|it| it.sha256 == artifact.hash);
        if known || not_from.contains(&artifact.hash.as_str()) {
            continue;
        }
        let from_release = artifact.downloads.iter();
        let from_release = from_release.filter(|it| it.from_sha256.is_none());
        if let Some(download) = from_release.min_by_key(|it| it.size_bytes) {
            found.push(Earlier {
                number: patch.number,
                sha256: artifact.hash.clone(),
                download: download.clone(),
            });
        }
    }
    found
}

/// Whether a patch is worth its place beside another: only if it is smaller.
pub(crate) const fn worth_it(size_bytes: usize, beside_bytes: usize) -> bool {
    size_bytes < beside_bytes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use patchproof_protocol::developer::{ArtifactState, Container};
    use proptest::prelude::*;

    use super::*;

    const HERE: (Platform, Arch) = (Platform::Linux, Arch::X64);

    fn download(size_bytes: u64, from: Option<&str>) -> PublishDownload {
        PublishDownload {
            sha256: format!("download of {size_bytes}"),
            size_bytes,
            container: Container::Patchproof,
            from_sha256: from.map(str::to_owned),
        }
    }

    fn patch(number: u64, hash: &str) -> PatchState {
        PatchState {
            id: i64::try_from(number).unwrap(),
            number,
            published: true,
            channel: Some("stable".to_owned()),
            rollout_basis_points: Some(10_000),
            rolled_back_at: None,
            expires_at: None,
            force_update: false,
            notes: None,
            created_at: 0,
            artifacts: vec![ArtifactState {
                platform: "linux".to_owned(),
                arch: "x86_64".to_owned(),
                hash: hash.to_owned(),
                size_bytes: 1,
                statement_sha256: None,
                downloads: vec![
                    download(5, Some("another")),
                    download(20, None),
                    download(10, None),
                ],
            }],
            events: BTreeMap::new(),
        }
    }

    fn numbers(patches: &[PatchState], not_from: &[&str], count: usize) -> Vec<u64> {
        let found = earlier(patches, HERE, not_from, count);
        found.into_iter().map(|it| it.number).collect()
    }

    #[test]
    fn the_newest_are_taken_and_the_smallest_way_to_each_from_the_release() {
        let patches = [patch(1, "a"), patch(3, "c"), patch(2, "b")];
        assert_eq!(numbers(&patches, &[], 2), [3, 2]);
        assert_eq!(
            earlier(&patches, HERE, &[], 1)[0].download,
            download(10, None)
        );
    }

    #[test]
    fn drafts_and_what_was_rolled_back_are_passed_over() {
        let mut patches = [patch(1, "a"), patch(2, "b"), patch(3, "c")];
        patches[2].rolled_back_at = Some(7);
        patches[1].published = false;
        assert_eq!(numbers(&patches, &[], 2), [1]);
    }

    #[test]
    fn an_output_counts_once_and_the_release_and_the_new_library_not_at_all() {
        let patches = [
            patch(1, "release"),
            patch(2, "a"),
            patch(3, "a"),
            patch(4, "new"),
        ];
        assert_eq!(numbers(&patches, &["release", "new"], 3), [3]);
    }

    #[test]
    fn a_patch_of_another_machine_is_none_of_this_one() {
        let mut other = patch(1, "a");
        other.artifacts[0].arch = "aarch64".to_owned();
        assert_eq!(numbers(&[other], &[], 2), [0_u64; 0]);
    }

    proptest! {
        #[test]
        fn never_more_than_asked_for_and_always_in_falling_order(
            hashes in proptest::collection::vec("[a-d]", 0..12), count in 0_usize..5,
        ) {
            let patches: Vec<PatchState> = (1..).zip(&hashes)
                .map(|(number, hash)| patch(number, hash)).collect();
            let found = numbers(&patches, &["a"], count);
            prop_assert!(found.len() <= count);
            prop_assert!(found.windows(2).all(|pair| pair[0] > pair[1]));
        }
    }
}

//! A disk whose syncs may not last.

use super::*;

/// Two syncs: of `a`'s bytes with its name, then of `b`'s.
fn two_files(honesty: Honesty) -> SimDisk {
    let disk = SimDisk::new(BlockSize::Bytes512, honesty);
    let process = disk.process();
    for name in ["a", "b"] {
        put_synced(&process, name, name.as_bytes());
        sync_root(&process);
    }
    disk
}

#[test]
fn on_an_honest_disk_what_was_synced_is_there() {
    let disk = two_files(Honesty::Honest);
    assert_eq!(
        image_trees(&disk),
        BTreeSet::from([of(&[("a", b"a"), ("b", b"b")])])
    );
}

#[test]
fn on_a_lying_disk_what_was_synced_last_may_be_gone_and_all_of_it_too() {
    let trees = image_trees(&two_files(Honesty::Lying));
    assert!(trees.contains(&of(&[("a", b"a"), ("b", b"b")])));
    assert!(trees.contains(&of(&[("a", b"a"), ("b", b"")])));
    assert!(trees.contains(&of(&[("a", b"a")])));
    assert!(trees.contains(&of(&[])));
}

#[test]
fn no_more_syncs_are_undone_than_the_bounds_say() {
    let disk = two_files(Honesty::Lying);
    let bounds = Bounds {
        undone_syncs_max: 2,
        ..Bounds::normal()
    };
    let trees: BTreeSet<Tree> = disk
        .images(bounds)
        .map(|image| tree(&image.process()))
        .collect();
    assert!(trees.contains(&of(&[("a", b"a")])), "b's two syncs are");
    assert!(
        trees.iter().all(|tree| tree["a"] == Some(b"a".to_vec())),
        "a's are not"
    );
}

#[test]
fn what_a_power_cut_left_is_on_a_lying_disk_for_good() {
    let disk = two_files(Honesty::Lying);
    for image in disk.images(Bounds::normal()) {
        let left = tree(&image.process());
        put_synced(&image.process(), "c", b"c");
        for again in image.images(Bounds::normal()) {
            let mut again = tree(&again.process());
            again.remove("c");
            assert_eq!(again, left);
        }
    }
}

#[test]
fn a_lying_disk_has_one_moment_for_each_sync_and_one_more() {
    let disk = two_files(Honesty::Lying);
    let mut images = disk.images(Bounds::normal());
    images.by_ref().for_each(drop);
    assert_eq!(images.coverage().exhaustive_moments, 5);
}

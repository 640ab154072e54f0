//! How much is enumerated, and what is where that is too much.

use std::time::Instant;

use super::*;

/// One file of so many unsynced blocks.
fn of_blocks(blocks: usize) -> SimDisk {
    let disk = honest();
    let process = disk.process();
    put(&process, "f", &noise(blocks * 512));
    sync_root(&process);
    disk
}

#[test]
fn every_subset_is_made_up_to_the_bound_and_swept_beyond_it() {
    for (blocks, swept) in [(8, 0), (9, 1)] {
        let disk = of_blocks(blocks);
        let mut images = disk.images(Bounds::normal());
        images.by_ref().for_each(drop);
        let coverage = images.coverage();
        assert_eq!(coverage.swept_moments, swept, "{blocks} blocks");
        assert_eq!(coverage.exhaustive_moments, 1 - swept);
    }
}

/// Which of the blocks of `f` are there in whole, as bits, and how many bytes there are.
fn whole_blocks(image: &SimDisk, blocks: usize) -> (u64, usize) {
    let bytes = read(&image.process(), &path("f"));
    let all = noise(blocks * 512);
    let mut bits = 0;
    for block in 0..blocks {
        let range = block * 512..(block + 1) * 512;
        bits |= u64::from(bytes.get(range.clone()) == all.get(range)) << block;
    }
    (bits, bytes.len())
}

#[test]
fn all_256_subsets_of_8_blocks_are_there_at_the_new_length() {
    let disk = of_blocks(8);
    let images = disk
        .images(Bounds::normal())
        .map(|image| whole_blocks(&image, 8));
    let subsets: BTreeSet<u64> = images
        .filter(|(_, length)| *length == 8 * 512)
        .map(|(bits, _)| bits)
        .collect();
    assert_eq!(subsets.len(), 256);
}

#[test]
fn a_sweep_has_nothing_everything_each_alone_all_but_each_and_each_prefix() {
    let blocks = 40;
    let disk = of_blocks(blocks);
    let images = disk
        .images(Bounds::normal())
        .map(|image| whole_blocks(&image, blocks).0);
    let swept: BTreeSet<u64> = images.collect();
    let all = (1_u64 << blocks) - 1;
    for block in 0..blocks {
        for bits in [1 << block, all & !(1 << block), (1 << block) - 1, all] {
            assert!(swept.contains(&bits), "{bits:b}");
        }
    }
}

#[test]
fn a_sweep_tears_each_block() {
    let blocks = 20;
    let disk = of_blocks(blocks);
    let contents: BTreeSet<Vec<u8>> = disk
        .images(Bounds::normal())
        .map(|image| read(&image.process(), &path("f")))
        .collect();
    for block in 0..blocks {
        let mut torn = noise(blocks * 512);
        torn[block * 512 + 256..(block + 1) * 512].fill(0);
        assert!(
            contents.contains(&torn),
            "block {block} is never torn among new ones"
        );
        assert!(
            contents.contains(&noise(block * 512 + 256)),
            "nor at the end"
        );
    }
}

#[test]
fn a_sweep_stays_within_what_is_legal() {
    let bounds = Bounds {
        blocks_max: 0,
        name_changes_max: 0,
        ..Bounds::normal()
    };
    let disk = of_blocks(3);
    let process = disk.process();
    put(&process, "g", &noise(700));
    append(&process, "g", b"more");
    process.rename(&path("g"), &path("h")).unwrap();
    put(&process, "g", b"");
    let legal = image_trees(&disk);
    let mut images = disk.images(bounds);
    for image in images.by_ref() {
        assert!(legal.contains(&tree(&image.process())));
    }
    assert_eq!(images.coverage().swept_moments, 1);
    assert!(images.coverage().images > 50);
}

#[test]
fn names_are_swept_where_they_are_too_many() {
    let disk = honest();
    let process = disk.process();
    let names: Vec<String> = (0..30).map(|number| format!("f{number}")).collect();
    for name in &names {
        put(&process, name, b"");
    }
    let mut images = disk.images(Bounds::normal());
    let found: BTreeSet<Vec<String>> = images.by_ref().map(|image| image.files()).collect();
    assert_eq!(images.coverage().swept_moments, 1);
    for name in &names {
        assert!(found.contains(&vec![name.clone()]), "{name} is never alone");
        let mut others: Vec<String> = names.iter().filter(|one| *one != name).cloned().collect();
        others.sort();
        assert!(found.contains(&others), "{name} is never missing");
    }
}

#[test]
fn no_image_is_given_twice_and_repeats_are_counted() {
    let disk = honest();
    let process = disk.process();
    put(&process, "f", &[0; 600]);
    put(&process, "f2", &[0; 600]);
    let mut images = disk.images(Bounds::normal());
    let fingerprints: Vec<u128> = images.by_ref().map(|image| image.fingerprint()).collect();
    let distinct: BTreeSet<u128> = fingerprints.iter().copied().collect();
    assert_eq!(distinct.len(), fingerprints.len());
    assert!(
        images.coverage().repeats > 0,
        "blocks of zeros are equal, written or not"
    );
}

/// `cargo test --release -p patchproof-rehearsal images_per_second -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn images_per_second() {
    let disk = honest();
    let process = disk.process();
    for number in 0..20 {
        put_synced(&process, &format!("s{number}"), &noise(900));
    }
    sync_root(&process);
    put(&process, "f", &noise(7 * 512));
    put(&process, "g", &noise(400));
    process.rename(&path("g"), &path("h")).unwrap();
    let start = Instant::now();
    let mut images = disk.images(Bounds::normal());
    images.by_ref().for_each(drop);
    println!("{:?} in {:?}", images.coverage(), start.elapsed());
}

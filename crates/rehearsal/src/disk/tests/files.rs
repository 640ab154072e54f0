//! The bytes of one file.

use proptest::prelude::*;

use super::*;

/// What the model allows, by its words: a length, and for each block old, new or zero, or torn.
fn legal(old: &[u8], new: &[u8], torn: TornAt) -> BTreeSet<Vec<u8>> {
    let size = 512;
    let blocks: Vec<usize> = (old.len() / size..new.len().div_ceil(size)).collect();
    let at = |bytes: &[u8], block: usize| -> Vec<u8> {
        (block * size..(block + 1) * size)
            .map(|at| bytes.get(at).copied().unwrap_or(0))
            .collect()
    };
    let mut legal = BTreeSet::new();
    let mut tears = vec![None];
    for block in &blocks {
        let bytes = new.len().saturating_sub(block * size).min(size);
        tears.extend(
            torn.points(bytes)
                .into_iter()
                .map(|point| Some((*block, point))),
        );
    }
    for tear in tears {
        let mut lengths: Vec<usize> = blocks.iter().map(|block| block * size).collect();
        lengths.extend([old.len(), new.len()]);
        lengths.extend(tear.map(|(block, point)| block * size + point));
        lengths.retain(|length| (old.len()..=new.len()).contains(length));
        let ways = 3_usize.pow(u32::try_from(blocks.len()).unwrap());
        for way in 0..ways {
            let mut content = new[..old.len() / size * size].to_vec();
            let mut way = way;
            for block in &blocks {
                let mut bytes = match way % 3 {
                    0 => at(old, *block),
                    1 => at(new, *block),
                    _ => vec![0; size],
                };
                if let Some((_, point)) = tear.filter(|(torn, _)| torn == block) {
                    bytes = at(new, *block);
                    bytes[point..].fill(0);
                }
                content.extend(bytes);
                way /= 3;
            }
            legal.extend(lengths.iter().map(|length| content[..*length].to_vec()));
        }
    }
    legal
}

fn contents(disk: &SimDisk) -> BTreeSet<Vec<u8>> {
    image_trees(disk)
        .into_iter()
        .map(|tree| tree["f"].clone().unwrap())
        .collect()
}

fn grown(old: &[u8], new: &[u8]) -> SimDisk {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "f", old);
    sync_root(&process);
    append(&process, "f", &new[old.len()..]);
    disk
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_contents_after_a_cut_are_the_legal_ones_and_no_others(
        old in 0_usize..1200,
        // Where nothing is written nothing is in doubt, and `legal` knows that of no block.
        more in 1_usize..1600,
    ) {
        let new = noise(old + more);
        let images = contents(&grown(&new[..old], &new));
        let legal = legal(&new[..old], &new, TornAt::Middle);
        prop_assert_eq!(images, legal);
    }
}

#[test]
fn a_synced_file_has_one_content() {
    let disk = grown(&[], &noise(700));
    sync(&disk.process(), "f");
    assert_eq!(contents(&disk), BTreeSet::from([noise(700)]));
}

#[test]
fn a_synced_block_stays_when_a_later_one_is_lost() {
    let new = noise(1536);
    let images = contents(&grown(&new[..1024], &new));
    assert!(
        images
            .iter()
            .all(|content| content.starts_with(&new[..1024]))
    );
    assert!(images.contains(&new[..1024]), "the later one is never lost");
}

#[test]
fn a_later_block_can_be_there_without_an_earlier_one() {
    let new = noise(1024);
    let mut later_only = new.clone();
    later_only[..512].fill(0);
    assert!(contents(&grown(&[], &new)).contains(&later_only));
}

#[test]
fn the_block_that_was_synced_in_part_can_be_zero() {
    let new = noise(300);
    let images = contents(&grown(&new[..100], &new));
    assert!(images.contains(&vec![0; 300]));
    assert!(images.contains(&vec![0; 100]));
}

#[test]
fn a_torn_block_begins_with_new_bytes_and_goes_on_with_old_or_zero_ones() {
    let new = noise(512);
    let images = contents(&grown(&[], &new));
    let torn = |point: usize| [&new[..point], &vec![0; 512 - point]].concat();
    assert!(images.contains(&torn(256)) && images.contains(&torn(511)));
    let mut end_only = new.clone();
    end_only[..256].fill(0);
    assert!(
        !images.contains(&end_only),
        "new bytes after old ones in one block"
    );
}

#[test]
fn no_two_blocks_of_a_file_are_torn() {
    let new = noise(1024);
    let mut twice = new.clone();
    twice[256..512].fill(0);
    twice[768..].fill(0);
    assert!(!contents(&grown(&[], &new)).contains(&twice));
}

#[test]
fn the_length_can_end_inside_a_block_only_where_it_is_torn() {
    let images = contents(&grown(&[], &noise(1024)));
    let lengths: BTreeSet<usize> = images.iter().map(Vec::len).collect();
    assert_eq!(lengths, BTreeSet::from([0, 256, 511, 512, 768, 1023, 1024]));
    let ending_inside = images.iter().filter(|content| content.len() == 768);
    for content in ending_inside {
        assert_eq!(content[512..], noise(1024)[512..768], "not torn there");
    }
}

#[test]
fn blocks_of_4096_bytes_are_old_or_new_in_whole() {
    let disk = SimDisk::new(BlockSize::Bytes4096, Honesty::Honest);
    let process = disk.process();
    put(&process, "f", &noise(4096));
    sync_root(&process);
    let bounds = Bounds {
        torn: TornAt::Nowhere,
        ..Bounds::normal()
    };
    let images = disk.images(bounds).map(|image| tree(&image.process()));
    let all: BTreeSet<Tree> = images.collect();
    let zero = vec![0; 4096];
    let legal = [
        of(&[("f", &[])]),
        of(&[("f", &zero)]),
        of(&[("f", &noise(4096))]),
    ];
    assert_eq!(all, BTreeSet::from(legal));
}

#[test]
fn two_files_lose_their_blocks_independently() {
    let disk = honest();
    let process = disk.process();
    put(&process, "f", b"f");
    put(&process, "g", b"g");
    sync_root(&process);
    let contents: [&[u8]; 3] = [b"", b"\0", b"x"];
    let mut legal = BTreeSet::new();
    for f in contents {
        for g in contents {
            let f = if f == b"x" { b"f" } else { f };
            let g = if g == b"x" { b"g" } else { g };
            legal.insert(of(&[("f", f), ("g", g)]));
        }
    }
    assert_eq!(image_trees(&disk), legal);
}

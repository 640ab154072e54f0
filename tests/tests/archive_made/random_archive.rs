//! Right archives at random: every form of entry, in any order, with what may lie around them.

use std::collections::BTreeMap;

use patchproof_testkit::made::{Descriptor, MadeEntry, MadeZip, Padding};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// How an entry is written.
#[derive(Debug, Clone)]
struct Form {
    content: Vec<u8>,
    repeated: usize,
    deflated: bool,
    alignment_bytes: u16,
    padding: Padding,
    descriptor: Descriptor,
    zip64: bool,
    mode: Option<u16>,
    extra: Vec<u8>,
}

impl Form {
    fn entry(&self, name: &str) -> MadeEntry {
        let content = self.content.repeat(self.repeated);
        let mut entry = if self.deflated {
            MadeEntry::deflated(name, &content)
        } else {
            MadeEntry::stored(name, &content)
        };
        entry.alignment_bytes = self.alignment_bytes;
        entry.padding = self.padding;
        entry.descriptor = self.descriptor;
        entry.zip64 = self.zip64;
        entry.extra.clone_from(&self.extra);
        match self.mode {
            Some(mode) => entry.unix_mode(mode),
            None => entry,
        }
    }
}

fn form() -> impl Strategy<Value = Form> {
    let content = (vec(any::<u8>(), 0..200), 0..20_usize, any::<bool>());
    let alignment = (
        select(vec![1, 1, 2, 4, 64, 4096]),
        select(vec![Padding::Zeros, Padding::Field]),
    );
    let descriptor = select(vec![
        Descriptor::None,
        Descriptor::Signed,
        Descriptor::Unsigned,
    ]);
    let mode = option::of(select(vec![0o644, 0o100_755, 0]));
    let extra = select(vec![
        Vec::new(),
        vec![0xfe, 0xca, 0, 0],
        vec![0x55, 0x54, 5, 0, 3, 1, 2, 3, 4],
    ]);
    (content, alignment, descriptor, any::<bool>(), mode, extra).prop_map(
        |(
            (content, repeated, deflated),
            (alignment_bytes, padding),
            descriptor,
            zip64,
            mode,
            extra,
        )| {
            Form {
                content,
                repeated,
                deflated,
                alignment_bytes,
                padding,
                descriptor,
                zip64,
                mode,
                extra,
            }
        },
    )
}

fn name() -> impl Strategy<Value = String> {
    let folder = select(vec![
        "",
        "assets/",
        "lib/arm64-v8a/",
        "res/a b/",
        "META-INF/",
    ]);
    (folder, "[a-z\u{e4}\u{20ac}]{1,12}(\\.[a-z]{1,2})?")
        .prop_map(|(folder, name)| folder.to_owned() + &name)
}

pub(crate) fn archive() -> impl Strategy<Value = MadeZip> {
    let entries = btree_map(name(), form(), 1..8);
    let block = option::of(vec((any::<u32>(), vec(any::<u8>(), 0..64)), 0..3));
    let shuffled = entries.prop_flat_map(|entries: BTreeMap<String, Form>| {
        let order: Vec<usize> = (0..entries.len()).collect();
        (Just(entries), Just(order).prop_shuffle())
    });
    (shuffled, block, any::<bool>(), "[ -~]{0,40}").prop_map(
        |((entries, order), signing_block, zip64, comment)| {
            let entries = entries.iter().map(|(name, form)| form.entry(name));
            let mut made = MadeZip::new(entries.collect());
            made.directory = Some(order);
            made.signing_block = signing_block;
            made.zip64 = zip64;
            made.comment = comment.into_bytes();
            made
        },
    )
}

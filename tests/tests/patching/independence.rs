//! How the work is cut, and where the bytes come from, changes not one byte of the output.

use std::fs::File;
use std::io::{self, Write as _};

use patchproof_patch::{Inflation, ReadAt, make_with};
use proptest::test_runner::TestRunner;

use crate::decoders::{FORMS, limits, streamed_by};
use crate::pairs::{Pair, fixed_pair, shared_out, small_pair};

/// A file of an embedder: nothing of it is ours but the two functions.
struct Behind<F>(u64, F);

impl<F: Fn(u64) -> Option<u8> + Sync> ReadAt for Behind<F> {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        for (byte, at) in buffer.iter_mut().zip(offset..) {
            *byte = self.1(at).ok_or(io::ErrorKind::UnexpectedEof)?;
        }
        Ok(())
    }
}

fn every_cut_gives(base: &[u8], patch: &[u8], new: &[u8]) {
    for block_bytes in BLOCKS {
        for pipe_blocks in [1, 2, 4] {
            let inflation = Inflation::within(limits(base)).in_blocks_of(block_bytes, pipe_blocks);
            let output = streamed_by(inflation, &base, &patch).unwrap();
            assert!(
                output == new,
                "blocks of {block_bytes}, {pipe_blocks} in the pipe"
            );
        }
    }
}

/// Each pair is inflated 21 times. By hand, as the macro would take `PROPTEST_CASES` for all of it.
#[test]
fn no_size_of_blocks_or_pipe_changes_the_output() {
    let pairs = (small_pair(), 0..FORMS.len());
    let outcome = TestRunner::new(shared_out(1)).run(&pairs, |(pair, form)| {
        let patch = make_with(&pair.base, &pair.new, FORMS[form]).unwrap();
        every_cut_gives(&pair.base, &patch, &pair.new);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn sizes_that_nobody_can_mean_are_taken_as_the_nearest_that_can_be() {
    let Pair { base, new } = fixed_pair(300);
    let patch = make_with(&base, &new, FORMS[0]).unwrap();
    for (block_bytes, pipe_blocks) in [(0, 0), (usize::MAX, usize::MAX)] {
        let inflation = Inflation::within(limits(&base)).in_blocks_of(block_bytes, pipe_blocks);
        assert!(streamed_by(inflation, &base, &patch).unwrap() == new);
    }
}

#[test]
fn where_the_bytes_come_from_does_not_change_the_output() {
    let Pair { base, new } = fixed_pair(200_000);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        let (base_file, patch_file) = (file(&base), file(&patch));
        let byte = |bytes: &[u8], at| bytes.get(usize::try_from(at).ok()?).copied();
        let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap();
        let base_behind = Behind(length(&base), |at| byte(&base, at));
        let patch_behind = Behind(length(&patch), |at| byte(&patch, at));
        let bases: [&dyn ReadAt; 3] = [&base, &base_file, &base_behind];
        let patches: [&dyn ReadAt; 3] = [&patch, &patch_file, &patch_behind];
        for base_from in bases {
            for patch_from in patches {
                let inflation = Inflation::within(limits(&base));
                let output = streamed_by(inflation, base_from, patch_from).unwrap();
                assert!(output == new, "{options:?}");
            }
        }
    }
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// The last is more than any of the streams has.
const BLOCKS: [usize; 7] = [1, 2, 3, 7, 64, 4096, 1 << 20];

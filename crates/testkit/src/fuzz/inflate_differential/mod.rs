//! Decoders that share no code read one patch, one zstd frame or one brotli stream, and say the
//! same.

mod codecs;
mod decoders;

use super::patch_case;
use super::{Reached, Target};
pub(super) use codecs::the_zstd_libraries_differ;

/// The target.
pub static TARGET: Target = Target {
    name: "inflate_differential",
    about: "decoders that share no code give the same bytes for a patch, a frame, a stream",
    depth: "two decoders followed it to its end, or refused it behind its header",
    run,
    seeds,
    dictionary: patch_case::DICTIONARY,
    bytes_max: 4096,
};

/// The first byte says what the rest is.
fn run(data: &[u8]) -> Reached {
    let Some((&kind, rest)) = data.split_first() else {
        return Reached::Surface;
    };
    match kind % 4 {
        0 | 1 => decoders::run(rest),
        2 => codecs::zstd(rest),
        _ => codecs::brotli(rest),
    }
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let kind = |kind: u8, seeds: Vec<(String, Vec<u8>)>| {
        let with_kind =
            move |(name, bytes): (String, Vec<u8>)| (name, [&[kind], &bytes[..]].concat());
        seeds.into_iter().map(with_kind)
    };
    kind(0, patch_case::seeds())
        .chain(kind(2, codecs::zstd_seeds()))
        .chain(kind(3, codecs::brotli_seeds()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_reach_the_depth() {
        for (name, seed) in seeds() {
            assert_eq!(run(&seed), Reached::Depth, "{name}");
        }
    }
}

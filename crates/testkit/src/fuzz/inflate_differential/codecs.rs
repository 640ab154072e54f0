//! One compressed stream, read by two libraries: zstd's own and ruzstd, brotli's own and the port.

mod brotlis;
mod zstds;

use std::io::Write as _;

use crate::fuzz::Reached;
use crate::fuzz::zstd_frames::{four_streams, frames};

/// A zstd frame without its magic number, in both.
pub(super) fn zstd(data: &[u8]) -> Reached {
    let frame = [&zstds::MAGIC[..], data].concat();
    compare(&frame, &zstds::own(&frame), &zstds::ruzstd(&frame), &ZSTD)
}

/// Whether the two zstd libraries make different things of a frame of this patch: whatever then
/// differs between our decoders is these libraries' difference, and `zstd` looks at it.
pub(in crate::fuzz) fn the_zstd_libraries_differ(patch: &[u8]) -> bool {
    let differ = |frame: &&[u8]| match (zstds::own(frame), zstds::ruzstd(frame)) {
        (Answer::Refused { .. }, Answer::Refused { .. }) => false,
        (own, other) => own != other,
    };
    frames(patch).iter().any(differ)
}

/// A brotli stream, in both.
pub(super) fn brotli(data: &[u8]) -> Reached {
    compare(data, &brotlis::own(data), &brotlis::port(data), &BROTLI)
}

pub(super) fn zstd_seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (content, bytes) in contents() {
        for level in [-5, 1, 3, 12, 19] {
            let mut frame = zstd::Encoder::new(Vec::new(), level).expect("a level of zstd");
            frame.include_checksum(level == 3).expect("a flag of zstd");
            frame
                .include_contentsize(level > 3)
                .expect("a flag of zstd");
            frame.window_log(17).expect("a window of zstd");
            frame.write_all(&bytes).expect("a vector is written");
            let frame = frame.finish().expect("a vector is written");
            let behind_magic = frame.get(zstds::MAGIC.len()..).unwrap_or_default();
            seeds.push((
                format!("zstd-{content}-level-{level}"),
                behind_magic.to_vec(),
            ));
        }
    }
    seeds
}

pub(super) fn brotli_seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (content, bytes) in contents() {
        for (quality, window_log) in [(0, 10), (1, 16), (5, 18), (9, 22), (11, 24)] {
            let encoder = brotlic::BrotliEncoderOptions::new()
                .quality(brotlic::Quality::new(quality).expect("a quality of brotli"))
                .window_size(brotlic::WindowSize::new(window_log).expect("a window of brotli"))
                .build()
                .expect("known options");
            let mut writer = brotlic::CompressorWriter::with_encoder(encoder, Vec::new());
            writer.write_all(&bytes).expect("a vector is written");
            let stream = writer.into_inner().expect("a vector is written");
            seeds.push((format!("brotli-{content}-quality-{quality}"), stream));
        }
    }
    seeds
}

/// What a library made of a stream.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// It ended after so many bytes of the input, and this came out.
    Ended { taken_bytes: usize, output: Vec<u8> },
    /// More came out than is tried.
    Long,
    /// It is refused: in its first bytes or behind them, and why, where the library says.
    Refused { at_once: bool, why: String },
}

impl Answer {
    /// Refused by one that does not say why.
    fn refused(at_once: bool) -> Self {
        let why = String::new();
        Self::Refused { at_once, why }
    }

    /// Whether the two took and gave as many bytes.
    fn as_long_as(&self, other: &Self) -> bool {
        let lengths = |answer: &Self| match answer {
            Self::Ended {
                taken_bytes,
                output,
            } => Some((*taken_bytes, output.len())),
            _ => None,
        };
        lengths(self) == lengths(other)
    }
}

/// The differences between C and another library that are known and legal.
struct Legal {
    /// Whether the other may take what C refuses for this reason.
    other_may_take: fn(&str) -> bool,
    /// Whether C may take what the other refuses for this reason.
    own_may_take: fn(&str) -> bool,
    /// Whether the two may give other bytes, as many, for this stream.
    bytes_may_differ: fn(&[u8]) -> bool,
}

static ZSTD: Legal = Legal {
    other_may_take: ruzstd_takes_what_zstd_calls_corrupt,
    own_may_take: zstd_is_laxer,
    bytes_may_differ: ruzstd_counts_the_literals_of_four_streams_together,
};

static BROTLI: Legal = Legal {
    other_may_take: |_| false,
    own_may_take: |_| false,
    bytes_may_differ: |_| false,
};

/// Panics where the two differ in a way that is not legal.
fn compare(stream: &[u8], own: &Answer, other: &Answer, legal: &Legal) -> Reached {
    match (own, other) {
        (Answer::Refused { at_once: true, .. }, Answer::Refused { .. })
        | (Answer::Refused { .. }, Answer::Refused { at_once: true, .. }) => {
            return Reached::Surface;
        }
        (Answer::Refused { .. }, Answer::Refused { .. }) => {}
        (Answer::Refused { why, .. }, _) => {
            let legal = (legal.other_may_take)(why);
            assert!(legal, "C refuses what the other library takes: {why}");
        }
        // How far each went before it was stopped, or saw what it refuses, is its own.
        (Answer::Long, _) | (_, Answer::Long) => return Reached::Surface,
        (Answer::Ended { .. }, Answer::Refused { why, .. }) => {
            let legal = (legal.own_may_take)(why);
            assert!(legal, "the other library refuses what C takes: {why}");
        }
        (one, two) if one == two => {}
        (one, two) => {
            let legal = one.as_long_as(two) && (legal.bytes_may_differ)(stream);
            assert!(legal, "C and the other library differ: {one:?}, {two:?}");
        }
    }
    Reached::Depth
}

/// A row of `docs/divergences.md`: some blocks that zstd refuses are unpacked by ruzstd.
fn ruzstd_takes_what_zstd_calls_corrupt(why: &str) -> bool {
    why == "Data corruption detected"
}

/// A row of `docs/divergences.md`: RFC 8878 says how many literals each of four streams has. zstd
/// writes each to its place; ruzstd one behind the other, and counts all of them together alone.
fn ruzstd_counts_the_literals_of_four_streams_together(frame: &[u8]) -> bool {
    four_streams(frame)
}

/// Rows of `docs/divergences.md`, by ruzstd's reason to refuse, or by ours.
pub(super) fn zstd_is_laxer(why: &str) -> bool {
    zstd_leaves_the_end_of_literals_unread(why)
        || zstd_takes_an_empty_block_of_any_kind(why)
        || zstd_leaves_a_content_size_unread_before_an_empty_last_block(why)
        || zstd_needs_no_window_for_a_frame_that_it_sees_whole(why)
}

/// It decodes as many literals as are asked for, and does not look whether their streams end there.
fn zstd_leaves_the_end_of_literals_unread(why: &str) -> bool {
    let reasons = [
        "DecodedLiteralCountMismatch",
        "BitstreamReadMismatch",
        "ExtraPadding",
    ];
    why.contains("DecompressLiteralsError") && reasons.iter().any(|reason| why.contains(reason))
}

/// One that is compressed has at least the header of its literals; ruzstd looks for it.
fn zstd_takes_an_empty_block_of_any_kind(why: &str) -> bool {
    why.contains("LiteralsSectionParseError") && why.contains("remaining: 0")
}

fn zstd_leaves_a_content_size_unread_before_an_empty_last_block(why: &str) -> bool {
    why == zstds::CONTENT_SIZE_IS_WRONG
}

/// Our streaming decoder looks at the window itself, before zstd has any of the frame.
fn zstd_needs_no_window_for_a_frame_that_it_sees_whole(why: &str) -> bool {
    why.contains("window_size is too big")
}

fn contents() -> [(&'static str, Vec<u8>); 5] {
    let table = (0_u32..400)
        .flat_map(|n| (n * 24 + 4096).to_le_bytes())
        .collect();
    let noise = |n: &u32| Some(n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let noise = std::iter::successors(Some(1), noise).map(|n: u32| n.to_be_bytes()[0]);
    [
        ("nothing", Vec::new()),
        ("zeros", vec![0; 3000]),
        ("text", b"a patch is held to what comes out; ".repeat(30)),
        ("table", table),
        ("noise", noise.take(300).collect()),
    ]
}

/// More than that is not decoded.
const OUTPUT_BYTES_MAX: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(output: &[u8]) -> Answer {
        Answer::Ended {
            taken_bytes: 9,
            output: output.to_vec(),
        }
    }

    fn refused(why: &str) -> Answer {
        Answer::Refused {
            at_once: false,
            why: why.to_owned(),
        }
    }

    #[test]
    #[should_panic(expected = "C and the other library differ")]
    fn other_bytes_are_found() {
        compare(b"", &ended(b"a"), &ended(b"b"), &ZSTD);
    }

    #[test]
    #[should_panic(expected = "C refuses what the other library takes")]
    fn a_laxer_library_is_found() {
        compare(b"", &refused(""), &ended(b"a"), &BROTLI);
    }

    #[test]
    #[should_panic(expected = "the other library refuses what C takes")]
    fn a_stricter_library_is_found() {
        compare(b"", &ended(b"a"), &refused("a checksum"), &ZSTD);
    }

    #[test]
    fn the_contents_of_the_seeds_come_out_of_all_four() {
        let (zstds, brotlis) = (zstd_seeds(), brotli_seeds());
        for ((content, bytes), frames) in contents().iter().zip(zstds.chunks(5)) {
            for (_, frame) in frames {
                let frame = [&zstds::MAGIC[..], frame].concat();
                let whole = Answer::Ended {
                    taken_bytes: frame.len(),
                    output: bytes.clone(),
                };
                assert_eq!(zstds::own(&frame), whole, "{content}");
                assert_eq!(zstds::ruzstd(&frame), whole, "{content}");
            }
        }
        for ((content, bytes), streams) in contents().iter().zip(brotlis.chunks(5)) {
            for (_, stream) in streams {
                let whole = Answer::Ended {
                    taken_bytes: stream.len(),
                    output: bytes.clone(),
                };
                assert_eq!(brotlis::own(stream), whole, "{content}");
                assert_eq!(brotlis::port(stream), whole, "{content}");
            }
        }
    }
}

//! A base and a patch out of a fuzzer's bytes: the patch as it is, or its insides, packed here. A
//! fuzzer that had to get through a compressor and two hashes would stay outside.

use std::io::Read as _;

use patchproof_patch::{Codec, CodecChoice, Header, Limits, MakeOptions, make_with};
use sha2::{Digest as _, Sha256};

use super::delta;
use super::patch_columns::Columns;
use super::sections::{Sections, joined};
use crate::made::Shifted;

/// What the bytes stood for.
pub(super) struct Case {
    pub(super) base: Vec<u8>,
    pub(super) patch: Vec<u8>,
}

/// How the patch stands in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Raw,
    /// The records of a `shorebird` patch.
    Records,
    /// Four columns of a `patchproof` patch.
    Columns(Codec),
    /// The same behind the stream of the Dart-aware transform.
    Through(Codec),
}

impl Case {
    /// `None` for what is too short to say anything.
    pub(super) fn of(data: &[u8]) -> Option<Self> {
        let (form, mut sections) = Sections::of(data)?;
        let base = sections.next().to_vec();
        let patch = match FORMS.get(usize::from(form) % FORMS.len())? {
            Form::Raw => sections.rest().to_vec(),
            Form::Records => {
                let stream = [&MAGIC_AND_VERSION[..], sections.rest()].concat();
                super::patch_columns::zstd_frame(&stream)
            }
            Form::Columns(codec) => columns(*codec, &base, None, &mut sections),
            Form::Through(codec) => {
                let side = sections.next();
                columns(*codec, &base, Some(side), &mut sections)
            }
        };
        Some(Self { base, patch })
    }

    /// The bytes that stand for a patch that is in order; `None` for a form that it has not.
    fn bytes(form: Form, base: &[u8], patch: &[u8]) -> Option<Vec<u8>> {
        let number = FORMS.iter().position(|it| *it == form)?;
        let number = u8::try_from(number).ok()?;
        Some(match (form, Header::of(patch)) {
            (Form::Raw, _) => joined(number, &[base], patch),
            (Form::Records, None) => {
                let stream = unpacked(Codec::Zstd, patch);
                joined(number, &[base], stream.get(MAGIC_AND_VERSION.len()..)?)
            }
            (Form::Columns(codec), Some(Ok(header)))
                if codec == header.codec && header.transform == 0 =>
            {
                let [control, gaps, changes, literals, _] = streams(&header, patch)?;
                let sections = [base, &FLAGS, &control, &gaps, &changes];
                joined(number, &sections, &literals)
            }
            (Form::Through(_), Some(Ok(header))) if header.transform != 0 => {
                let [control, gaps, changes, literals, side] = streams(&header, patch)?;
                let sections = [base, &side, &FLAGS, &control, &gaps, &changes];
                joined(number, &sections, &literals)
            }
            _ => return None,
        })
    }
}

/// The streams of a patch in columns, unpacked.
fn streams(header: &Header, patch: &[u8]) -> Option<[Vec<u8>; 5]> {
    let mut rest = patch.get(HEADER_BYTES..)?;
    let mut stream = |which: usize| {
        let packed = usize::try_from(header.streams.get(which)?.packed_bytes).ok()?;
        Some(unpacked(header.codec, rest.split_off(..packed)?))
    };
    let [one, two, three] = [stream(0)?, stream(1)?, stream(2)?];
    Some([one, two, three, stream(3)?, stream(4)?])
}

/// Every form of a few made patches.
pub(super) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for ids in [1, 20, 60] {
        let made = Shifted::of_ids(ids);
        for (form, bytes) in forms(&made.base, &made.patch) {
            seeds.push((format!("shifted-{ids}-{form}"), bytes));
        }
    }
    for (pair, base, new) in pairs() {
        for (made, options) in [
            ("shorebird", MakeOptions::shorebird()),
            ("zstd", MakeOptions::patchproof(CodecChoice::Zstd)),
            ("brotli", MakeOptions::patchproof(CodecChoice::Brotli)),
        ] {
            for (form, bytes) in inputs(&base, &new, options) {
                seeds.push((format!("{pair}-{made}-{form}"), bytes));
            }
        }
    }
    seeds
}

/// A made patch in each form that it has, with the form's name.
///
/// # Panics
/// Where no patch can be made, which for small files is a bug.
pub(super) fn inputs(base: &[u8], new: &[u8], options: MakeOptions) -> Vec<(String, Vec<u8>)> {
    let patch = make_with(base, new, options.at_level(3)).expect("a small pair has a patch");
    forms(base, &patch)
}

fn forms(base: &[u8], patch: &[u8]) -> Vec<(String, Vec<u8>)> {
    let input = |form| {
        let name = format!("{form:?}").to_lowercase().replace(['(', ')'], "");
        Some((name, Case::bytes(form, base, patch)?))
    };
    FORMS.into_iter().filter_map(input).collect()
}

/// Little enough that no input takes long, and enough for whatever the inputs can say.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::for_base(0);
    limits.output_bytes_max = 64 << 10;
    limits.stream_bytes_max = 128 << 10;
    limits.records_max = 4096;
    limits.window_log_max = 21;
    limits
}

/// What both containers and both codecs begin with.
pub(super) const DICTIONARY: &[&[u8]] = &[
    &ZSTD_MAGIC,
    &MAGIC_AND_VERSION,
    b"\x89PPAT\x0d\x0a\x0a",
    b"\x89PPAT\x0d\x0a\x0a\x01\x00\x01\x01\x00\x00\x00\x00",
    b"\x89PPAT\x0d\x0a\x0a\x01\x00\x02\x01\x00\x00\x00\x00",
    b"\x89PPAT\x0d\x0a\x0a\x01\x00\x01\x01\x01\x00\x00\x00",
    // Numbers at the edges of 32, 63 and 64 bits.
    b"\xff\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    // A skippable frame.
    b"\x50\x2a\x4d\x18\x00\x00\x00\x00",
];

/// Pairs that differ as builds do, in small.
fn pairs() -> [(&'static str, Vec<u8>, Vec<u8>); 3] {
    let table: Vec<u8> = (0_u32..60)
        .flat_map(|n| (n * 24 + 4096).to_le_bytes())
        .collect();
    let moved: Vec<u8> = (0_u32..60)
        .flat_map(|n| (n * 24 + 4104).to_le_bytes())
        .collect();
    let text = b"what was compiled is compared; ".repeat(4);
    let (front, back) = text.split_at(40);
    let longer = [front, b"a new sentence. ", back].concat();
    [
        (
            "table",
            [&table[..], &text].concat(),
            [&moved[..], &text].concat(),
        ),
        ("text", text.clone(), longer),
        ("nothing", Vec::new(), b"all of it is new".to_vec()),
    ]
}

fn columns(codec: Codec, base: &[u8], side: Option<&[u8]>, sections: &mut Sections<'_>) -> Vec<u8> {
    let flags = sections.next().first().copied().unwrap_or_default();
    let columns = [
        sections.next(),
        sections.next(),
        sections.next(),
        sections.rest(),
    ];
    let declared = (flags & BASE_DECLARED != 0).then_some(base);
    let columns = Columns {
        codec,
        base: declared,
        columns,
        side,
    };
    let output = match flags & PROMISED {
        0 => Vec::new(),
        _ => promised(&columns, declared.unwrap_or_default()),
    };
    columns.packed(output.len(), &Sha256::digest(&output).into())
}

/// What comes out of a patch; nothing where its transform refuses.
fn promised(columns: &Columns<'_>, base: &[u8]) -> Vec<u8> {
    let Some(side) = columns.side else {
        return columns.followed(base, OUTPUT_BYTES_MAX);
    };
    let view = delta::view(base, side).unwrap_or_default();
    let seen = columns.followed(&view, OUTPUT_BYTES_MAX);
    delta::inverse(&seen, base, side, BLOCK_BYTES).unwrap_or_default()
}

fn unpacked(codec: Codec, packed: &[u8]) -> Vec<u8> {
    if packed.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let read = match codec {
        Codec::Zstd => zstd::Decoder::new(packed).and_then(|mut it| it.read_to_end(&mut out)),
        _ => brotlic::DecompressorReader::new(packed).read_to_end(&mut out),
    };
    read.expect("a stream of a patch that was just made");
    out
}

const FORMS: [Form; 6] = [
    Form::Raw,
    Form::Records,
    Form::Columns(Codec::Zstd),
    Form::Columns(Codec::Brotli),
    Form::Through(Codec::Zstd),
    Form::Through(Codec::Brotli),
];
/// Of the flags of a patch in columns: the header names the base; it promises what comes out.
const BASE_DECLARED: u8 = 1;
const PROMISED: u8 = 2;
const FLAGS: [u8; 1] = [PROMISED | BASE_DECLARED];
const BLOCK_BYTES: usize = 4096;
const HEADER_BYTES: usize = 176;
const OUTPUT_BYTES_MAX: usize = 64 << 10;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Little-endian 0xB1DF and 0x1000: how a record stream begins.
const MAGIC_AND_VERSION: [u8; 8] = [0xdf, 0xb1, 0, 0, 0, 0x10, 0, 0];

#[cfg(test)]
mod tests {
    use super::*;
    use patchproof_dart_delta::KNOWN;
    use patchproof_patch::inflate_through;

    #[test]
    fn every_seed_stands_for_a_patch_that_inflates() {
        for (name, seed) in seeds() {
            let case = Case::of(&seed).unwrap();
            let inflated = inflate_through(&case.base, &case.patch, limits(), KNOWN);
            assert!(inflated.is_ok(), "{name}: {inflated:?}");
        }
    }

    #[test]
    fn the_seeds_have_every_form() {
        let seeds = seeds();
        for (number, form) in FORMS.iter().enumerate() {
            let has = |seed: &[u8]| usize::from(seed[0]) == number;
            assert!(seeds.iter().any(|(_, seed)| has(seed)), "{form:?}");
        }
    }
}

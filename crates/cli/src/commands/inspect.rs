//! `patchproof inspect`: what a file is, as facts.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use patchproof_patch::{DeclaredBase, Description, Header, Limits, describe, looks_like_a_patch};
use patchproof_report::ExitCode;
use patchproof_snapshot::{Engine, EngineFacts, ReadError, Snapshot, SnapshotFacts};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::args::InspectArgs;
use crate::commands::inspect_archive::{ArchiveFacts, archive_facts};
use crate::commands::inspect_parts::{PartFacts, parts};
use crate::commands::inspect_text::text;
use crate::files::read_file;
use crate::output::{Format, json_line, print, shown};

pub(crate) fn run(args: &InspectArgs) -> ExitCode {
    let mut code = ExitCode::Verified;
    for path in &args.files {
        let inspected = inspect(path);
        if inspected.facts.has_unreadable() {
            code = ExitCode::Undecided;
        }
        let printed = match args.format {
            Format::Text => text(&inspected),
            Format::Json => json_line(&inspected),
        };
        // Line by line: the first answers are there while a large file is still being read.
        code = print(&printed, code);
    }
    code
}

/// One file and what it is.
#[derive(Serialize)]
pub(crate) struct Inspected {
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) facts: Facts,
}

/// What a file is.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Facts {
    Snapshot(Box<SnapshotFacts>),
    Engine(Box<EngineFacts>),
    Patch(Box<PatchFacts>),
    Archive(Box<ArchiveFacts>),
    Unreadable { error: String },
}

/// What a patch is, without its base.
#[derive(Serialize)]
pub(crate) struct PatchFacts {
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) container: &'static str,
    pub(crate) codec: &'static str,
    pub(crate) output_size: u64,
    pub(crate) stream_size: u64,
    pub(crate) records: u64,
    pub(crate) copied_bytes: u64,
    pub(crate) added_bytes: u64,
    pub(crate) new_bytes: u64,
    /// What only the `patchproof` container says.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) declared: Option<DeclaredFacts>,
}

/// What a patch declares of itself.
#[derive(Serialize)]
pub(crate) struct DeclaredFacts {
    pub(crate) transform: u16,
    /// Null where the patch holds the whole output.
    pub(crate) base_sha256: Option<String>,
    pub(crate) base_size: Option<u64>,
    pub(crate) output_sha256: String,
    /// Where its bytes go.
    pub(crate) streams: Vec<StreamFacts>,
    /// The same by what they are for, where a transform tells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<PartFacts>,
}

/// One stream of a patch.
#[derive(Serialize)]
pub(crate) struct StreamFacts {
    pub(crate) name: &'static str,
    pub(crate) packed_size: u64,
    pub(crate) decoded_size: u64,
}

impl Facts {
    fn has_unreadable(&self) -> bool {
        match self {
            Self::Unreadable { .. } => true,
            Self::Archive(archive) => {
                let mut members = archive.members.iter();
                members.any(|member| member.facts.has_unreadable())
            }
            Self::Snapshot(_) | Self::Engine(_) | Self::Patch(_) => false,
        }
    }
}

fn inspect(path: &Path) -> Inspected {
    let facts = if is_archive(path) {
        archive_facts(path)
    } else {
        match read_file(path) {
            Ok(bytes) => facts(&bytes),
            Err(error) => Facts::Unreadable {
                error: error.to_string(),
            },
        }
    };
    Inspected {
        path: shown(path),
        facts,
    }
}

/// A folder, or a file that starts as zip archives do. Read no further: an archive may be larger
/// than memory.
fn is_archive(path: &Path) -> bool {
    let mut head = [0; 4];
    path.is_dir()
        || path.is_file()
            && File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
            && matches!(&head, b"PK\x03\x04" | b"PK\x05\x06")
}

pub(crate) fn facts(bytes: &[u8]) -> Facts {
    if looks_like_a_patch(bytes) {
        // Without a base its own size stands for it: patches are smaller than what they give.
        let base_bytes = u64::try_from(bytes.len())
            .unwrap_or(u64::MAX)
            .max(BASE_BYTES_ASSUMED);
        let limits = Limits::for_base(base_bytes);
        return match describe(bytes, limits) {
            Ok(description) => Facts::Patch(Box::new(patch_facts(bytes, description, limits))),
            Err(error) => Facts::Unreadable {
                error: error.to_string(),
            },
        };
    }
    match Snapshot::read(bytes) {
        Ok(snapshot) => Facts::Snapshot(Box::new(SnapshotFacts::from(&snapshot))),
        Err(error @ ReadError::NotASnapshot { .. }) => match Engine::read(bytes) {
            Ok(engine) => Facts::Engine(Box::new(EngineFacts::from(&engine))),
            Err(_) => Facts::Unreadable {
                error: error.to_string(),
            },
        },
        Err(error) => Facts::Unreadable {
            error: error.to_string(),
        },
    }
}

fn patch_facts(bytes: &[u8], description: Description, limits: Limits) -> PatchFacts {
    let header = description.header;
    PatchFacts {
        sha256: hex::encode(Sha256::digest(bytes)),
        size: description.patch_bytes,
        container: header.map_or("shorebird", |_| "patchproof"),
        codec: header.map_or("zstd", |header| header.codec.word()),
        output_size: description.output_bytes,
        stream_size: description.stream_bytes,
        records: description.records,
        copied_bytes: description.copied_bytes,
        added_bytes: description.added_bytes,
        new_bytes: description.new_bytes,
        declared: header.map(|header| declared(bytes, header, limits)),
    }
}

fn declared(patch: &[u8], header: Header, limits: Limits) -> DeclaredFacts {
    let (base_sha256, base_size) = match header.base {
        DeclaredBase::File {
            length_bytes,
            sha256,
        } => (Some(hex::encode(sha256)), Some(length_bytes)),
        _ => (None, None),
    };
    let streams = STREAM_NAMES.into_iter().zip(header.streams);
    DeclaredFacts {
        transform: header.transform,
        base_sha256,
        base_size,
        output_sha256: hex::encode(header.output_sha256),
        streams: streams
            .map(|(name, extent)| StreamFacts {
                name,
                packed_size: extent.packed_bytes,
                decoded_size: extent.decoded_bytes,
            })
            .collect(),
        parts: parts(patch, &header, limits),
    }
}

/// The streams of a patch, in their order.
const STREAM_NAMES: [&str; 5] = ["control", "gaps", "changes", "literals", "transform"];
/// Larger than any library so far: 64 MiB.
const BASE_BYTES_ASSUMED: u64 = 64 << 20;

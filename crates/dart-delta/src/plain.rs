//! The second inverse: whole files, simple, written from `docs/formats/dart-delta.md` alone.
//!
//! It shares no code with the streaming one and checks every patch before it is handed out.

mod code;
mod reader;
mod rebuild;
mod records;
mod riscv64;
mod stream;
mod tables;
mod view;

use patchproof_patch::{InflateError, Malformed, PlainTransform};

use stream::Stream;

/// The transform once more, over whole files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing in it")]
pub struct PlainDartDelta;

impl PlainTransform for PlainDartDelta {
    fn id(&self) -> u16 {
        crate::ID
    }

    fn view(&self, base: &[u8], side: &[u8]) -> Result<Vec<u8>, InflateError> {
        view::of(base, &Stream::parse(side)?)
    }

    fn inverse(
        &self,
        seen: &[u8],
        base: &[u8],
        side: &[u8],
        output_bytes_max: u64,
    ) -> Result<Vec<u8>, InflateError> {
        let output = rebuild::output(seen, base, &Stream::parse(side)?)?;
        let found_bytes = u64::try_from(output.len()).unwrap_or(u64::MAX);
        if found_bytes > output_bytes_max {
            return Err(InflateError::Malformed(Malformed::OutputLength {
                expected_bytes: output_bytes_max,
                found_bytes,
            }));
        }
        Ok(output)
    }
}

/// The patch is at fault.
const fn bad(what: &'static str) -> InflateError {
    let column = "transform";
    InflateError::Malformed(Malformed::Column { column, what })
}

const RAW: u64 = 0;
const IMAGE: u64 = 1;
const CLUSTERS: u64 = 2;
const DISPATCH: u64 = 3;
const INSTRUCTIONS: u64 = 4;
const ARM: u64 = 5;
const ARM64: u64 = 6;
const X64: u64 = 7;
const RECORDS: u64 = 8;
const RISCV64: u64 = 9;
/// The kinds of machine code.
const CODE: [u64; 4] = [ARM, ARM64, X64, RISCV64];

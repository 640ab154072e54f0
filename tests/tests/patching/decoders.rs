//! The three decoders under one roof, and what they say in words that can be compared.

use patchproof_patch::{
    CodecChoice, InflateError, Inflation, Limits, MakeOptions, ReadAt, StreamError,
};

/// Every container with every codec, at the level at which tests run.
pub(crate) const FORMS: [MakeOptions; 3] = [
    MakeOptions::shorebird().at_level(LEVEL),
    MakeOptions::patchproof(CodecChoice::Zstd).at_level(LEVEL),
    MakeOptions::patchproof(CodecChoice::Brotli).at_level(LEVEL),
];

/// Who is at fault: what an exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    Patch,
    OtherBase,
    OverLimit,
    Transform,
    Ours,
}

pub(crate) fn fault(error: &InflateError) -> Fault {
    match error {
        InflateError::Malformed(_) | InflateError::WrongOutput { .. } => Fault::Patch,
        InflateError::OtherBase { .. } | InflateError::NotThisBase { .. } => Fault::OtherBase,
        InflateError::OverLimit { .. } => Fault::OverLimit,
        InflateError::UnknownTransform { .. } => Fault::Transform,
        _ => Fault::Ours,
    }
}

/// The limits for this base.
pub(crate) fn limits(base: &[u8]) -> Limits {
    Limits::for_base(u64::try_from(base.len()).unwrap())
}

/// Inflates with the streaming decoder out of memory and into it.
pub(crate) fn streamed(base: &[u8], patch: &[u8]) -> Result<Vec<u8>, InflateError> {
    let streamed = streamed_by(Inflation::within(limits(base)), &base, &patch);
    streamed.map_err(|error| match error {
        StreamError::Inflate(error) => error,
        other => panic!("nothing can fail here but the patch: {other}"),
    })
}

/// The same with everything that can be set.
pub(crate) fn streamed_by(
    inflation: Inflation<'_>,
    base: &dyn ReadAt,
    patch: &dyn ReadAt,
) -> Result<Vec<u8>, StreamError> {
    let mut output = Vec::new();
    let inflated = inflation.run(patch, base, &mut output)?;
    assert_eq!(inflated.output_bytes, u64::try_from(output.len()).unwrap());
    assert_eq!(
        inflated.output_sha256,
        patchproof_tests::patches::sha256(&output)
    );
    Ok(output)
}

/// Quick, and with the same code paths as the default.
const LEVEL: i32 = 3;

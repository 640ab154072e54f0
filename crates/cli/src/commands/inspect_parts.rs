//! What the bytes of a patch are for, where its transform tells.

use patchproof_dart_delta::{Account, ID, account};
use patchproof_patch::{Header, Limits, Streams};
use serde::Serialize;

/// One part of the app, or the patch's own header.
#[derive(Serialize)]
pub(crate) struct PartFacts {
    pub(crate) name: &'static str,
    /// Of each stream as much as the part has of what the stream decodes to.
    pub(crate) packed_size: u64,
    pub(crate) decoded_size: u64,
}

/// The parts of a patch. Together they are as long as the patch; there are none where the patch
/// has no transform, or one that does not tell.
pub(crate) fn parts(patch: &[u8], header: &Header, limits: Limits) -> Vec<PartFacts> {
    if header.transform != ID {
        return Vec::new();
    }
    let accounts = Streams::of(patch, limits).and_then(|streams| account(&streams));
    let accounts = accounts.unwrap_or_default();
    let packed = packed(&accounts, header);
    let part = |(account, packed_size): (&Account, u64)| PartFacts {
        name: account.part.word(),
        packed_size,
        decoded_size: account.decoded_bytes.iter().sum(),
    };
    let mut parts: Vec<PartFacts> = accounts.iter().zip(packed).map(part).collect();
    let told: u64 = parts.iter().map(|part| part.packed_size).sum();
    if !parts.is_empty() {
        let size = u64::try_from(patch.len()).unwrap_or(u64::MAX);
        parts.push(PartFacts {
            name: "header",
            packed_size: size.saturating_sub(told),
            decoded_size: size.saturating_sub(told),
        });
    }
    parts
}

/// How much each part takes of the packed streams. Rounded so that the sums are right.
fn packed(accounts: &[Account], header: &Header) -> Vec<u64> {
    let mut shares = vec![0_u64; accounts.len()];
    for (stream, extent) in header.streams.iter().enumerate() {
        let decoded = |account: &Account| account.decoded_bytes.get(stream).copied();
        let (mut told, mut so_far) = (0, 0_u64);
        for (account, share) in accounts.iter().zip(&mut shares) {
            so_far = so_far.saturating_add(decoded(account).unwrap_or_default());
            let up_to = u128::from(so_far) * u128::from(extent.packed_bytes);
            let up_to = up_to.checked_div(u128::from(extent.decoded_bytes));
            let up_to = u64::try_from(up_to.unwrap_or_default()).unwrap_or(u64::MAX);
            *share = share.saturating_add(up_to.saturating_sub(told));
            told = up_to;
        }
    }
    shares
}

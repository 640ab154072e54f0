//! The rule for each reason why a statement is not believed.

use patchproof_report::{Finding, Rule};
use patchproof_trust::{Field, Refusal};

/// What a patch statement's refusal is called.
pub(super) fn finding(name: &str, refusal: &Refusal) -> Finding {
    let finding = Finding::new(rule(refusal), format!("{name}: {refusal}"));
    match refusal {
        Refusal::WrongTarget {
            expected, found, ..
        } => finding.comparing(expected, found),
        _ => finding,
    }
}

const fn rule(refusal: &Refusal) -> Rule {
    match refusal {
        Refusal::Unsigned { .. } => Rule::StatementUnsigned,
        Refusal::UnknownKey { .. } => Rule::StatementUnknownKey,
        Refusal::BadSignature { .. } => Rule::StatementBadSignature,
        Refusal::TooFewSignatures { .. } => Rule::StatementTooFewSignatures,
        Refusal::WrongTarget { field, .. } => of_field(*field),
        Refusal::Revoked { .. } => Rule::StatementRevoked,
        Refusal::BelowFloor { .. } => Rule::StatementBelowFloor,
        _ => Rule::StatementMalformed,
    }
}

const fn of_field(field: Field) -> Rule {
    match field {
        Field::App => Rule::StatementOtherApp,
        Field::Platform => Rule::StatementOtherPlatform,
        Field::Abi => Rule::StatementOtherAbi,
        Field::Version => Rule::StatementOtherVersion,
        Field::Base | Field::BaseSize => Rule::StatementOtherBase,
        Field::SnapshotVersion | Field::SnapshotFeatures => Rule::StatementOtherSnapshot,
        _ => Rule::StatementMalformed,
    }
}

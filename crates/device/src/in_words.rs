//! Why an offer is left.

use patchproof_lifecycle::Refusal;

/// Why an offer is left, in words.
pub(crate) fn in_words(why: Refusal) -> &'static str {
    match why {
        Refusal::AlreadyInstalled => "it is installed already",
        Refusal::KnownBad(_) => "it is known to be bad on this release",
        Refusal::SetAside(_) => "it is set aside until the server offers something newer",
        Refusal::RolledBack => "the server withdrew it",
        Refusal::Older => "a higher number is installed",
        Refusal::BelowFloor => "its number is below what signed words allow",
        Refusal::NumberZero => "its number is 0, which means none",
        Refusal::NotValidNow => "it may not be installed now, by this device's clock",
        Refusal::OtherRelease => "it was asked for another release than the one that started last",
        Refusal::DataEpoch => "it cannot read the data that a newer one may have written",
        Refusal::TooManyKnownBad => "too many patches of this release are known to be bad",
        Refusal::AnswerNeeded => "the state was lost, and the server was not asked since",
        _ => "the lifecycle refuses it",
    }
}

//! The exit codes of every Patchproof command: one documented set, never merged.

use serde::Serialize;

/// What a process of ours says to the shell.
///
/// `1` (a real difference) and `2` (could not decide) are never merged: a pipeline must be able to
/// tell "this release is wrong" from "this check did not run".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "u8")]
#[non_exhaustive]
pub enum ExitCode {
    /// 0: verified, or the command did what was asked.
    Verified,
    /// 1: a real difference.
    Different,
    /// 2: could not decide: usage, unreadable input, a missing part.
    Undecided,
    /// 3: equivalent only, where the policy demands identical.
    EquivalentOnly,
    /// 4: a signature or statement is invalid.
    StatementInvalid,
    /// 5: the patch was made against another base.
    OtherBase,
    /// 6: incompatible snapshot, ABI or policy.
    Incompatible,
    /// 70: a bug of ours (`EX_SOFTWARE` of sysexits.h).
    OurBug,
}

impl ExitCode {
    /// Every code, in ascending order.
    pub const ALL: [Self; 8] = [
        Self::Verified,
        Self::Different,
        Self::Undecided,
        Self::EquivalentOnly,
        Self::StatementInvalid,
        Self::OtherBase,
        Self::Incompatible,
        Self::OurBug,
    ];

    /// The number the shell sees.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Different => 1,
            Self::Undecided => 2,
            Self::EquivalentOnly => 3,
            Self::StatementInvalid => 4,
            Self::OtherBase => 5,
            Self::Incompatible => 6,
            Self::OurBug => 70,
        }
    }

    /// One line for `--help` and the documentation.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Verified => "verified, or done",
            Self::Different => "a real difference",
            Self::Undecided => "could not decide: usage, unreadable input, a missing part",
            Self::EquivalentOnly => "equivalent only, where the policy demands identical",
            Self::StatementInvalid => "a signature or statement is invalid",
            Self::OtherBase => "the patch was made against another base",
            Self::Incompatible => "incompatible snapshot, ABI or policy",
            Self::OurBug => "a bug of ours: please report it",
        }
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code.number()
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_meanings_share_a_number() {
        let mut numbers: Vec<u8> = ExitCode::ALL.iter().map(|code| code.number()).collect();
        numbers.dedup();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 70]);
    }

    #[test]
    fn each_code_has_a_meaning_of_its_own() {
        let meanings: BTreeSet<&str> = ExitCode::ALL.iter().map(|code| code.meaning()).collect();
        assert_eq!(meanings.len(), ExitCode::ALL.len());
    }

    #[test]
    fn what_the_shell_sees_is_the_number() {
        for code in ExitCode::ALL {
            assert_eq!(u8::from(code), code.number());
            let process = std::process::ExitCode::from(code);
            assert_eq!(process, std::process::ExitCode::from(code.number()));
        }
    }
}

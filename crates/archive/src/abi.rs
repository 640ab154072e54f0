//! The machines that Android builds are for, by the names of their folders.

use std::fmt;

/// A machine, as a folder of an Android app names it.
#[expect(
    clippy::exhaustive_enums,
    reason = "Android's list; whoever decides by ABI must hear of a new one"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Abi {
    /// 64-bit ARM.
    Arm64V8a,
    /// 32-bit ARM.
    ArmeabiV7a,
    /// 64-bit x86.
    X86_64,
    /// 32-bit x86.
    X86,
    /// 64-bit RISC-V.
    Riscv64,
    /// 32-bit RISC-V.
    Riscv32,
}

impl Abi {
    /// Every machine there is a name for.
    pub const ALL: [Abi; 6] = [
        Abi::Arm64V8a,
        Abi::ArmeabiV7a,
        Abi::X86_64,
        Abi::X86,
        Abi::Riscv64,
        Abi::Riscv32,
    ];

    /// The name of its folder, e.g. `arm64-v8a`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Abi::Arm64V8a => "arm64-v8a",
            Abi::ArmeabiV7a => "armeabi-v7a",
            Abi::X86_64 => "x86_64",
            Abi::X86 => "x86",
            Abi::Riscv64 => "riscv64",
            Abi::Riscv32 => "riscv32",
        }
    }

    /// The machine with exactly this folder name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Abi> {
        Abi::ALL.into_iter().find(|abi| abi.name() == name)
    }
}

impl fmt::Display for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_machine() {
        for abi in Abi::ALL {
            assert_eq!(Abi::from_name(abi.name()), Some(abi));
        }
    }

    #[test]
    fn a_folder_name_in_another_case_is_no_machine() {
        assert_eq!(Abi::from_name("ARM64-v8a"), None);
    }
}

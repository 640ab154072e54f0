//! The words for what a library is: container, machine, system, layout.

use serde::Serialize;

/// The file format around a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Container {
    /// 32-bit little-endian ELF.
    Elf32,
    /// 64-bit little-endian ELF.
    Elf64,
    /// 64-bit little-endian Mach-O.
    Macho64,
}

impl Container {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Elf32 => "elf32",
            Self::Elf64 => "elf64",
            Self::Macho64 => "macho64",
        }
    }
}

/// The processor that a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Arch {
    /// 32-bit ARM.
    Arm,
    /// 64-bit ARM.
    Arm64,
    /// 32-bit x86.
    X86,
    /// 64-bit x86.
    X64,
    /// 32-bit RISC-V.
    Riscv32,
    /// 64-bit RISC-V.
    Riscv64,
    /// A machine number that no Dart compiler writes.
    Unknown,
}

impl Arch {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Arm => "arm",
            Self::Arm64 => "arm64",
            Self::X86 => "x86",
            Self::X64 => "x64",
            Self::Riscv32 => "riscv32",
            Self::Riscv64 => "riscv64",
            Self::Unknown => "unknown",
        }
    }

    /// The word that today's compilers put among the features; `None` for an unknown machine.
    #[must_use]
    pub const fn feature_word(self) -> Option<&'static str> {
        match self {
            Self::Arm => Some("arm"),
            Self::Arm64 => Some("arm64"),
            Self::X86 => Some("ia32"),
            Self::X64 => Some("x64"),
            Self::Riscv32 => Some("riscv32"),
            Self::Riscv64 => Some("riscv64"),
            Self::Unknown => None,
        }
    }

    /// The words that compilers put among the features, today's first. Up to Dart 2.18 the word
    /// also named the calling convention, and stood for machine and system together.
    pub(crate) const fn feature_words(self) -> &'static [&'static str] {
        match self {
            Self::Arm => &["arm", "arm-eabi", "arm-ios"],
            Self::Arm64 => &["arm64", "arm64-sysv", "arm64-fuchsia"],
            Self::X86 => &["ia32"],
            Self::X64 => &["x64", "x64-sysv", "x64-win"],
            Self::Riscv32 => &["riscv32"],
            Self::Riscv64 => &["riscv64"],
            Self::Unknown => &[],
        }
    }

    /// The machine that a feature word names, in today's form or an older one.
    pub(crate) fn from_feature_word(word: &str) -> Option<Self> {
        Self::ALL_KNOWN
            .into_iter()
            .find(|arch| arch.feature_words().contains(&word))
    }

    /// The name that Android and the stores use for it, and so do our reports.
    #[must_use]
    pub const fn abi(self) -> Option<&'static str> {
        match self {
            Self::Arm => Some("armeabi-v7a"),
            Self::Arm64 => Some("arm64-v8a"),
            Self::X86 => Some("x86"),
            Self::X64 => Some("x86_64"),
            Self::Riscv32 => Some("riscv32"),
            Self::Riscv64 => Some("riscv64"),
            Self::Unknown => None,
        }
    }

    pub(crate) const ALL_KNOWN: [Self; 6] = [
        Self::Arm,
        Self::Arm64,
        Self::X86,
        Self::X64,
        Self::Riscv32,
        Self::Riscv64,
    ];
}

/// The operating system that a snapshot or engine is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Os {
    /// Android.
    Android,
    /// Fuchsia.
    Fuchsia,
    /// iOS, its simulator included.
    Ios,
    /// Linux with any C library.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

impl Os {
    /// The word in reports, and the word that the compiler puts among the features.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Fuchsia => "fuchsia",
            Self::Ios => "ios",
            Self::Linux => "linux",
            Self::Macos => "macos",
            Self::Windows => "windows",
        }
    }

    /// The system that this feature word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|os| os.word() == word)
    }

    pub(crate) const ALL: [Self; 6] = [
        Self::Android,
        Self::Fuchsia,
        Self::Ios,
        Self::Linux,
        Self::Macos,
        Self::Windows,
    ];
}

/// How a compiler lays its snapshot out among symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Layout {
    /// Up to Dart 3.12: data and instructions, of the VM and of the isolate.
    Split,
    /// From Dart 3.13: one data, one text.
    Unified,
}

impl Layout {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Unified => "unified",
        }
    }

    /// The symbols it has, data before instructions.
    #[must_use]
    pub const fn symbols(self) -> &'static [&'static str] {
        match self {
            Self::Split => &[
                "_kDartVmSnapshotData",
                "_kDartVmSnapshotInstructions",
                "_kDartIsolateSnapshotData",
                "_kDartIsolateSnapshotInstructions",
            ],
            Self::Unified => &["_kDartSnapshotData", "_kDartSnapshotText"],
        }
    }

    /// The symbol by whose name an engine of this layout is known.
    pub(crate) const fn first_symbol(self) -> &'static str {
        match self {
            Self::Split => "_kDartVmSnapshotData",
            Self::Unified => "_kDartSnapshotData",
        }
    }

    /// The number that its data blobs carry for ahead-of-time code.
    #[must_use]
    pub const fn kind(self) -> i64 {
        match self {
            Self::Split => 3,
            Self::Unified => 2,
        }
    }
}

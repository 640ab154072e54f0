//! What a file is made for: container, machine, layout, system, embedder, and their words.

use super::bytes::Width;

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Container {
    /// ELF with 32-bit addresses.
    Elf32,
    /// ELF with 64-bit addresses.
    Elf64,
    /// Mach-O with 64-bit addresses.
    Macho64,
}

/// The processor the machine code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Machine {
    /// 32-bit Arm.
    Arm,
    /// 64-bit Arm.
    Arm64,
    /// 32-bit x86.
    X86,
    /// 64-bit x86.
    X64,
    /// 32-bit RISC-V.
    Riscv32,
    /// 64-bit RISC-V.
    Riscv64,
}

/// How the snapshot is cut into symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Layout {
    /// Up to Dart 3.12: data and instructions of the VM and of the isolate, four symbols.
    Split,
    /// From Dart 3.13: one data and one text symbol.
    Unified,
}

/// The system a snapshot names among its features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Os {
    /// Linux on a desk or a server.
    Linux,
    /// Android.
    Android,
    /// macOS.
    Macos,
    /// iOS.
    Ios,
}

/// What embeds the Dart VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Embedder {
    /// Dart's own command line runtime; knows `dart:_builtin`.
    Standalone,
    /// Flutter's engine; knows `dart:ui`.
    Flutter,
}

/// The pairs of container and machine that fit each other. Others can be built, and are wrong.
pub const NATURAL: [(Container, Machine); 8] = [
    (Container::Elf32, Machine::Arm),
    (Container::Elf32, Machine::X86),
    (Container::Elf32, Machine::Riscv32),
    (Container::Elf64, Machine::Arm64),
    (Container::Elf64, Machine::X64),
    (Container::Elf64, Machine::Riscv64),
    (Container::Macho64, Machine::Arm64),
    (Container::Macho64, Machine::X64),
];

/// The system a right file of this kind is made for when no other is asked for.
#[must_use]
pub const fn default_os(container: Container, machine: Machine) -> Os {
    match (container, machine) {
        (Container::Macho64, _) => Os::Macos,
        (_, Machine::Arm | Machine::Arm64) => Os::Android,
        _ => Os::Linux,
    }
}

/// The 32 hex characters of snapshot version that right files of the layout carry; no real one.
#[must_use]
pub const fn version_for(layout: Layout) -> &'static str {
    match layout {
        Layout::Split => "7a3c09e5d1f24b8860ce9b17f05d2a64",
        Layout::Unified => "b2905e4fa86d4c13972f60d8e31ac57b",
    }
}

/// The feature string that a compiler of this layout writes for the target, without its NUL.
#[must_use]
pub fn features_for(layout: Layout, machine: Machine, os: Os, embedder: Embedder) -> String {
    let options = match layout {
        Layout::Split => {
            "no-code_comments no-dwarf_stack_traces_mode dedup_instructions no-tsan no-msan \
             no-shared_data"
        }
        Layout::Unified => {
            "no-asan no-msan no-tsan no-shared_data no-code_comments no-dwarf_stack_traces"
        }
    };
    let pointers = match (os, machine, embedder) {
        // Only Flutter's 64-bit Android builds halve their pointers.
        (Os::Android, Machine::Arm64 | Machine::X64, Embedder::Flutter) => "compressed-pointers",
        _ => "no-compressed-pointers",
    };
    format!(
        "product {options} {} {} {pointers}",
        machine.word(),
        os.word()
    )
}

impl Container {
    pub(super) const fn width(self) -> Width {
        match self {
            Self::Elf32 => Width::Four,
            Self::Elf64 | Self::Macho64 => Width::Eight,
        }
    }

    /// What the compiler aligns segments to, in bytes.
    pub(super) const fn load_alignment_bytes(self, machine: Machine) -> u64 {
        match (self, machine) {
            (Self::Macho64, Machine::X64) => 0x1000,
            (Self::Elf32 | Self::Elf64, Machine::Arm64) => 0x1_0000,
            _ => 0x4000,
        }
    }
}

impl Machine {
    /// The word among the features.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Arm => "arm",
            Self::Arm64 => "arm64",
            Self::X86 => "ia32",
            Self::X64 => "x64",
            Self::Riscv32 => "riscv32",
            Self::Riscv64 => "riscv64",
        }
    }

    /// `e_machine` of an ELF file.
    #[must_use]
    pub const fn elf_number(self) -> u32 {
        match self {
            Self::X86 => 3,
            Self::Arm => 40,
            Self::X64 => 62,
            Self::Arm64 => 183,
            Self::Riscv32 | Self::Riscv64 => 243,
        }
    }

    /// `cputype` of a Mach-O file.
    #[must_use]
    pub const fn macho_number(self) -> u32 {
        match self {
            Self::X86 => 7,
            Self::Arm => 12,
            Self::Riscv32 | Self::Riscv64 => 24,
            Self::X64 => 0x0100_0007,
            Self::Arm64 => 0x0100_000c,
        }
    }

    /// `e_flags` of an ELF file: the float ABI the compiler states.
    pub(super) const fn elf_flags(self) -> u64 {
        match self {
            Self::Arm => 0x0500_0200,
            Self::Riscv32 | Self::Riscv64 => 5,
            Self::Arm64 | Self::X86 | Self::X64 => 0,
        }
    }

    /// `cpusubtype` of a Mach-O file.
    pub(super) const fn macho_subtype(self) -> u64 {
        match self {
            Self::X86 | Self::X64 => 3,
            Self::Arm | Self::Arm64 | Self::Riscv32 | Self::Riscv64 => 0,
        }
    }
}

impl Layout {
    /// The kind in the header of a data blob.
    #[must_use]
    pub const fn kind(self) -> i64 {
        match self {
            Self::Split => 3,
            Self::Unified => 2,
        }
    }

    /// The symbols by which an engine finds the snapshot.
    #[must_use]
    pub const fn symbol_names(self) -> &'static [&'static str] {
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
}

impl Os {
    /// The word among the features.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Android => "android",
            Self::Macos => "macos",
            Self::Ios => "ios",
        }
    }

    /// The system that a feature string names.
    pub(super) fn among(features: &str) -> Option<Self> {
        let all = [Self::Linux, Self::Android, Self::Macos, Self::Ios];
        all.into_iter()
            .find(|os| features.split(' ').any(|word| word == os.word()))
    }

    /// The platform of Mach-O's build version; 0 where the system has none.
    pub(super) const fn macho_platform(self) -> u32 {
        match self {
            Self::Macos => 1,
            Self::Ios => 2,
            Self::Linux | Self::Android => 0,
        }
    }
}

impl Embedder {
    /// The library only this embedder has; it stands in its apps and in its engine.
    #[must_use]
    pub const fn library(self) -> &'static str {
        match self {
            Self::Standalone => "dart:_builtin",
            Self::Flutter => "dart:ui",
        }
    }
}

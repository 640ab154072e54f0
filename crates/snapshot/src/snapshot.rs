//! A Dart AOT snapshot, taken apart: the facts that decide whether a VM takes it.

use memchr::memmem;
use scroll::Pread as _;
use sha2::{Digest as _, Sha256};

use crate::blob::{BlobHeader, DataBlob};
use crate::container::{Arch, Container, Layout, Os};
use crate::engine::Embedder;
use crate::error::ReadError;
use crate::image::{Image, Symbol};
use crate::paths::absolute_paths;

/// A snapshot whose container, symbols and headers could be read.
///
/// Reading accepts fields that a VM refuses, such as a wrong kind: those are findings of
/// [`compare`](crate::compare()), not errors. What has two readings is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot {
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
    /// Size of the whole file, in bytes.
    pub size: u64,
    /// The container.
    pub container: Container,
    /// The machine the container is for.
    pub arch: Arch,
    /// The system its features name.
    pub os: Option<Os>,
    /// Its layout, by its symbols.
    pub layout: Layout,
    /// GNU build id (ELF) or UUID (Mach-O), in lowercase hex.
    pub build_id: Option<String>,
    /// Whether the names of functions are gone.
    pub stripped: bool,
    /// The smallest alignment of a load segment, in bytes.
    pub load_alignment: u64,
    /// Whether a system with 16 KiB pages can map it.
    pub ready_for_16k_pages: bool,
    /// Its symbols, in the order of [`Layout::symbols`], and the build id's where there is one.
    pub symbols: Vec<Symbol>,
    /// The VM's data blob, which the VM looks at first; only the split layout has it.
    pub vm_data: Option<DataBlob>,
    /// The isolate's data blob; in the unified layout the only one.
    pub data: DataBlob,
    /// Symbols behind which an image does not have the size that it says of itself.
    pub misfits: Vec<&'static str>,
    /// What it was compiled for, where its library names show it.
    pub embedder: Option<Embedder>,
    /// Absolute `file://` addresses left inside; at most 32.
    pub absolute_paths: Vec<String>,
}

impl Snapshot {
    /// Takes a library apart.
    ///
    /// # Errors
    /// [`ReadError`] where the file is no snapshot, does not hang together, or has two readings.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let image = Image::read(bytes)?;
        let layout = layout(&image)?;
        let symbols = symbols(&image, layout)?;
        let (vm_data, data) = match layout {
            Layout::Split => (
                Some(blob(&image, layout, VM_DATA)?),
                blob(&image, layout, ISOLATE_DATA)?,
            ),
            Layout::Unified => (None, blob(&image, layout, UNIFIED_DATA)?),
        };
        Ok(Self {
            sha256: Sha256::digest(bytes).into(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            container: image.container,
            arch: image.arch,
            os: data
                .header
                .features
                .split_ascii_whitespace()
                .find_map(Os::from_word),
            layout,
            load_alignment: image.load_alignment(),
            ready_for_16k_pages: image.ready_for_16k_pages(),
            embedder: embedder(&image, &data),
            misfits: misfits(&image, layout, vm_data.iter().chain([&data])),
            absolute_paths: absolute_paths(bytes),
            symbols,
            vm_data,
            data,
            build_id: image.build_id,
            stripped: image.stripped,
        })
    }

    /// The data blobs, in the order in which the VM looks at them.
    pub fn blobs(&self) -> impl Iterator<Item = &DataBlob> {
        self.vm_data.iter().chain(std::iter::once(&self.data))
    }

    /// The header that the VM looks at last; where blobs disagree, findings say so.
    #[must_use]
    pub const fn header(&self) -> &BlobHeader {
        &self.data.header
    }

    /// The feature words, in their order.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.header().features.split_ascii_whitespace()
    }

    /// SHA-256 over every blob's version and features: equal exactly when a VM that takes the one
    /// takes the other, as far as headers decide it.
    #[must_use]
    pub fn identity_sha256(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        for blob in self.blobs() {
            // NUL stands in neither, so that no two lists of strings give one text.
            for text in [&blob.header.version, &blob.header.features] {
                hasher.update(text);
                hasher.update([0]);
            }
        }
        hasher.finalize().into()
    }
}

/// Whether a container has any snapshot symbol, so that it is to be read as a snapshot.
pub(crate) fn has_snapshot_symbols(image: &Image<'_>) -> bool {
    let names = [Layout::Split, Layout::Unified].map(Layout::symbols);
    names
        .concat()
        .iter()
        .any(|name| image.symbol(name).is_some())
}

fn layout(image: &Image<'_>) -> Result<Layout, ReadError> {
    let any = |layout: Layout| {
        layout
            .symbols()
            .iter()
            .any(|name| image.symbol(name).is_some())
    };
    let layout = match (any(Layout::Split), any(Layout::Unified)) {
        (true, true) => return Err(ReadError::BothLayouts),
        (true, false) => Layout::Split,
        (false, true) => Layout::Unified,
        (false, false) => {
            return Err(ReadError::NotASnapshot {
                container: image.container.word(),
            });
        }
    };
    let missing = layout
        .symbols()
        .iter()
        .find(|name| image.symbol(name).is_none());
    missing.map_or(Ok(layout), |symbol| {
        Err(ReadError::SymbolMissing { layout, symbol })
    })
}

fn symbols(image: &Image<'_>, layout: Layout) -> Result<Vec<Symbol>, ReadError> {
    let names = layout.symbols().iter().chain(&[BUILD_ID_SYMBOL]);
    let symbols: Vec<Symbol> = names
        .filter_map(|name| image.symbol(name).cloned())
        .collect();
    symbols
        .iter()
        .try_for_each(|symbol| image.bytes_of(symbol).map(|_| ()))?;
    Ok(symbols)
}

fn blob(image: &Image<'_>, layout: Layout, name: &'static str) -> Result<DataBlob, ReadError> {
    let symbol = image.symbol(name).ok_or(ReadError::SymbolMissing {
        layout,
        symbol: name,
    })?;
    let header = BlobHeader::read(name, image.bytes_of(symbol)?)?;
    Ok(DataBlob {
        symbol: name,
        size: symbol.size,
        header,
    })
}

/// The symbols whose image is not as long as its first word says. A data blob's read-only image
/// starts at the next multiple of 64 behind the clustered part; text is an image from its start.
/// This holds in every snapshot of the corpus.
fn misfits<'a>(
    image: &Image<'_>,
    layout: Layout,
    blobs: impl Iterator<Item = &'a DataBlob>,
) -> Vec<&'static str> {
    // A length that leaves its blob is a finding of its own.
    let data = blobs.filter(|blob| blob.length_fits()).map(|blob| {
        let clustered = u64::try_from(blob.header.length).ok();
        let end = clustered.and_then(|length| length.checked_add(4)?.checked_next_multiple_of(64));
        (blob.symbol, end)
    });
    let data: Vec<(&'static str, Option<u64>)> = data.collect();
    let named = |name: &&&str| !name.ends_with("Data");
    let text = layout
        .symbols()
        .iter()
        .filter(named)
        .map(|name| (*name, Some(0)));
    let fits = |(name, start): &(&'static str, Option<u64>)| {
        image
            .symbol(name)
            .zip(*start)
            .is_some_and(|(symbol, start)| {
                // Mach-O has no sizes: there a symbol reaches over the padding behind it.
                let slack = if image.container == Container::Macho64 {
                    16 * 1024
                } else {
                    1
                };
                let said = image
                    .bytes_of(symbol)
                    .ok()
                    .and_then(|bytes| word(image, bytes, start));
                let end = said.and_then(|said| start.checked_add(said));
                end.and_then(|end| symbol.size.checked_sub(end))
                    .is_some_and(|rest| rest < slack)
            })
    };
    data.iter()
        .copied()
        .chain(text)
        .filter(|image| !fits(image))
        .map(|(name, _)| name)
        .collect()
}

/// A word as wide as an address of the container.
fn word(image: &Image<'_>, bytes: &[u8], at: u64) -> Option<u64> {
    let at = usize::try_from(at).ok()?;
    match image.container {
        Container::Elf32 => bytes.pread_with::<u32>(at, scroll::LE).ok().map(u64::from),
        Container::Elf64 | Container::Macho64 => bytes.pread_with(at, scroll::LE).ok(),
    }
}

/// Which of the two libraries that embedders look up stands in the isolate's data. An app that
/// mentions both, such as a compiler, does not show it.
fn embedder(image: &Image<'_>, data: &DataBlob) -> Option<Embedder> {
    let data = image.bytes_of(image.symbol(data.symbol)?).ok()?;
    let names = |library: &str| memmem::find(data, library.as_bytes()).is_some();
    match (
        names(Embedder::Flutter.library()),
        names(Embedder::Standalone.library()),
    ) {
        (true, false) => Some(Embedder::Flutter),
        (false, true) => Some(Embedder::Standalone),
        _ => None,
    }
}

const VM_DATA: &str = "_kDartVmSnapshotData";
const ISOLATE_DATA: &str = "_kDartIsolateSnapshotData";
const UNIFIED_DATA: &str = "_kDartSnapshotData";
pub(crate) const BUILD_ID_SYMBOL: &str = "_kDartSnapshotBuildId";

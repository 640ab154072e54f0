//! Generators, oracles and the real corpora, for tests, benches and xtask only.
//!
//! - [`corpora`]: real artefacts, fetched by the registries' own clients and verified at every use.
//! - [`pairs`]: which of its builds are neighbours, so that one may be patched into the next.
//! - [`vm`]: the real Dart VM, run over a snapshot, and what it answered.
//! - [`made`]: small snapshots and engines built here, right and wrong in every field.
//! - [`explorer`]: every reachable state of a small design, and the shortest way to what breaks.
//! - [`phone`]: the real device library on a disk, a machine and a server that are simulated.
//! - [`power`]: that phone, cut at every storage operation, on every disk that the cut may leave.
//! - [`lives`]: that phone, with anything happening to it, held against the reference.
//! - [`mod@reference`]: what a person may observe of a device, from the invariants alone.
//! - [`figures`]: the counted figures of the proofs.
//! - [`fuzz`]: the oracles of the fuzz targets, which replay as plain tests.
//! - [`soundness`]: tampered releases, none of which may be verified, and harmless changes.
//! - [`oracles`]: the same facts by other means, and where two readings disagree.

pub mod corpora;
pub mod explorer;
pub mod figures;
pub mod fuzz;
pub mod lives;
pub mod made;
pub mod oracles;
pub mod pairs;
pub mod phone;
pub mod power;
pub mod reference;
pub mod soundness;
pub mod vm;

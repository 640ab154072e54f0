//! Generators, oracles and the real corpora, for tests, benches and xtask only.
//!
//! - [`corpora`]: real artefacts, fetched by the registries' own clients and verified at every use.
//! - [`pairs`]: which of its builds are neighbours, so that one may be patched into the next.
//! - [`vm`]: the real Dart VM, run over a snapshot, and what it answered.
//! - [`made`]: small snapshots and engines built here, right and wrong in every field.
//! - [`oracles`]: the same facts by other means, and where two readings disagree.

pub mod corpora;
pub mod made;
pub mod oracles;
pub mod pairs;
pub mod vm;

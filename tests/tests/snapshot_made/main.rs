//! What is read and said of snapshots and engines made here: right ones, and ones with one thing
//! wrong. Needs no network and no files.

#[cfg(test)]
mod accepting;
#[cfg(test)]
mod comparing;
#[cfg(test)]
mod elf_editor;
#[cfg(test)]
mod engines;
#[cfg(test)]
mod library_findings;
#[cfg(test)]
mod loader_attacks;
#[cfg(test)]
mod macho_attacks;
#[cfg(test)]
mod making;
#[cfg(test)]
mod not_loaded;
#[cfg(test)]
mod predicting;
#[cfg(test)]
mod predicting_features;
#[cfg(test)]
mod refusing;

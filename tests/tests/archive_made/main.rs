//! What is read of releases made here: every shape, every form of archive, and ones with one thing
//! wrong. Needs no network.

#[cfg(test)]
mod common;
#[cfg(test)]
mod contents;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod end_record;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod holding;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod manifests;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod random_archive;
#[cfg(test)]
mod random_lie;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod shapes_desktop;
#[cfg(test)]
mod truncation;

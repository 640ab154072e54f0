//! How two libraries made here differ, and what that is put down to. Each cause has a pair that
//! shows it, and the exact list of causes, so that none is named beside it. Needs no network and
//! no files.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod causes;
#[cfg(test)]
mod equivalence;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod sources;

//! A phone that says what it runs: it takes the patch that is made against that, and where that one
//! does not do, the one against its release.

#[cfg(test)]
mod failing;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod taking;

//! A device that takes signed statements alone: what it installs, what it refuses, what it boots.

#[cfg(test)]
mod choosing;
#[cfg(test)]
mod deltas;
#[cfg(test)]
mod legacy;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod server_keys;
#[cfg(test)]
mod signed;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod telling;

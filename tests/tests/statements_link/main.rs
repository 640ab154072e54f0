//! The link `statements` of `verify-release`: a made app with a root of trust inside, an honest
//! statement, and everything that can be wrong with the one or the other.

#[cfg(test)]
mod attesting;
#[cfg(test)]
mod attesting_command;
#[cfg(test)]
mod bound_to_patch;
#[cfg(test)]
mod bound_to_release;
#[cfg(test)]
mod channels;
#[cfg(test)]
mod flips;
#[cfg(test)]
mod held;
#[cfg(test)]
mod legacy;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod off_android;
#[cfg(test)]
mod roots;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod world;

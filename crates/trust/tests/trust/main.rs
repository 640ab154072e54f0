//! What a device believes and what it refuses, through the public interface alone.

#[cfg(test)]
mod attacks_channel;
#[cfg(test)]
mod attacks_data;
#[cfg(test)]
mod attacks_document;
#[cfg(test)]
mod attacks_patch;
#[cfg(test)]
mod attacks_root;
#[cfg(test)]
mod ed25519;
#[cfg(test)]
mod flaws;
#[cfg(test)]
mod flips;
#[cfg(test)]
mod freshness;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod mixing;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod thresholds;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod world;

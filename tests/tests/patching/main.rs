//! The patch engine from outside: what is made is inflated by every decoder, and what is hostile is
//! refused by all in the same way. Needs no network.
//!
//! Pairs are made at random; `PROPTEST_CASES=100000` by hand makes that many over all
//! containers and codecs, and others each time (see [`pairs::shared_out`]).

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod both_ways;
#[cfg(test)]
mod decoders;
#[cfg(test)]
mod determinism;
#[cfg(test)]
mod divergences;
#[cfg(test)]
mod failing;
#[cfg(test)]
mod failing_at;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod independence;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod round_trip;

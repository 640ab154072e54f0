//! `keygen`, `root`, `sign` and `verify` as processes, over made libraries.

#[cfg(test)]
mod channels;
#[cfg(test)]
mod external;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod legacy;
#[cfg(test)]
mod outliving;
#[cfg(test)]
mod placing;
#[cfg(test)]
mod roots;
#[cfg(test)]
mod rotating;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod verifying;
#[cfg(test)]
mod world;

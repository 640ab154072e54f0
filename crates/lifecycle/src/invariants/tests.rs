//! Each check fails where it must: outcomes of the machine, spoiled.

mod remembering;
mod running;

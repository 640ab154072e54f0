//! Each check fails where it must: outcomes of the machine, spoiled.

mod made;
mod remembering;
mod running;

//! `verify-release` over whole releases: made apps in every shape, each part changed once, each
//! link and exit code reached.

mod apps;
mod artefact;
mod printing;
mod rebuilding;
mod shapes;
mod surroundings;
mod whole;

//! The embeddable updater.

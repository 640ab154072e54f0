//! Libraries that would show a loader one snapshot and a tool another, or hide one from the loader.

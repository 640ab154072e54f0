//! A simulated device taken through its crash points.

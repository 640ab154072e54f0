//! A small ELF64 file out of parts chosen freely: what the careful writer of testkit would not write.

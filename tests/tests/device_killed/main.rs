//! A process of the device is killed, with SIGKILL, before each of its operations on the real disk.
//! Whatever was killed, the next start boots what was there before or what was being installed, and
//! the one after the next update boots the newest.

#[cfg(test)]
mod kills;

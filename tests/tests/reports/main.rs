//! The renderings of a release report, each read back by a reader that is not ours.

#[cfg(test)]
#[cfg(unix)]
mod action;
#[cfg(test)]
mod code_scanning;
#[cfg(test)]
mod contrast;
#[cfg(test)]
mod github;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod html;
#[cfg(test)]
mod junit;
#[cfg(test)]
mod markdown;
#[cfg(test)]
mod page;
#[cfg(test)]
mod pinned;
#[cfg(test)]
mod samples;

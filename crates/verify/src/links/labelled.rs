//! Which of the named files is for this ABI.

use patchproof_report::{Finding, Rule};

use super::OneAbi;
use crate::inputs::{Input, LabelledPatch};

/// What a labelled file is: its noun in messages, and the option that names it.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) noun: &'static str,
    pub(super) option: &'static str,
}

impl OneAbi<'_> {
    /// The patch for this ABI.
    pub(super) fn patch(&self) -> Result<Option<&Input>, Finding> {
        let named = Named {
            noun: "patch",
            option: "--patch",
        };
        self.labelled(&self.scene.inputs.patches, named)
    }

    /// The file for this ABI: the one labelled with it, or the only one without a label where
    /// there is only one ABI.
    pub(super) fn labelled<'f>(
        &self,
        files: &'f [LabelledPatch],
        named: Named,
    ) -> Result<Option<&'f Input>, Finding> {
        let Named { noun, option } = named;
        let mine = |label: Option<&str>| label.is_none_or(|label| label == self.abi);
        let mut for_me = files.iter().filter(|file| mine(file.abi.as_deref()));
        let Some(file) = for_me.next() else {
            return Ok(None);
        };
        if let Some(second) = for_me.next() {
            let message = format!(
                "{} is a second {noun} for {}: one is verified at a time",
                second.file.name, self.abi
            );
            let remedy = format!("Give one {option} for each ABI of the release.");
            return Err(Finding::new(Rule::OtherAbi, message).mended_by(remedy));
        }
        if file.abi.is_none() && self.scene.looked_at.len() > 1 {
            let abis = self.scene.looked_at.join(", ");
            let message = format!(
                "{} does not say for which of the release's ABIs it is: {abis}",
                file.file.name
            );
            let remedy = format!("Name the ABI before the file: {option} {}=FILE.", self.abi);
            return Err(Finding::new(Rule::OtherAbi, message).mended_by(remedy));
        }
        Ok(Some(&file.file))
    }
}

//! The answer to a check, written without a copy of what is in the view.

use patchproof_protocol::ROLLED_BACK_MAX;
use serde::{Serialize, Serializer};

use crate::view::Offer;

/// What a device is answered.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    patch_available: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<Patch<'a>>,
    rolled_back_patch_numbers: &'a [u64],
    #[serde(skip_serializing_if = "Option::is_none")]
    patchproof: Option<Signed<'a>>,
}

#[derive(Serialize)]
struct Patch<'a> {
    number: u64,
    #[serde(serialize_with = "as_hex")]
    hash: [u8; 32],
    download_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash_signature: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    force_update: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    patchproof: Option<Made>,
}

/// What a download is made against: told where it is not the release's library.
#[derive(Serialize)]
struct Made {
    #[serde(serialize_with = "as_hex")]
    from_sha256: [u8; 32],
    size_bytes: u64,
}

#[derive(Serialize)]
struct Signed<'a> {
    channel_statement: &'a str,
}

impl<'a> Answer<'a> {
    /// Of what is offered and what is taken back. A number that is taken back is never offered.
    pub(super) fn new(
        public_url: &str,
        offer: Option<Offer<'a>>,
        rolled_back: &'a [u64],
        channel_statement: Option<&'a str>,
    ) -> Self {
        // Devices refuse an answer that takes back more; the oldest run nowhere any more.
        let oldest = rolled_back.len().saturating_sub(ROLLED_BACK_MAX);
        let (_, newest) = rolled_back.split_at_checked(oldest).unwrap_or_default();
        let offer = offer.filter(|offer| !rolled_back.contains(&offer.patch.number));
        let patch = offer.map(|offer| patch(public_url, &offer));
        Self {
            patch_available: patch.is_some(),
            patch,
            rolled_back_patch_numbers: newest,
            patchproof: channel_statement.map(|channel_statement| Signed { channel_statement }),
        }
    }

    pub(super) const fn is_offer(&self) -> bool {
        self.patch_available
    }

    /// The body.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let statement = self.patchproof.as_ref();
        let statement_bytes = statement.map_or(0, |signed| signed.channel_statement.len());
        let mut body = Vec::with_capacity(BYTES_USUAL + 2 * statement_bytes);
        // Fields with names, and a vector that takes whatever it is given.
        serde_json::to_writer(&mut body, self).unwrap_or_default();
        body
    }
}

fn patch<'a>(public_url: &str, offer: &Offer<'a>) -> Patch<'a> {
    let (patch, download) = (offer.patch, offer.download);
    Patch {
        number: patch.number,
        hash: patch.hash,
        download_url: [
            public_url,
            &patchproof_protocol::download_path(&hex::encode(download.sha256)),
        ]
        .concat(),
        hash_signature: patch.hash_signature.as_deref(),
        notes: patch.notes.as_deref().filter(|notes| !notes.is_empty()),
        force_update: patch.force_update,
        patchproof: download.from_sha256.map(|from_sha256| Made {
            from_sha256,
            size_bytes: download.size_bytes,
        }),
    }
}

const fn is_false(value: &bool) -> bool {
    !*value
}

fn as_hex<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
    let mut digits = [0; 64];
    // 64 digits are what 32 bytes have, and digits are text.
    hex::encode_to_slice(bytes, &mut digits).map_err(serde::ser::Error::custom)?;
    to.serialize_str(std::str::from_utf8(&digits).map_err(serde::ser::Error::custom)?)
}

const BYTES_USUAL: usize = 512;

#[cfg(test)]
mod tests {
    use patchproof_protocol::CheckAnswer;

    use super::*;
    use crate::store::Container;
    use crate::view::{ViewDownload, ViewPatch};

    fn patch() -> ViewPatch {
        ViewPatch {
            number: 3,
            hash: [1; 32],
            downloads: Box::new([ViewDownload {
                sha256: [2; 32],
                size_bytes: 10,
                container: Container::Shorebird,
                from_sha256: None,
            }]),
            hash_signature: Some("c2ln".into()),
            notes: None,
            force_update: false,
            expires_at_s: None,
            rollout_basis_points: 10_000,
            statement_sha256: None,
        }
    }

    fn json(patch: &ViewPatch, rolled_back: &[u64], statement: Option<&str>) -> String {
        let offer = Offer {
            patch,
            download: &patch.downloads[0],
        };
        let answer = Answer::new("https://a.example", Some(offer), rolled_back, statement);
        String::from_utf8(answer.to_json()).unwrap()
    }

    #[test]
    fn an_offer_has_the_fields_that_shorebirds_clients_read_and_no_other() {
        let (hash, file) = ("01".repeat(32), "02".repeat(32));
        let expected = [
            r#"{"patch_available":true,"patch":{"number":3,"hash":""#,
            &hash,
            r#"","download_url":"https://a.example/patchproof/v1/downloads/"#,
            &file,
            r#"","hash_signature":"c2ln"},"rolled_back_patch_numbers":[1,2]}"#,
        ];
        let expected = expected.concat();
        assert_eq!(json(&patch(), &[1, 2], None), expected);
    }

    #[test]
    fn a_device_of_ours_reads_all_of_it() {
        let mut patch = patch();
        patch.notes = Some("new \"words\"".into());
        patch.force_update = true;
        patch.downloads[0].from_sha256 = Some([3; 32]);
        let text = json(&patch, &[], Some("{}"));
        let answer = CheckAnswer::parse(text.as_bytes()).unwrap();
        assert_eq!(answer.offer.unwrap().sha256, [1; 32]);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["patch"]["notes"], "new \"words\"");
        assert_eq!(value["patch"]["force_update"], true);
        assert_eq!(value["patch"]["patchproof"]["size_bytes"], 10);
        assert_eq!(value["patchproof"]["channel_statement"], "{}");
    }

    #[test]
    fn a_device_takes_the_answer_however_many_are_taken_back() {
        let rolled_back: Vec<u64> = (10..10_000).collect();
        let text = json(&patch(), &rolled_back, None);
        let answer = CheckAnswer::parse(text.as_bytes()).unwrap();
        assert_eq!(answer.rolled_back.len(), ROLLED_BACK_MAX);
        assert_eq!(answer.rolled_back.last(), Some(&9_999));
    }

    #[test]
    fn a_number_that_is_taken_back_is_not_offered() {
        let text = json(&patch(), &[3], None);
        assert_eq!(
            text,
            r#"{"patch_available":false,"rolled_back_patch_numbers":[3]}"#
        );
    }
}

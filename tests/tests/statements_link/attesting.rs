//! The attestation as tools read it that know DSSE, in-toto and SLSA, and nothing of ours.

use data_encoding::BASE64;
use patchproof_trust::{PublicKey, Sign, SignError};
use patchproof_verify::{AttestError, Build, Input, Inputs, LabelledPatch, attest, verify_release};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::flips::inputs;
use crate::world::{NOW_S, World, key};

fn good() -> Inputs {
    let mut world = World::new();
    world.put();
    inputs(&world, world.bench.get("statement.json"))
}

fn attested(inputs: &Inputs, names: &[&str]) -> Vec<u8> {
    let keys: Vec<_> = names.iter().map(|name| key(name)).collect();
    let signers: Vec<&dyn Sign> = keys.iter().map(|key| -> &dyn Sign { key }).collect();
    attest(&verify_release(inputs), inputs, NOW_S, &signers).expect("it can be attested")
}

/// The payload, after every signature was verified by hand and by another implementation.
fn opened(envelope: &[u8], names: &[&str]) -> Value {
    let envelope: Value = serde_json::from_slice(envelope).unwrap();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    let payload = BASE64
        .decode(envelope["payload"].as_str().unwrap().as_bytes())
        .unwrap();
    let mut signed = b"DSSEv1 28 application/vnd.in-toto+json ".to_vec();
    signed.extend(payload.len().to_string().as_bytes());
    signed.push(b' ');
    signed.extend(&payload);
    let signatures = envelope["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), names.len());
    for name in names {
        let public = key(name).public_key();
        let id = public.id().to_string();
        let of_key = signatures.iter().find(|it| it["keyid"] == id.as_str());
        let signature = of_key.expect("it signed")["sig"].as_str().unwrap();
        let signature = BASE64.decode(signature.as_bytes()).unwrap();
        UnparsedPublicKey::new(&ED25519, public.bytes())
            .verify(&signed, &signature)
            .expect("ring takes the signature");
    }
    serde_json::from_slice(&payload).unwrap()
}

#[test]
fn another_implementation_takes_each_signature() {
    opened(&attested(&good(), &["ci"]), &["ci"]);
    opened(&attested(&good(), &["ci", "reviewer"]), &["ci", "reviewer"]);
}

#[test]
fn the_same_input_gives_the_same_bytes_in_whichever_order_keys_sign() {
    let inputs = good();
    let one = attested(&inputs, &["ci", "reviewer"]);
    assert_eq!(one, attested(&inputs, &["reviewer", "ci"]));
    assert_eq!(one, attested(&inputs, &["reviewer", "ci", "ci"]));
}

#[test]
fn the_statement_has_the_shape_that_in_toto_and_slsa_describe() {
    let statement = opened(&attested(&good(), &["ci"]), &["ci"]);
    let schema = jsonschema::validator_for(&shape()).unwrap();
    let problems: Vec<String> = schema
        .iter_errors(&statement)
        .map(|error| error.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:#?}\n{statement:#}");
    assert!(!schema.is_valid(&json!({ "_type": "https://in-toto.io/Statement/v1" })));
}

#[test]
fn a_verified_report_passes_and_names_what_held() {
    let inputs = good();
    let statement = opened(&attested(&inputs, &["ci"]), &["ci"]);
    let predicate = &statement["predicate"];
    assert_eq!(predicate["verificationResult"], "PASSED");
    assert_eq!(predicate["timeVerified"], "2027-01-15T08:00:00Z");
    assert_eq!(
        predicate["resourceUri"],
        "urn:patchproof:release:dev.patchproof.made:1.2.3+45"
    );
    let levels = predicate["verifiedLevels"].as_array().unwrap();
    assert!(
        levels.contains(&json!("PATCHPROOF_STATEMENTS")),
        "{levels:?}"
    );
    assert!(!levels.contains(&json!("PATCHPROOF_REBUILD")), "{levels:?}");
    let mut shown = statement.clone();
    shown["predicate"]["verifier"]["version"]["patchproof"] = json!("[version]");
    insta::assert_json_snapshot!(shown);
}

#[test]
fn the_subjects_are_the_library_and_the_patch_by_their_hashes() {
    let inputs = good();
    let statement = opened(&attested(&inputs, &["ci"]), &["ci"]);
    let patch = inputs.patches[0].file.bytes.as_ref().unwrap();
    let hash = patchproof_trust::Digest::of(patch).to_string();
    let subjects = statement["subject"].as_array().unwrap();
    let names: Vec<&str> = subjects
        .iter()
        .map(|subject| subject["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["release/x86_64/libapp.so", "patch/x86_64"]);
    assert_eq!(subjects[1]["digest"]["sha256"], hash);
}

#[test]
fn a_broken_report_fails() {
    let mut inputs = good();
    inputs.signed.statements.clear();
    let statement = opened(&attested(&inputs, &["ci"]), &["ci"]);
    let predicate = &statement["predicate"];
    assert_eq!(predicate["verificationResult"], "FAILED");
    assert_eq!(predicate["verifiedLevels"], json!(["FAILED"]));
    assert_eq!(predicate["urn:patchproof:report:v1"]["exitCode"], 4);
}

#[test]
fn an_undecided_report_fails() {
    let mut inputs = good();
    inputs.patched = None;
    let statement = opened(&attested(&inputs, &["ci"]), &["ci"]);
    assert_eq!(statement["predicate"]["verificationResult"], "FAILED");
}

#[test]
fn another_policy_has_another_digest() {
    let of = |inputs: &Inputs| {
        let statement = opened(&attested(inputs, &["ci"]), &["ci"]);
        statement["predicate"]["policy"]["digest"]["sha256"].clone()
    };
    let mut strict = good();
    strict.required = [patchproof_report::LinkId::Statements].into();
    assert_ne!(of(&strict), of(&good()));
}

#[test]
fn where_nothing_could_be_read_there_is_nothing_to_attest() {
    let inputs = Inputs::new(Build::in_memory("x", b"no release".to_vec()));
    let ci = key("ci");
    let refused = attest(&verify_release(&inputs), &inputs, NOW_S, &[&ci]);
    assert_eq!(refused, Err(AttestError::NoSubject));
}

#[test]
fn nobody_signs_no_attestation() {
    let inputs = good();
    let refused = attest(&verify_release(&inputs), &inputs, NOW_S, &[]);
    assert_eq!(refused, Err(AttestError::NoSigner));
}

#[test]
fn a_moment_that_no_calendar_has_is_refused() {
    let inputs = good();
    let ci = key("ci");
    let refused = attest(&verify_release(&inputs), &inputs, u64::MAX, &[&ci]);
    assert_eq!(refused, Err(AttestError::NoDate { seconds: u64::MAX }));
}

/// Signs with another key than it says.
struct Liar;

impl Sign for Liar {
    fn public_key(&self) -> PublicKey {
        key("ci").public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        key("another").sign(message)
    }
}

#[test]
fn a_signer_that_answers_with_another_keys_signature_is_refused() {
    let inputs = good();
    let refused = attest(&verify_release(&inputs), &inputs, NOW_S, &[&Liar]);
    assert!(
        matches!(
            refused,
            Err(AttestError::Sign(SignError::WrongSignature { .. }))
        ),
        "{refused:?}"
    );
}

#[test]
fn a_file_that_could_not_be_read_is_no_subject() {
    let mut inputs = good();
    inputs.patches[0].file = Input::new("gone.patch", Err("it is gone".to_owned()));
    let statement = opened(&attested(&inputs, &["ci"]), &["ci"]);
    assert_eq!(statement["subject"].as_array().unwrap().len(), 1);
}

#[test]
fn a_patch_for_an_abi_that_was_left_out_is_no_subject() {
    let app = patchproof_testkit::made::MadeApp::new();
    let mut inputs = Inputs::new(Build::in_memory("release.apk", app.apk()));
    let patch = |abi: &str| {
        let file = Input::new("a.patch", Ok(abi.as_bytes().to_vec()));
        LabelledPatch::new(Some(abi.to_owned()), file)
    };
    inputs.patches = vec![patch("x86_64"), patch("arm64-v8a")];
    inputs.abis = ["x86_64".to_owned()].into();
    let statement = opened(&attested(&inputs, &["ci"]), &["ci"]);
    let subjects = statement["subject"].as_array().unwrap();
    let names: Vec<_> = subjects.iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["release/x86_64/libapp.so", "patch/x86_64"]);
}

/// What the two specifications demand, written down from them.
fn shape() -> Value {
    let digest = json!({
        "type": "object",
        "required": ["sha256"],
        "properties": { "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" } }
    });
    json!({
        "type": "object",
        "required": ["_type", "subject", "predicateType", "predicate"],
        "properties": {
            "_type": { "const": "https://in-toto.io/Statement/v1" },
            "subject": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["digest"],
                    "properties": { "name": { "type": "string" }, "digest": digest }
                }
            },
            "predicateType": { "const": "https://slsa.dev/verification_summary/v1" },
            "predicate": {
                "type": "object",
                "required": [
                    "verifier", "timeVerified", "resourceUri", "policy", "verificationResult",
                    "verifiedLevels"
                ],
                "properties": {
                    "verifier": {
                        "type": "object",
                        "required": ["id"],
                        "properties": { "id": { "type": "string", "pattern": "^[a-z]+:" } }
                    },
                    "timeVerified": {
                        "type": "string",
                        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
                    },
                    "resourceUri": { "type": "string", "pattern": "^[a-z]+:[!-~]+$" },
                    "policy": {
                        "type": "object",
                        "required": ["uri", "digest"],
                        "properties": { "uri": { "type": "string" }, "digest": digest }
                    },
                    "inputAttestations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["digest"],
                            "properties": { "digest": digest }
                        }
                    },
                    "verificationResult": { "enum": ["PASSED", "FAILED"] },
                    "verifiedLevels": {
                        "type": "array",
                        "minItems": 1,
                        "items": { "type": "string", "not": { "pattern": "^SLSA_" } }
                    }
                }
            }
        }
    })
}

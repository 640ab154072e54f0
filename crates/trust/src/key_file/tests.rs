//! Key files there and back, changed everywhere, and hostile.

use proptest::prelude::*;

use pkcs8::pkcs5::pbes2::Parameters;
use pkcs8::pkcs5::scrypt::Params;

use super::write::{P, R, encrypted, pkcs8_der};
use super::*;

const RANDOMNESS: KeyFileRandomness = KeyFileRandomness {
    salt: [3; 16],
    iv: [5; 16],
};

fn key() -> SigningKey {
    SigningKey::from_seed(&Zeroizing::new([9; 32]))
}

/// As ours, of a passphrase that is guessed at once.
fn cheap() -> Zeroizing<String> {
    encrypted(&key(), b"a passphrase", &RANDOMNESS, 1).unwrap()
}

fn opened(pem: &[u8]) -> Result<PublicKey, KeyFileError> {
    let key = match KeyFile::read(pem)? {
        KeyFile::Encrypted(key) => key.open(b"a passphrase")?,
        KeyFile::Plain(key) => key,
    };
    Ok(key.public_key())
}

/// The PKCS#8 that `openssl genpkey -algorithm ed25519` wrote.
const OPENSSL_PLAIN: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ
-----END PRIVATE KEY-----
";

#[test]
fn an_encrypted_key_comes_back_with_its_passphrase() {
    let pem = write_encrypted_pem(&key(), b"a passphrase", &RANDOMNESS).unwrap();
    assert_eq!(opened(pem.as_bytes()), Ok(key().public_key()));
}

#[test]
fn another_passphrase_does_not_open_it() {
    let KeyFile::Encrypted(key) = KeyFile::read(cheap().as_bytes()).unwrap() else {
        panic!("it is encrypted");
    };
    for number in 0..600 {
        let refused = key.open(format!("passphrase {number}").as_bytes());
        assert_eq!(refused.err(), Some(KeyFileError::Passphrase), "{number}");
    }
}

#[test]
fn a_plain_key_of_openssl_is_the_key_that_it_says() {
    assert_eq!(opened(OPENSSL_PLAIN.as_bytes()), Ok(key().public_key()));
    let ours = write_plain_pem(&key()).unwrap();
    assert!(ours.starts_with(OPENSSL_PLAIN), "the same block");
}

#[test]
fn a_public_key_comes_back() {
    let public = key().public_key();
    let pem = write_public_pem(&public).unwrap();
    assert_eq!(read_public_pem(pem.as_bytes()), Ok(public));
}

#[test]
fn a_private_key_is_no_public_one_and_the_other_way_around() {
    let public = write_public_pem(&key().public_key()).unwrap();
    assert!(matches!(
        KeyFile::read(public.as_bytes()),
        Err(KeyFileError::Label { .. })
    ));
    assert!(matches!(
        read_public_pem(OPENSSL_PLAIN.as_bytes()),
        Err(KeyFileError::Label { .. })
    ));
}

#[test]
fn the_public_key_of_another_private_key_is_found_out() {
    let other = SigningKey::from_seed(&Zeroizing::new([8; 32]));
    let pem = OPENSSL_PLAIN.to_owned() + &write_public_pem(&other.public_key()).unwrap();
    assert_eq!(opened(pem.as_bytes()), Err(KeyFileError::Mismatch));
}

#[test]
fn any_bit_flipped_is_refused_or_gives_the_same_key() {
    let pem = cheap();
    let (mut refused, mut same) = (0, 0);
    for at in 0..pem.len() {
        for bit in 0..8 {
            let mut flipped = pem.as_bytes().to_vec();
            flipped[at] ^= 1 << bit;
            match opened(&flipped) {
                Ok(found) => {
                    assert_eq!(found, key().public_key(), "byte {at}, bit {bit}");
                    same += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 20 * same, "{refused} refused, {same} the same");
}

#[test]
fn a_key_file_that_is_cut_anywhere_is_refused_or_gives_the_same_key() {
    let pem = cheap();
    for length in 0..pem.len() {
        let found = opened(&pem.as_bytes()[..length]);
        assert!(
            found.is_err() || found == Ok(key().public_key()),
            "{length}"
        );
    }
}

/// Whether a file that asks for this would be opened.
fn asking_for(
    cost_parameter: u64,
    block_size: u16,
    parallelization: u16,
) -> Result<(), KeyFileError> {
    let params = Params::new(1, R, P).unwrap();
    let mut params = Parameters::generate_scrypt_aes256cbc(params, &[1; 16], [2; 16]).unwrap();
    let Kdf::Scrypt(scrypt) = &mut params.kdf else {
        panic!("it is scrypt");
    };
    scrypt.cost_parameter = cost_parameter;
    scrypt.block_size = block_size;
    scrypt.parallelization = parallelization;
    affordable(&params.into())
}

#[test]
fn a_hostile_cost_is_refused_before_it_is_paid() {
    for (n, r, p) in [
        (1 << 21, 1, 1),
        (1 << 14, 8, 1000),
        (1 << 62, 65535, 65535),
        (1 << 20, 8, 1),
        (1, 128, 65535),
    ] {
        let refused = asking_for(n, r, p);
        let too_costly = matches!(refused, Err(KeyFileError::TooCostly { .. }));
        assert!(too_costly, "{n} {r} {p}: {refused:?}");
    }
    assert_eq!(asking_for(1 << 14, 8, 5), Ok(()));
}

#[test]
fn a_cost_that_is_no_cost_is_refused() {
    for (n, r, p) in [(0, 8, 1), (3, 8, 1), (u64::MAX, 1, 1), (2, 8, 0)] {
        assert_eq!(
            asking_for(n, r, p),
            Err(KeyFileError::NotPkcs8),
            "{n} {r} {p}"
        );
    }
}

#[test]
fn what_is_larger_than_any_key_is_not_looked_at() {
    let refused = KeyFile::read(&[b'-'; LIMIT_BYTES + 1]);
    assert!(matches!(refused, Err(KeyFileError::TooLarge { .. })));
}

#[test]
fn no_error_and_no_debug_text_holds_the_seed() {
    let KeyFile::Plain(plain) = KeyFile::read(OPENSSL_PLAIN.as_bytes()).unwrap() else {
        panic!("it is not encrypted");
    };
    let shown = format!("{plain:?} {:?}", KeyFile::read(cheap().as_bytes()).unwrap());
    assert!(!shown.contains("0909"), "{shown}");
}

fn pem_like() -> impl Strategy<Value = Vec<u8>> {
    let label = prop_oneof![
        Just(ENCRYPTED.to_owned()),
        Just(PRIVATE.to_owned()),
        Just(PUBLIC.to_owned()),
        "[A-Z -]{0,12}",
    ];
    let body = prop::collection::vec(any::<u8>(), 0..200);
    let block = (label, body).prop_map(|(label, body)| {
        let body = data_encoding::BASE64.encode(&body);
        let lines: Vec<&str> = body
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap_or_default())
            .collect();
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            lines.join("\n")
        )
    });
    prop::collection::vec(block, 0..3).prop_map(|blocks| blocks.concat().into_bytes())
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = opened(&bytes);
        let _ = read_public_pem(&bytes);
    }

    #[test]
    fn no_pem_makes_the_reader_panic(pem in pem_like()) {
        let _ = opened(&pem);
        let _ = read_public_pem(&pem);
    }

    #[test]
    fn a_private_key_in_der_that_is_changed_anywhere_never_panics(
        at in 0..48_usize, to in any::<u8>(),
    ) {
        let mut der = pkcs8_der(&key()).unwrap().as_bytes().to_vec();
        der[at] = to;
        let _ = private_key(&der, None);
    }
}

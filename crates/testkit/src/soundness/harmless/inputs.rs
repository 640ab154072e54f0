//! The same files, named, written or given otherwise.

use data_encoding::BASE64;

use super::super::bundle::Bundle;
use super::super::chance::Chance;
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{self, RealApp, RealLibrary, Shorebird, Signed, Unsigned};
use super::ENDS;

pub(crate) const INPUTS: Family = Family {
    name: "files named or given otherwise",
    kinds: &[
        files("other names", EVERYWHERE, |bundle, chance| {
            let folders = [
                "a folder/",
                "-",
                "../",
                "\u{fc}\u{4e16}/",
                "C:\\x\\",
                "%2e/",
                "\"'/",
            ];
            let folder = chance.pick_of(&folders).copied().unwrap_or_default();
            bundle.folder = format!("{folder}{}", chance.name(4));
        }),
        files(
            "files in another order",
            &[(Signed, 3)],
            |bundle, chance| {
                let which = chance.pick(3) + 1;
                if which & 1 == 1 {
                    bundle.patches.reverse();
                }
                if which & 2 == 2 {
                    bundle.statements.reverse();
                    bundle.previous.reverse();
                }
            },
        ),
        files(
            "a key between the lines of PEM",
            &[(Shorebird, 1)],
            |bundle, _| {
                let Some(key) = &mut bundle.public_key else {
                    return;
                };
                let mut pem = b"-----BEGIN RSA PUBLIC KEY-----\n".to_vec();
                for line in key.chunks(64) {
                    pem.extend_from_slice(line);
                    pem.push(b'\n');
                }
                pem.extend_from_slice(b"-----END RSA PUBLIC KEY-----\n");
                *key = pem;
            },
        ),
        files("a signature as bytes", &[(Shorebird, 1)], |bundle, _| {
            for (_, bytes) in &mut bundle.signatures {
                *bytes = BASE64.decode(bytes).expect("it is base64");
            }
        }),
        files(
            "a signature with a line end",
            &[(Shorebird, 3)],
            |bundle, chance| {
                let ends: [&[u8]; 3] = [b"\n", b"\r\n", b"\n\n"];
                let end = chance.pick_of(&ends).copied().unwrap_or_default();
                for (_, bytes) in &mut bundle.signatures {
                    bytes.extend_from_slice(end);
                }
            },
        ),
        files(
            "a moment at which nothing has expired",
            SIGNED,
            |bundle, chance| {
                let later = chance.below_wide(6 * 24 * 60 * 60);
                bundle.now_s = bundle.now_s.map(|now_s| now_s + later);
            },
        ),
        files(
            "no engine named",
            &[(Unsigned, 1), (RealLibrary, 1)],
            |bundle, _| {
                bundle.engine = None;
            },
        ),
    ],
};

const fn files(
    name: &'static str,
    on: &'static [(Story, usize)],
    change: fn(&mut Bundle, &mut Chance),
) -> Kind {
    Kind::new(name, How::Files(change), on, ENDS)
}

const EVERYWHERE: &[(Story, usize)] = &[
    (Signed, 7),
    (Unsigned, 7),
    (Shorebird, 4),
    (RealApp, 1),
    (RealLibrary, 1),
];
const SIGNED: &[(Story, usize)] = &[(Signed, 5), (RealApp, 1), (RealLibrary, 1)];

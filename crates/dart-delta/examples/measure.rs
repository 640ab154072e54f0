//! Sizes of one pair, step by step. For work on the making half.

use patchproof_dart_delta::{DartDelta, MakeDartDelta, PlainDartDelta};
use patchproof_patch::*;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    for pair in args[1..].chunks(2) {
        let (base, new) = (
            std::fs::read(&pair[0]).unwrap(),
            std::fs::read(&pair[1]).unwrap(),
        );
        let start = std::time::Instant::now();
        let known = Known {
            streaming: &DartDelta::default(),
            plain: &PlainDartDelta::default(),
            making: Some(&MakeDartDelta::default()),
        };
        let patch = make_through(
            &base,
            &new,
            MakeOptions::patchproof(CodecChoice::Auto),
            &[known],
        );
        let patch = patch.unwrap();
        if std::env::var_os("CHECK").is_some() {
            let v = MakeDartDelta::default().views(&base, &new).unwrap();
            let t = PlainDartDelta::default();
            account(&v, &new);
            println!("view same {}", t.view(&base, &v.side).unwrap() == v.base);
            let o = t.inverse(&v.new, &base, &v.side, u64::MAX).unwrap();
            println!("inverse same {} {} {}", o == new, o.len(), new.len());
        }
        let took = start.elapsed();
        let header = Header::of(&patch).unwrap().unwrap();
        println!(
            "{} transform {} in {:?}",
            patch.len(),
            header.transform,
            took
        );
        for s in header.streams {
            println!("   {} of {}", s.packed_bytes, s.decoded_bytes);
        }
        let start = std::time::Instant::now();
        let mut out = Vec::new();
        let base_sha = match header.base {
            DeclaredBase::File { sha256, .. } => sha256,
            _ => [0; 32],
        };
        let t = DartDelta::default();
        Inflation::within(Limits::for_base(base.len() as u64))
            .over_base(base_sha)
            .with_transforms(&[&t])
            .run(&patch.as_slice(), &base.as_slice(), &mut out)
            .unwrap();
        println!("   inflated in {:?}, same {}", start.elapsed(), out == new);
    }
}

fn account(v: &Views, new: &[u8]) {
    let found = aligned(&v.base, &v.new, 48, 8);
    std::fs::write("/tmp/side.bin", &v.side).unwrap();
    let mut kinds: Vec<(usize, usize)> = vec![];
    let step = 1 << 16;
    let mut covered = vec![false; v.new.len()];
    kinds.resize(v.new.len() / step + 1, (0, 0));
    for f in &found {
        for i in 0..f.size_bytes {
            covered[f.new_at + i] = true;
            if v.base[f.base_at + i] != v.new[f.new_at + i] {
                if let Ok(from) = std::env::var("FROM") {
                    let from = usize::from_str_radix(&from, 16).unwrap();
                    let at = f.new_at + i;
                    if at >= from && at < from + 0x10000 && at >= 12 && f.base_at + i >= 12 {
                        println!(
                            "D {at:x} {:02x?} | {:02x?}",
                            &v.base[f.base_at + i - 12..f.base_at + i + 6],
                            &v.new[at - 12..at + 6]
                        );
                    }
                }
                kinds[(f.new_at + i) / step].0 += 1;
            }
        }
    }
    for (i, c) in covered.iter().enumerate() {
        if !c {
            kinds[i / step].1 += 1;
        }
    }
    for (i, k) in kinds.iter().enumerate() {
        print!("{:x}:{}+{} ", i * step, k.0, k.1);
    }
    println!("records {} ", found.len());
    if let Ok(text) = std::env::var("TEXT") {
        let (a, b) = text.split_once('-').unwrap();
        let (a, b) = (
            usize::from_str_radix(a, 16).unwrap(),
            usize::from_str_radix(b, 16).unwrap(),
        );
        let mut count = std::collections::BTreeMap::new();
        let word =
            |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        for f in &found {
            let mut i = (a as isize - f.new_at as isize).rem_euclid(4) as usize;
            while i + 4 <= f.size_bytes {
                let at = f.new_at + i;
                if at >= a && at < b {
                    let (o, n) = (word(&v.base, f.base_at + i), word(&v.new, at));
                    if o != n {
                        let e = count.entry(o >> 22).or_insert((0, vec![]));
                        e.0 += 1;
                        if e.1.len() < 4 {
                            e.1.push((at, o, n));
                        }
                    }
                }
                i += 4;
            }
        }
        let mut all: Vec<_> = count.into_iter().collect();
        all.sort_by_key(|x| std::cmp::Reverse(x.1.0));
        for (k, (c, ex)) in all.iter().take(24) {
            println!("T {:08x} {c} {:x?}", k << 22, ex);
        }
    }
    let _ = new;
}

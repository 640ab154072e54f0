//! Sizes of one pair, step by step. For work on the making half.

use patchproof_dart_delta::{DartDelta, MakeDartDelta};
use patchproof_patch::*;

struct NoPlain;
impl PlainTransform for NoPlain {
    fn id(&self) -> u16 {
        1
    }
    fn view(&self, base: &[u8], side: &[u8]) -> Result<Vec<u8>, InflateError> {
        let view = DartDelta::default().view(&base, side).unwrap();
        let mut out = vec![0; view.length().unwrap() as usize];
        view.read_exact_at(&mut out, 0).unwrap();
        Ok(out)
    }
    fn inverse(
        &self,
        seen: &[u8],
        base: &[u8],
        side: &[u8],
        _: u64,
    ) -> Result<Vec<u8>, InflateError> {
        let mut out = Vec::new();
        let t = DartDelta::default();
        let mut w = t.inverse(&base, side, &mut out).unwrap();
        w.write_all(seen).unwrap();
        w.flush().unwrap();
        drop(w);
        Ok(out)
    }
}

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
            plain: &NoPlain,
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
            let t = NoPlain;
            account(&v, &new);
            println!("view same {}", t.view(&base, &v.side).unwrap() == v.base);
            let o = t.inverse(&v.new, &base, &v.side, 0).unwrap();
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
    let _ = new;
}

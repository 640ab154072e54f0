#!/bin/bash -eu
# Builds every fuzz target with seeds and dictionary into $OUT, for ClusterFuzzLite and OSS-Fuzz. Not
# built by any check of this repository.
cd "$SRC/patchproof"

# The base image has a nightly of its own; rust-toolchain.toml names a stable one.
export RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-nightly}
cargo fuzz build --fuzz-dir fuzz -O --debug-assertions

# Seeds and dictionaries are made, not stored: the plain toolchain runs the program that makes them.
RUSTFLAGS='' cargo run --package xtask -- fuzz export "$PWD/target/fuzz-export"

built=target/x86_64-unknown-linux-gnu/release
for source in fuzz/fuzz_targets/*; do
    name=$(basename "${source%.rs}")
    # It crashes on purpose.
    [[ $name == canary ]] && continue
    cp "$built/$name" "$OUT/"
    zip -qj "$OUT/${name}_seed_corpus.zip" "target/fuzz-export/$name/seeds/"*
    if [[ -f target/fuzz-export/$name/dictionary ]]; then
        cp "target/fuzz-export/$name/dictionary" "$OUT/$name.dict"
    fi
done

#!/bin/bash -eu
# Builds every fuzz target with seeds and dictionary into $OUT, for ClusterFuzzLite and OSS-Fuzz. Not
# built by any check of this repository.
cd "$SRC/patchproof"

# The program that makes seeds and dictionaries, which are made, not stored: by the toolchain of
# rust-toolchain.toml, and before anything of the sanitizers is in the environment of its C code.
env -u RUSTUP_TOOLCHAIN -u RUSTFLAGS -u CFLAGS -u CXXFLAGS \
    cargo run --locked --package xtask -- fuzz export "$PWD/target/fuzz-export"

# A nightly at least as new as rust-toolchain.toml's; that of the base image may be older.
export RUSTUP_TOOLCHAIN=$FUZZ_TOOLCHAIN
cargo fuzz build --fuzz-dir fuzz -O --debug-assertions

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

#!/bin/sh
# Verifies each signature of an envelope with openssl, given the payload and its type. The keys are
# in keys.json. Shares no code with the product.
set -eu
envelope=$1 payload=$2 type=$3
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

printf '%s' "DSSEv1 ${#type} $type $(wc -c <"$payload" | tr -d ' ') " >"$work/signed"
cat "$payload" >>"$work/signed"

grep -o '"keyid":"[0-9a-f]*","sig":"[^"]*"' "$envelope" | tr -d '"' | tr ',' ' ' |
    while read -r key sig; do
        key=${key#keyid:} sig=${sig#sig:}
        public=$(tr -d ' \n' <keys.json | grep -o "\"keyid\":\"$key\",\"name\":\"[a-z]*\",\"public\":\"[0-9a-f]*" |
            sed 's/.*"//')
        # The DER in front of each Ed25519 key (RFC 8410), then the key.
        printf '302a300506032b6570032100%s' "$public" | xxd -r -p >"$work/key"
        printf '%s' "$sig" | base64 -d >"$work/sig"
        openssl pkeyutl -verify -pubin -inkey "$work/key" -keyform DER -rawin \
            -in "$work/signed" -sigfile "$work/sig"
    done

#!/bin/sh
# Gathers the fonts of sources/*.txt below $1 without installing anything on the machine.
set -eu
target=$1
sources=$(cd "$(dirname "$0")/sources" && pwd)
mkdir -p "$target/debian" "$target/npm" "$target/npm-latin" "$target/wheels"
python3 -m pip install --quiet --no-deps --target "$target/wheels" -r "$sources/wheels.txt"
for list in npm npm-latin; do
    (cd "$target/$list" && while read -r name; do npm pack --silent "$name" || echo "no $name"; done < "$sources/$list.txt")
done
(
    cd "$target/debian"
    while read -r name; do apt-get download -qq "$name" || echo "no $name"; done < "$sources/debian.txt"
    for archive in *.deb; do dpkg -x "$archive" unpacked; done
)
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" && python3 -m ocr.training.fonts "$target/npm" "$target/merged"
python3 -m ocr.training.fonts "$target/npm-latin" "$target/latin"
python3 -m ocr.training.marks "$target" --out "$target/marks"
set -- "$target/merged" "$target/debian" "$target/wheels"
python3 -m ocr.training.borrowing "$@" "$target/latin" --lenders "$@" --out "$target/borrowed" --times 3

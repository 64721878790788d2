#!/usr/bin/env bash
# A contact sheet of every scene with three presets at two moments.
#   benchmarks/gallery.sh BINARY FOLDER [WIDTHxHEIGHT]
set -euo pipefail

binary=$1 folder=$2 size=${3:-1280x720}
presets=(golden_ratio deep peak)
moments=(12 47)
scenes=(spectral breathing topology waveform matrix field)

mkdir -p "$folder"
pictures=()
for scene in "${scenes[@]}"; do
    for preset in "${presets[@]}"; do
        for moment in "${moments[@]}"; do
            picture=$folder/$scene-$preset-$moment.png
            "$binary" snapshot --preset "$preset" --scene "$scene" --time "$moment" --size "$size" --output "$picture"
            pictures+=(-label "$scene · $preset · $moment s" "$picture")
        done
    done
done
font=$(fc-match -f '%{file}' Inter)
montage -background '#0b0b0c' -fill '#b8b8bd' -font "$font" -pointsize 15 "${pictures[@]}" \
    -tile 6x -geometry 480x+6+8 "$folder/contact-sheet.png"
echo "$folder/contact-sheet.png"

#!/bin/sh
# Brings a machine to the point where `cargo build` works and the editor runs; with `--test`, where every test runs too.
#
#   .ci/setup.sh [--test] [--bench] [--list]
#
# Debian 12/13, Ubuntu 24.04 and what descends from them: installs what is missing with apt-get (through sudo where not
# root), after saying what and why. Elsewhere: names what is missing and stops. Nothing is downloaded from anywhere but the
# system's own package source; with `--test` three Python packages come from PyPI into target/oracles and one small crate is
# compiled there, with `--bench` the peers that the figures are measured beside come into target/peers. Asks the package
# manager every time instead of trusting a stamp: that takes 0.03 s, says
# nothing when all is there, and is right after a package was removed.
set -eu

# One line a package: Debian | Fedora | Arch | Homebrew | why. A dash: comes with another line or the system.
build_packages='
gcc                             | gcc                            | gcc               | -         | links the program
libc6-dev                       | glibc-devel                    | -                 | -         | C library to link against
g++                             | gcc-c++                        | -                 | -         | compiles whisper.cpp, the speech recogniser
cmake                           | cmake                          | cmake             | cmake     | builds whisper.cpp
pkg-config                      | pkgconf-pkg-config             | pkgconf           | pkgconf   | finds GStreamer for the build
libgstreamer1.0-dev             | gstreamer1-devel               | gstreamer         | gstreamer | decode and encode pipelines
libgstreamer-plugins-base1.0-dev| gstreamer1-plugins-base-devel  | gst-plugins-base  | -         | pictures and sound in and out of pipelines
'
run_packages='
gstreamer1.0-plugins-base       | gstreamer1-plugins-base        | -                 | -         | Vorbis, Opus, Ogg, sound conversion
gstreamer1.0-plugins-good       | gstreamer1-plugins-good        | gst-plugins-good  | -         | mp4, mov, mkv, avi, wav; VP8/VP9, JPEG, FLAC, MP3
gstreamer1.0-plugins-bad        | gstreamer1-plugins-bad-free    | gst-plugins-bad   | -         | HEVC and AV1 encoders, stream parsers, hardware codecs
gstreamer1.0-plugins-ugly       | gstreamer1-plugins-ugly        | gst-plugins-ugly  | -         | x264: the H.264 encoder
gstreamer1.0-libav              | gstreamer1-plugin-libav        | gst-libav         | -         | H.264, HEVC, ProRes, DNxHD decoders, AAC and ProRes encoders
gstreamer1.0-alsa               | -                              | -                 | -         | sound to the speakers without a sound server
gstreamer1.0-pulseaudio         | -                              | -                 | -         | sound to the speakers through PulseAudio or PipeWire
libvulkan1                      | vulkan-loader                  | vulkan-icd-loader | -         | the way to the GPU
mesa-vulkan-drivers             | mesa-vulkan-drivers            | vulkan-swrast     | -         | GPU drivers, and the software one where there is no GPU
libx11-xcb1                     | libX11-xcb                     | libx11            | -         | window on X11
libxcursor1                     | libXcursor                     | libxcursor        | -         | mouse pointer on X11
libxi6                          | libXi                          | libxi             | -         | mouse, pen and touch on X11
libxkbcommon-x11-0              | libxkbcommon-x11               | libxkbcommon-x11  | -         | keyboard on X11
libwayland-client0              | libwayland-client              | wayland           | -         | window on Wayland
'
test_packages='
ffmpeg                          | ffmpeg                         | ffmpeg            | ffmpeg    | makes the test media and reads back what was exported
xvfb                            | xorg-x11-server-Xvfb           | xorg-server-xvfb  | -         | an X display for the window test
chromium                        | chromium                       | chromium          | -         | the browser for the test of the status page
chromium-driver                 | chromedriver                   | -                 | -         | drives that browser
xdotool                         | xdotool                        | xdotool           | -         | keys and pointer for the window test
python3-venv                    | python3                        | python            | python    | readers of the timelines of other programs, for the interchange tests
espeak-ng                       | espeak-ng                      | espeak-ng         | espeak-ng | says sentences at known times, for the tests of speech recognition
'
bench_packages='
ffmpeg                          | ffmpeg                         | ffmpeg            | ffmpeg    | peer for decoding, exports and proxies
melt                            | mlt                            | mlt               | mlt       | peer for editing and exports
python3-venv                    | python3                        | python            | python    | peers that are Python packages
'

say() { printf '%s\n' "$*" >&2; }
# fail "what happened" "what to do"
fail() { say "error: $1"; say "hint: $2"; exit 1; }

table="$build_packages$run_packages"
list=false oracles=false peers=false
for argument in "$@"; do
    case "$argument" in
    --test) table="$table$test_packages" oracles=true ;;
    --bench) table="$table$bench_packages" peers=true ;;
    --list) list=true ;;
    *) say "usage: $0 [--test] [--bench] [--list]"; exit 2 ;;
    esac
done

# in_a_row TEXT: its lines as words of one line.
in_a_row() { printf '%s' "$1" | tr '\n' ' '; }
# column N: the names of that column, one a line, without dashes.
column() { printf '%s\n' "$table" | awk -F'|' -v n="$1" 'NF { gsub(/[ \t]/, "", $n); if ($n != "-" && $n != "") print $n }'; }
# reasons N: of the names on standard input (column N), "  name  why" each.
reasons() {
    { cat; echo '--'; printf '%s\n' "$table"; } | awk -F'|' -v n="$1" '
        $0 == "--" { rest = 1; next }
        !rest { wanted[$0] = 1; next }
        NF { name = $n; gsub(/[ \t]/, "", name); why = $5; sub(/^ +/, "", why); if (name in wanted) printf "  %-32s %s\n", name, why }'
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    system=debian names=1
elif command -v rpm >/dev/null && command -v dnf >/dev/null; then
    system=fedora names=2
elif command -v pacman >/dev/null; then
    system=arch names=3
elif command -v brew >/dev/null; then
    system=homebrew names=4
else
    system=unknown names=1
fi

if $list; then
    column $names | reasons $names
    exit 0
fi

# Rust: present, with a toolchain chosen, and new enough for Cargo.toml. First, for it costs nothing to find out.
root=$(cd "$(dirname "$0")/.." && pwd)
wanted=$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$root/Cargo.toml")
command -v cargo >/dev/null || fail "cargo was not found" "install Rust from https://rustup.rs, then open a new terminal"
version=$(cargo --version 2>/dev/null | awk '{ print $2 }')
[ -n "$version" ] || fail "cargo is here, but no Rust toolchain is chosen" "rustup default stable"
oldest=$(printf '%s\n%s\n' "$wanted" "${version%%-*}" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)
[ "$oldest" = "$wanted" ] || fail "Rust $version is too old: Montage AI needs $wanted" "rustup update stable"

# The wanted packages that are not installed, one a line.
missing() {
    wanted=$(column $names)
    # Names are split on purpose; one that dpkg does not know counts as missing.
    # shellcheck disable=SC2086
    case "$system" in
    debian) here=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' || true) ;;
    fedora) here=$(for name in $wanted; do if rpm -q --whatprovides "$name" >/dev/null 2>&1; then echo "$name"; fi; done) ;;
    arch) here=$(for name in $wanted; do if pacman -Qq "$name" >/dev/null 2>&1; then echo "$name"; fi; done) ;;
    homebrew) here=$(brew list --formula -1) ;;
    *) here= ;;
    esac
    { printf '%s\n' "$here"; echo '--'; printf '%s\n' "$wanted"; } | awk '$0 == "--" { rest = 1; next } !rest { here[$0] = 1; next } !($0 in here)'
}

install_with_apt() {
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "not root, and there is no sudo" "as root: apt-get install --no-install-recommends $(in_a_row "$1")"
        as_root=sudo
    fi
    say "Montage AI needs these system packages${as_root:+ (sudo may ask for your password)}:"
    echo "$1" | reasons 1 >&2
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    # Never a question, neither from a package nor from needrestart; wait for another apt-get instead of failing at once.
    # A failed update is not the end: a broken third-party source must not stop what the others can give.
    # shellcheck disable=SC2086 # names are split on purpose
    if ! { apt update || say "some package lists could not be read"; say "installing (a minute or two) …"; apt install --no-install-recommends $1; }; then
        tail -n 15 "$log" >&2
        fail "apt-get could not install the packages above" "see its messages above; then run make again"
    fi
}
apt() { $as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -y -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1 </dev/null; }

if [ "$system" = unknown ]; then
    # No package manager that we know: let the build speak. It needs GStreamer's development files and nothing else unusual.
    pkg-config --exists 'gstreamer-video-1.0 >= 1.22' 2>/dev/null ||
        fail "GStreamer 1.22 or newer is not here, and this system's package manager is not known to us" "$0 --list names what is needed, by its Debian names"
else
    lacking=$(missing)
    if [ -n "$lacking" ]; then
        case "$system" in
        debian) install_with_apt "$lacking" ;;
        *)
            say "Montage AI needs these system packages first:"
            echo "$lacking" | reasons $names >&2
            case "$system" in
            fedora) command="sudo dnf install" note=" (gstreamer1-plugins-ugly and ffmpeg are in RPM Fusion)" ;;
            arch) command="sudo pacman -S" note= ;;
            *) command="brew install" note= ;;
            esac
            fail "system packages are missing" "$command $(in_a_row "$lacking")$note"
            ;;
        esac
    fi
fi

# python_packages FOLDER PACKAGES…: into an environment of their own; false where they could not be fetched.
python_packages() {
    folder=$1
    shift
    [ -e "$folder/ready" ] && return
    say "installing Python packages into ${folder#"$root/"}: $* …"
    python3 -m venv "$folder" >/dev/null 2>&1 &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" >/dev/null 2>&1 && touch "$folder/ready"
}

# OpenTimelineIO and two of its adapters: independent readers of the timelines that the tests write. Without a network the
# tests say that they were skipped.
if $oracles; then
    python_packages "$root/target/oracles" opentimelineio==0.18.1 otio-fcp-adapter==1.0.0 otio-cmx3600-adapter==1.0.0 ||
        say "they could not be installed: the tests beside them are skipped"
fi
# Peers: timelines, convolutions on the processor, beats, scene changes.
if $peers; then
    python_packages "$root/target/peers" opentimelineio==0.18.1 ncnn numpy librosa scenedetect opencv-python-headless ||
        say "they could not be installed: the figures beside them have no peer"
fi

# ffcine-import: a reader of xmeml and EDL by other people. Compiled beside the editor, so that a fresh clone on the same
# machine finds it compiled.
if $oracles; then
    mkdir -p "$root/target/oracles/bin"
    build="${CARGO_TARGET_DIR:-$root/target}/oracles/ffcine"
    if cargo build --quiet --locked --manifest-path "$root/tests/oracles/ffcine/Cargo.toml" --target-dir "$build" >/dev/null 2>&1; then
        cp -f "$build/debug/ffcine-oracle" "$root/target/oracles/bin/"
    else
        say "ffcine-import could not be compiled: the tests beside it are skipped"
    fi
fi

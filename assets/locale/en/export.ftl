# The export dialog.

export-close = Close export
    .tip = Close; a running export goes on
export-destination = Destination
export-browse = Browse…
export-whole = Whole timeline
export-marked = In to out
    .tip = Mark a range with I and O first
export-start = Start export
export-finished = Finished
export-cancelled = Cancelled; nothing was kept
export-failed = The export did not work
export-progress = Export progress
export-go-on = Go on editing
export-cancel = Cancel export
export-open-folder = Open folder
export-done = Done
export-back = Back
export-no-encoder = no encoder here
export-folder = folder

## Presets by name; a title that is the same in every language has no message

export-preset-h264 =
    .tip = Plays everywhere, in the film's own size
export-preset-h264-1080p =
    .tip = Plays everywhere, 1080 lines
export-preset-hevc =
    .tip = Half the size of H.264, plays on newer devices
export-preset-prores =
    .tip = For further editing: large, 10 bit, every picture on its own
export-preset-webm =
    .tip = For the web, free of licences
export-preset-h264-mkv = H.264 in Matroska
    .tip = H.264 with lossless sound
export-preset-av1 =
    .tip = Smallest files, slow to write
export-preset-wav = Sound only, WAV
    .tip = 24-bit PCM
export-preset-flac = Sound only, FLAC
    .tip = Lossless, half the size of WAV
export-preset-mp3 = Sound only, MP3
    .tip = Plays everywhere
export-preset-m4a = Sound only, AAC
    .tip = Smaller than MP3
export-preset-opus = Sound only, Opus
    .tip = Smallest at the same quality
export-preset-png = PNG sequence
    .tip = A folder of numbered pictures, without sound
export-captions = Captions
    .tip = In the picture everybody sees them; a track can be switched on in the player (MP4, MOV, Matroska); a file beside the film is an .srt.
export-captions-project = As the project says
export-captions-burn = In the picture
export-captions-mux = As a track
export-captions-sidecar = In a file beside it
export-captions-none = None
export-allow-proxies = { $n ->
    [one] One original is missing: use its proxy
   *[other] { $n } originals are missing: use their proxies
}
    .tip = Proxies are small: what is exported from them is less sharp. Relink the originals for full quality.

## Timelines for other programs

export-timeline = Export timeline
    .text = For finishing in another program. The list says what will not arrive as it is.
export-timeline-for = For
export-timeline-generic = Another program
export-timeline-format = Format
export-timeline-otioz = OpenTimelineIO with media
export-timeline-csv = Cut list
export-timeline-start = Write timeline
export-timeline-whole = Everything goes over as it is.
export-timeline-losses = { $lost } left out, { $changed } changed
export-timeline-lost = Left out – { $what }
export-timeline-more = and { $n } more
export-timeline-import = Import timeline
    .text = It opens as a project of its own. What could not be taken over is reported. Media in its folder are looked into; elsewhere only if you say so.
export-timeline-all-media = Also look into media outside of its folder
export-timeline-read = Read timeline

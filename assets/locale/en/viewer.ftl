# Words of the window: viewers, full screen and scopes.

viewer-program = Program viewer
viewer-source = Source viewer
viewer-behind = catching up
viewer-loading = loading
viewer-nothing = Drag media to the timeline to see it here
viewer-timecode = Playhead timecode
viewer-timecode-source = Source timecode
viewer-timecode-tip = Click to type a time
viewer-go-to = Go to timecode
viewer-go-to-source = Go to source timecode
viewer-duration = Duration
viewer-percent = { $n } %
viewer-scrub-program = Program position
viewer-scrub-source = Source position
viewer-start-playback = Start playback
viewer-pause-playback = Pause playback
viewer-start-source = Play source
viewer-pause-source = Pause source
viewer-dropped = { $n } dropped
viewer-dropped-tip = Frames that playback left out to keep up with the sound. Click to count anew.
viewer-quality = Viewer quality
viewer-quality-tip = The picture is drawn at { $width }×{ $height }
viewer-quality-auto = { $now } (auto)
viewer-quality-full = Full
viewer-quality-half = Half
viewer-quality-quarter = Quarter
viewer-quality-low = Low
viewer-zoom = Viewer zoom
viewer-zoom-tip = Size of the picture; Ctrl and the wheel zoom about the pointer, the middle button moves
viewer-fit = Fit
viewer-guides = Viewer guides
viewer-guides-tip = Lines over the picture
viewer-safe-areas = Safe areas
viewer-safe-areas-tip = 93 % for action, 90 % for titles (EBU R 95)
viewer-centre-cross = Centre cross
viewer-thirds = Thirds
viewer-no-mask = No mask
viewer-corner-left-top = Scale handle, left top
viewer-corner-right-top = Scale handle, right top
viewer-corner-right-bottom = Scale handle, right bottom
viewer-corner-left-bottom = Scale handle, left bottom
viewer-before = before
viewer-after = after
viewer-path-of = Camera path of { $name }
viewer-path-x = Left–right
viewer-path-y = Up–down
viewer-path-angle = Turn
viewer-path-zoom = Zoom
viewer-divider = Compare divider
viewer-side-by-side = Side by side
viewer-upscaling = upscaling
viewer-upscaling-share = upscaling { $n } %
viewer-upscaled = upscaled
viewer-upscaled-pixels = 1:1, upscaled pixels
viewer-wipe = Wipe

## Meters

viewer-meters = Sound level
viewer-meters-tip = Sound level: left { $left }, right { $right }
viewer-meters-over = The mix went beyond full scale. Click to put the lamp out.

## Welcome

viewer-welcome = Drop footage here
viewer-welcome-text = Video, sound and pictures; a project file opens
viewer-open-project = Open project…
viewer-add-title = Add a title

## Source

viewer-source-empty = No source
viewer-source-empty-tip = Double-click a media in the bin to look at it here
viewer-close-source = Close source
viewer-step-back-source = Step back in source
viewer-step-forward-source = Step forward in source
viewer-mark-in-source = Mark in of source
viewer-mark-out-source = Mark out of source
viewer-loop-source = Loop source
viewer-marked-length = Length of the marked piece
viewer-waveform = Source waveform
viewer-waveform-loading = reading the sound
viewer-insert = Insert
viewer-overwrite = Overwrite
viewer-replace = Replace
viewer-append = Append
viewer-drag-picture = Picture only
viewer-drag-sound = Sound only
viewer-drag-tip = { $what }: drag to the timeline

## Full screen

viewer-import = Import media…
viewer-full-screen = Full screen picture
viewer-step-back = Step back
viewer-step-forward = Step forward
viewer-leave-full-screen = Leave full screen

## Scopes

viewer-waveform-scope = Waveform
viewer-parade = RGB parade
viewer-vectorscope = Vectorscope
viewer-histogram = Histogram
viewer-all-scopes = All scopes
viewer-choose-scope = Choose scope
viewer-scale-percent = Percent (IRE)
viewer-scale-codes = Code values
viewer-scopes-empty = Nothing to measure
viewer-scopes-empty-tip = Scopes follow the picture that is shown
viewer-program-title = Program
viewer-scopes-tip = Which instruments are shown, and their scale

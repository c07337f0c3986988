# The inspector: what is selected, and everything that can be set of it.

inspector-custom = Custom
inspector-double-click-resets = Double-click to reset
inspector-reset-of = Reset { $name }
inspector-slider-of = { $name } slider
inspector-section-of = { $name } section
inspector-nothing-found = Nothing found
inspector-name = Name
inspector-color = Colour
inspector-duration = Duration
inspector-start = Start
inspector-end = End
inspector-frames =
    { $n ->
        [one] { $n } frame
       *[other] { $n } frames
    }

## Clips

inspector-clip = Clip
inspector-clips =
    { $n ->
        [one] { $n } clip
       *[other] { $n } clips
    }
inspector-clip-name = Clip name
inspector-clip-start = Clip start
inspector-clip-end = Clip end
inspector-clip-duration = Clip duration
inspector-enabled = Enabled
inspector-source-in = Source in
inspector-source-out = Source out
inspector-locked = The track is locked
inspector-locked-some = Some tracks are locked
inspector-unlock = Unlock
inspector-open-sequence = Open sequence
inspector-solid = Colour
inspector-fill = Fill

## Transform

inspector-transform = Transform
inspector-strength = Strength
inspector-reset-transform = Reset transform
inspector-position = Position
inspector-position-x = Position X
inspector-position-y = Position Y
inspector-scale = Scale
inspector-rotation = Rotation
inspector-opacity = Opacity
inspector-crop-sides = Crop ↔
inspector-crop-ends = Crop ↕
inspector-crop-left = Crop left
inspector-crop-right = Crop right
inspector-crop-top = Crop top
inspector-crop-bottom = Crop bottom
inspector-fit = Size
inspector-fit-inside = Fit inside
inspector-fit-fill = Fill frame
inspector-fit-none = Own pixels
inspector-blend = Blend
inspector-blend-normal = Normal
inspector-blend-add = Add
inspector-blend-multiply = Multiply
inspector-blend-screen = Screen

## Key frames

inspector-key-of = { $name } key frame
inspector-key-start = Animate: set a key frame at the playhead
inspector-key-add = Add a key frame at the playhead
inspector-key-remove = Remove the key frame at the playhead
inspector-key-previous = { $name }: previous key frame
inspector-key-next = { $name }: next key frame
inspector-keys-remove-all = Remove all key frames
inspector-curve-of = { $name } curve
inspector-curve-tip = Show the curve
inspector-curve-view-of = { $name } over the clip
inspector-ease = Ease
inspector-ease-linear = Linear
inspector-ease-in = Ease in
inspector-ease-out = Ease out
inspector-ease-in-out = Ease in and out
inspector-ease-hold = Hold

## Sound, fades and speed

inspector-sound = Sound
inspector-gain = Gain
inspector-pan = Pan
inspector-fades = Fades
inspector-fade-in = Fade in
inspector-fade-out = Fade out
inspector-speed = Speed
inspector-speed-percent = Speed
inspector-frozen = frozen
inspector-retime = Duration at this speed
inspector-reverse = Reverse
inspector-freeze = Freeze frame

## Effects

inspector-effects = Effects
inspector-no-effects = No effects. Add one with the plus above.
inspector-effects-differ = The clips have different effects.
inspector-all-effects = All effects
inspector-all-effects-tip = Show the picture with or without its effects
inspector-effects-menu = Effects menu
inspector-effects-copy = Copy effects
inspector-effects-paste = Paste effects
inspector-effects-remove = Remove all effects
inspector-add-effect = Add effect
inspector-search-effects = Search effects
inspector-effect-of = { $name } effect
inspector-effect-on = { $name } on
inspector-effect-menu-of = { $name } menu
inspector-effect-move = Move { $name }
inspector-effect-up = Move up
inspector-effect-down = Move down
inspector-effect-reset = Reset
inspector-effect-remove = Remove
inspector-exposure = Exposure
inspector-exposure-stops = Exposure
inspector-white-balance = White balance
inspector-temperature = Temperature
inspector-tint = Tint
inspector-contrast = Contrast
inspector-contrast-amount = Contrast
inspector-pivot = Pivot
inspector-saturation = Saturation
inspector-saturation-amount = Saturation
inspector-vignette = Vignette
inspector-amount = Amount
inspector-radius = Radius
inspector-softness = Softness
inspector-wheels = Colour wheels
inspector-lift = Lift
inspector-gamma = Gamma
inspector-gain-wheel = Gain
inspector-wheel-of = { $name } wheel
inspector-master-of = { $name } master
inspector-red-of = { $name } red
inspector-green-of = { $name } green
inspector-blue-of = { $name } blue

## Titles

inspector-title = Title
inspector-title-text = Title text
inspector-several-titles = Several titles: their look can be set together.
inspector-presets = Title presets
inspector-preset-title = Centre title
inspector-preset-lower-third = Lower third
inspector-preset-subtitle = Subtitle
inspector-preset-credits = Credits
inspector-preset-corner = Corner note
inspector-font = Typeface
inspector-family = Family
inspector-search-fonts = Search typefaces
inspector-font-missing = Not installed here: Inter stands in
inspector-fonts-sought = Looking for typefaces…
inspector-weight = Weight
inspector-weight-thin = Thin
inspector-weight-extralight = Extra light
inspector-weight-light = Light
inspector-weight-regular = Regular
inspector-weight-medium = Medium
inspector-weight-semibold = Semi-bold
inspector-weight-bold = Bold
inspector-weight-extrabold = Extra bold
inspector-weight-black = Black
inspector-lines = Lines
inspector-italic = Italic
inspector-align-left = Align left
inspector-align-middle = Align centre
inspector-align-right = Align right
inspector-text-size = Text size
inspector-line-height = Line height
inspector-tracking = Tracking
inspector-text-color = Text colour
inspector-place = Place
inspector-place-frame = Place of the title
inspector-place-top-left = Top left
inspector-place-top = Top
inspector-place-top-right = Top right
inspector-place-left = Left
inspector-place-middle = Middle
inspector-place-right = Right
inspector-place-bottom-left = Bottom left
inspector-place-bottom = Bottom
inspector-place-bottom-right = Bottom right
inspector-title-x = Title across
inspector-title-y = Title down
inspector-edges = Outline and shadow
inspector-outline = Outline
inspector-outline-color = Outline colour
inspector-shadow = Shadow
inspector-shadow-offset = Offset
inspector-shadow-x = Shadow across
inspector-shadow-y = Shadow down
inspector-shadow-blur = Blur
inspector-shadow-color = Shadow colour

## Transitions

inspector-transition = Transition
inspector-kind = Kind
inspector-cross-dissolve = Cross dissolve
inspector-dip = Dip to colour
inspector-wipe = Wipe
inspector-slide = Slide
inspector-push = Push
inspector-angle = Angle
inspector-dial-of = { $name } dial
inspector-from = From
inspector-from-left = From the left
inspector-from-top = From the top
inspector-from-right = From the right
inspector-from-bottom = From the bottom
inspector-timing = Timing
inspector-transition-duration = Transition duration
inspector-alignment = Alignment
inspector-align-center = Centre at cut
inspector-align-start = Start at cut
inspector-align-end = End at cut
inspector-before-cut = Before cut
inspector-after-cut = After cut
inspector-remove-transition = Remove transition

## Markers

inspector-caption = Caption
inspector-caption-text = Text of the caption
inspector-caption-start = Caption start
inspector-caption-duration = Caption duration
inspector-caption-language = Language
    .none = Not said
inspector-language-arabic = Arabic
inspector-language-hindi = Hindi
inspector-language-japanese = Japanese
inspector-language-russian = Russian
inspector-language-ukrainian = Ukrainian
inspector-language-chinese = Chinese
inspector-burn-captions = Part of the finished picture
    .tip = Draw captions into the film that is exported; the viewer shows them in any case
inspector-remove-caption = Remove caption
inspector-marker = Marker
inspector-marker-name = Marker name
inspector-marker-color = Marker colour { $n }
inspector-marker-start = Marker start
inspector-marker-duration = Marker duration
inspector-note = Note
inspector-marker-note = Marker note
inspector-remove-marker = Remove marker

## Sequence

inspector-select-something = Select a clip to change it
inspector-project = Project
inspector-project-name = Project name
inspector-sequence = Sequence
inspector-sequence-name = Sequence name
inspector-sequence-n = Sequence { $n }
inspector-sequences = Sequences
inspector-add-sequence = Add sequence
inspector-open-sequence-of = Open { $name }
inspector-remove-sequence = Remove { $name }
inspector-frame-size = Frame size
inspector-size-upright = { $w }×{ $h } upright
inspector-size-square = { $w }×{ $h } square
inspector-frame-rate = Frame rate
inspector-start-timecode = Starts at
inspector-drop-frame = Drop frame
inspector-color-space = Colour space
inspector-clip-count = Clips
inspector-tracks = Tracks
inspector-track-counts = { $video } video, { $audio } audio
inspector-track-volumes = Track volumes
inspector-track-volume = { $name } volume
inspector-format = Format

## Media

inspector-media-count =
    { $n ->
        [one] { $n } medium
       *[other] { $n } media
    }
inspector-file = File
inspector-media-name = Media name
inspector-folder = Folder
inspector-no-folder = None
inspector-container = Container
inspector-relink = Relink file…
inspector-offline = Offline: { $why }
inspector-ended-early = Ends early, at { $at }
inspector-picture = Picture
inspector-size = Size
inspector-variable-rate = variable, { $rate } on average
inspector-frame-count = Frames
inspector-codec = Codec
inspector-samples = Samples
inspector-turned = Turned
inspector-sample-rate = Rate
inspector-channels = Channels
inspector-color-section = Colour
inspector-color-override = Override
inspector-assumed = { $what }, assumed
inspector-range = Range
inspector-range-full = Full
inspector-range-limited = Limited
inspector-primaries = Primaries
inspector-transfer = Transfer
inspector-matrix = Matrix

## Stabilisation of clips

inspector-stabilize = Stabilisation
inspector-stabilize-on = Stabilise
inspector-stabilize-missing = The camera's motion is not known yet; the picture is shown as it is.
inspector-stabilize-analyse = Analyse motion
inspector-stabilize-analysing = Analysing the camera's motion: { $percent } %
inspector-stabilize-kept = Picture kept
    .tip = Share of the picture's area that stays in sight
inspector-stabilize-jitter = Jitter
    .tip = How far the camera strays from an even motion, as measured and as planned, in a picture 960 pixels wide
inspector-stabilize-nothing = No motion could be measured: the picture is left as it is
inspector-stabilize-few = Too short to tell shaking from motion: the picture is left as it is
inspector-stabilize-weak = { $n } of { $of } frames could not be measured; the path between is a guess
inspector-stabilize-steady = The camera is steady already
inspector-stabilize-binds = In { $n } of { $of } frames only a larger crop would make it steadier
inspector-stabilize-shots = { $n } shots, each with a path of its own
inspector-stabilize-smoothness = Smoothness
inspector-stabilize-crop = Max. crop
inspector-stabilize-zoom = Zoom
inspector-stabilize-zoom-static = Steady
inspector-stabilize-zoom-dynamic = Follows
inspector-stabilize-zoom-none = None
inspector-stabilize-border = Border
inspector-stabilize-border-crop = Empty
inspector-stabilize-border-mirror = Mirrored
inspector-stabilize-border-fill = Stretched
inspector-stabilize-tripod = Tripod
inspector-stabilize-horizon = Lock horizon
inspector-stabilize-rolling = Rolling shutter
inspector-stabilize-rolling-auto = As measured
inspector-stabilize-rolling-ms = By hand
inspector-stabilize-rolling-off = Leave
inspector-stabilize-readout = Readout

## Why a montage put a clip where it is

inspector-why = Why this shot here
inspector-why-nothing = It was what was left.
inspector-why-more = { $n } more counted less
inspector-why-locked = Stays when others are chosen anew
inspector-why-reroll = Another shot here; all others stay
inspector-why-refused = { $n ->
    [one] 1 shot was tried here before
   *[other] { $n } shots were tried here before
 }
inspector-caption-style = Look
inspector-caption-clean = Clean
inspector-caption-boxed = Boxed
inspector-caption-bold = Bold
inspector-caption-karaoke = Spoken word lit
inspector-caption-short = Upright short

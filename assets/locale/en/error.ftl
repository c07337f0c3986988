# What goes wrong, in one line without a capital and without a full stop: it may stand behind a prefix. `.hint`: what to do.

error-edit-not-there = { $what } is not in the sequence
error-edit-not-in-project = { $what } is not in the project
error-edit-id-in-use = the id { $id } is already in use
    .hint = choose an id above every id in the project
error-edit-twice = { $what } is named twice in one command
error-edit-locked = track “{ $track }” is locked
    .hint = unlock the track in its header
error-edit-wrong-kind = “{ $clip }” has no { $wanted } and cannot go on track “{ $track }”
    .hint = pictures go on video tracks, sound on audio tracks
error-edit-overlap = “{ $clip }” would overlap “{ $other }”
    .hint = make room first, or place it by overwriting or rippling
error-edit-caption-there = another caption stands where “{ $text }” would
    .hint = move or shorten one of the two first
error-edit-outside-media = “{ $clip }” would reach beyond its media
    .hint = trim it less, or slow it down
error-edit-outside-clip = frame { $frame } is not inside “{ $clip }”
error-edit-before-start = “{ $clip }” would start before the timeline
error-edit-too-long = “{ $clip }” would end past the longest possible timeline
error-edit-not-a-cut = “{ $left }” and “{ $right }” do not meet at a cut
    .hint = a transition needs two clips side by side on one track
error-edit-transition-there = there already is a transition after “{ $left }”
error-edit-empty-transition = a transition needs at least one frame and none below zero
error-edit-no-handles = the transition needs { $needed } frames of “{ $clip }” beyond the cut, and there are { $available }
    .hint = shorten the transition, or trim the clip to leave media beyond the cut
error-edit-transition-too-long = the transition is longer than “{ $clip }” has room for
    .hint = shorten the transition
error-edit-media-in-use = “{ $media }” is used by “{ $clip }”
    .hint = delete its clips first
error-edit-wrong-content = “{ $clip }” is not a { $wanted ->
    [title] title
    [colour] colour
   *[media] piece of media
 }
error-edit-empty-range = frames { $from } to { $to } are no stretch of the timeline
error-edit-no-gap = there is no gap at frame { $frame }
error-edit-ends-apart = the end of “{ $clip }” does not lie at the same frame as the others, or on the same track
error-edit-no-cut = no clip follows “{ $clip }” at a cut
error-edit-shows-itself = “{ $clip }” would show the sequence that it lies in
error-edit-sequence-in-use = sequence “{ $sequence }” is shown by “{ $clip }”
    .hint = delete the clips that show it first
error-edit-no-folder = “{ $folder }” is not a folder of the bin
error-edit-folder-there = there already is a folder “{ $folder }”
error-edit-nothing = nothing is selected
error-edit-no-place = there is no place { $index } among { $tracks } tracks
error-edit-no-ids = no ids are left above those in use
error-edit-invalid = { $problem }

error-media-init = GStreamer could not be started: { $reason }
    .hint = install GStreamer 1.22 or newer (Debian: gstreamer1.0-plugins-base)
error-media-not-found = the file does not exist: { $path }
    .hint = check the path; a moved file can be linked again
error-media-unreadable = the file cannot be opened ({ $reason }): { $path }
    .hint = check that you may read the file
error-media-empty = the file is empty: { $path }
    .hint = copy or download the file again
error-media-not-media = { $found }, not a video, sound or picture: { $path }
    .hint = choose a video, sound or picture file (mp4, mov, mkv, webm, avi, wav, mp3, flac, ogg, png, jpg, webp)
error-media-damaged = the file is damaged or incomplete ({ $reason }): { $path }
    .hint = copy or download the file again; a recording that was cut off may need a repair tool
error-media-no-video = the file has no picture: { $path }
    .hint = use the file on an audio track
error-media-no-audio = the file has no sound: { $path }
    .hint = use the file on a video track
error-media-no-decoder = no decoder for { $codec } is installed: { $path }
    .hint = convert the file to another codec, for example with ffmpeg
error-media-install = install the package { $package }
error-media-decode = decoding failed ({ $reason }): { $path }
    .hint = the file may be damaged; try to play it in another program
error-media-stalled = reading did not answer within { $secs } s while { $doing }: { $path }
    .hint = try again; if it happens every time the file or its disk is damaged
error-media-too-large = a picture of { $width }×{ $height } is too large: { $path }
    .hint = scale the picture down first
error-media-probe-died = the file could not be examined ({ $reason }): { $path }
    .hint = the file made its decoder crash or run without end; convert it first, for example with ffmpeg
error-media-cancelled = cancelled
error-media-output = no sound output could be opened: { $reason }
    .hint = install gstreamer1.0-plugins-base
error-media-unwritable = the file cannot be written: { $reason }: { $path }
    .hint = choose another folder, or allow writing there
error-media-busy = another export is writing this file: { $path }
    .hint = wait until it has finished, or choose another name
error-media-disk-full = the disk is full: { $path }
    .hint = free some space or choose another disk; nothing was left behind
error-media-no-space = about { $needed } are needed and { $free } are free: { $path }
    .hint = free some space or choose another disk; nothing was left behind
error-media-no-room = there is no room for the rest of { $path }: about { $needed } more are needed and { $free } are free in { $folder }
    .hint = free some space there or clear the cache (Settings, or montage-ai jobs cache --clear), then try again
error-media-no-encoder = no encoder for { $codec } is installed
    .hint = install { $package }, or choose another preset
error-media-mismatch = { $what } cannot be written into { $container } files
    .hint = choose another container or codec
error-media-encoder-failed = the encoder failed: { $reason }
    .hint = try another preset, or the software encoder
error-media-encoder-stalled = the encoder made no progress for { $secs } seconds
    .hint = try another preset, or the software encoder
error-media-probe = { $message }
error-media-bad-input = { $what }

error-export-empty = the timeline is empty
    .hint = put a clip on the timeline, or choose another range
error-export-bad-range = the range { $from } to { $to } holds no frame of the timeline
    .hint = put a clip on the timeline, or choose another range
error-export-broken = the project itself is broken: { $problem }
    .hint = undo the last step, or open an earlier version of the project
error-export-over-input = the export would overwrite a file that the film uses: { $path }
    .hint = choose another name
error-export-offline = { $n ->
    [one] a file of the film is missing: { $files }
   *[other] { $n } files of the film are missing: { $files }
 }
    .hint = bring the files back or relink them, or remove their clips
error-export-not-steadied = not stabilised, for the motion of its camera was not analysed: { $clip }
error-export-from-proxy = exported from its proxy, for the original is missing: { $path }
error-export-no-sound = the film has no sound to export
    .hint = put a clip on an audio track, or choose a preset with pictures
error-export-no-text-track = a { $container } file has no track for captions
    .hint = choose MP4, MOV or Matroska, or captions in a file of their own
error-export-too-long-for-wav = the sound is longer than a WAV file can hold (4 GiB)
    .hint = choose FLAC, which has no such limit, or export a shorter range
error-export-render = frame { $frame } could not be drawn: { $reason }
    .hint = try the processor in place of the graphics card (--cpu)
error-export-cancelled = the export was cancelled
error-export-stopped = the export stopped unexpectedly: { $reason }
    .hint = this is a defect: please report it with the log
error-export-media = { $message }

error-store-read = cannot open: { $reason }: { $path }
    .hint = check the file's permissions
error-store-check-path = check the path
error-store-write = cannot save: { $reason }: { $path }
    .hint = save to another folder
error-store-free-space = free some space, or save to another disk
error-store-not-text = not a text file (line { $line }, column { $column }): { $path }
    .hint = a project is a text file in RON; repair that place, or go back to an earlier copy
error-store-malformed = line { $line }, column { $column }: { $what }: { $path }
    .hint = a project is a text file in RON; repair that place, or go back to an earlier copy
error-store-newer = made by a newer version of Montage AI (file version { $version }, this program reads up to { $known }): { $path }
    .hint = update Montage AI
error-store-unknown-version = file version { $version } never existed: { $path }
    .hint = go back to an earlier copy, or repair it in a text editor
error-store-unsound = the project is damaged: { $problems }{ $further ->
    [0] { "" }
   *[other] ; and { $further } more
 }: { $path }
    .hint = go back to an earlier copy, or repair it in a text editor
error-store-unwritable = cannot write the document as text: { $what }
error-store-io-not-found = no such file or folder
error-store-io-permission = permission denied
error-store-io-full = the disk is full
error-store-io-folder = it is a folder
error-store-io-read-only = the file system is read-only

error-render-lost = the graphics device was lost
    .hint = Restart the program; --cpu draws on the processor
error-render-no-adapter = no graphics adapter was found
    .hint = Install a Vulkan driver (Debian: mesa-vulkan-drivers), or draw on the processor with --cpu
error-render-too-large = a picture of { $width }×{ $height } is larger than this device can hold
    .hint = Choose a smaller sequence size
error-render-no-such-adapter = no graphics adapter is called { $name }
    .hint = `montage-ai doctor` lists the adapters
error-render-device = { $reason }
    .hint = Draw on the processor with --cpu

## Proxies

error-proxy-no-picture = a proxy is made of a picture, and this file has none: { $path }
error-proxy-still = a still picture needs no proxy: { $path }
error-proxy-transparent = a proxy would lose the transparency of this film: { $path }
    .hint = it is shown from the original
error-proxy-media = no proxy was made: { $message }
error-proxy-convert = the pictures could not be made smaller: { $reason }
error-proxy-thread = the machine gives no further thread: { $reason }
error-proxy-ran-dry = the film has fewer pictures than it says, and no proxy was made
error-proxy-cancelled = cancelled; no proxy was made

## Networks

error-ml-unreadable = the weights cannot be read ({ $reason }): { $path }
error-ml-not-weights = this is no file of weights: { $path }
    .hint = .pth, .safetensors, ncnn's .param with its .bin, and Burn's .bpk are read
error-ml-code = this file would run code ({ $name }) and is refused: { $path }
    .hint = get the weights from where they were published, or as .safetensors
error-ml-damaged = the weights are damaged ({ $reason }): { $path }
    .hint = fetch the file again
error-ml-missing = the weights lack { $key }: { $path }
error-ml-shape = { $key } is { $found } and should be { $wanted }: { $path }
error-ml-not-finite = { $key } holds numbers that are none: { $path }
    .hint = fetch the file again
error-ml-unknown = the weights are of an unknown network ({ $key }): { $path }
    .hint = SRVGGNetCompact and RRDBNet are known, the networks of Real-ESRGAN
error-ml-no-twin = the model and its twin do not fit together ({ $key }): { $path }
error-ml-no-model = there is no model { $name }
    .hint = `montage-ai models list` shows the names
error-ml-not-here = the model { $name } is not on this machine
    .hint = `montage-ai models pull { $name }` fetches it
error-ml-no-strength = the model { $name } has no strength against noise that could be set
    .hint = realesr-general-x4v3 has one
error-ml-download = the model could not be fetched ({ $reason }): { $url }
    .hint = fetch it again: it goes on where it stopped; or fetch it elsewhere and use --from FOLDER
error-ml-wrong-sum = { $file } is not the file it should be: its SHA-256 is { $found } and should be { $wanted }
    .hint = nothing of it was kept; fetch it from another place
error-ml-unwritable = the model cannot be written ({ $reason }): { $path }
error-ml-size = a picture of { $width }×{ $height } cannot be made larger
error-ml-memory = the graphics device has no memory for even the smallest tile
    .hint = compute on the processor with --cpu
error-ml-device = the graphics device failed: { $reason }
    .hint = compute on the processor with --cpu
error-ml-cancelled = cancelled; no picture was made

## Making pictures larger

error-upscale-no-picture = there is no picture in this file to make larger: { $path }
error-upscale-transparent = this film is partly transparent, which a larger one could not be: { $path }
    .hint = export it as PNG files and make those larger
error-upscale-too-large = the result would have { $width }×{ $height } pixels; { $most } a side are the most
    .hint = choose a smaller scale
error-upscale-too-large-to-view = pictures of { $width }×{ $height } are not upscaled in the viewer
error-upscale-empty-range = there is no picture from { $from } to { $to }; the film has { $frames }
    .hint = pictures are counted from 0, and the last one of a range is not part of it
error-upscale-still-range = a picture has no in and out point: { $path }
error-upscale-media = nothing was made larger: { $message }
error-upscale-ran-dry = the film has fewer pictures than it says, and nothing was made larger
error-upscale-cancelled = cancelled; nothing was made larger
error-upscale-extension = nothing is written under such a name: { $path }
    .hint = a picture becomes .png, .jpg or .webp; a film .mp4, .mov, .mkv or .webm

error-steady-no-picture = shake is measured in a picture, and this file has none: { $path }
error-steady-still = a still picture does not shake: { $path }
error-steady-media = the camera's motion was not measured: { $message }
error-steady-thread = the machine gives no further thread: { $reason }
error-steady-cancelled = cancelled; the camera's motion was not measured
error-speech-no-engine = no model of speech is on this machine, and no recogniser is set up
    .hint = `montage-ai models pull { $model }` fetches one that fits this machine; or set MONTAGE_AI_SPEECH_URL to a server with OpenAI's interface, such as http://127.0.0.1:8000/v1; or import a transcript (.srt, .vtt, .json)
error-speech-no-model = the model of speech { $name } is not on this machine
    .hint = `montage-ai models pull { $name }` fetches it, if it is one of `montage-ai models list`; a path to a ggml file of Whisper is taken too
error-speech-processor = this processor cannot recognise speech: it lacks { $lacks }
    .hint = use a recogniser elsewhere: set MONTAGE_AI_SPEECH_URL
error-speech-model = the model of speech cannot be used ({ $reason }): { $path }
    .hint = fetch it again with `montage-ai models pull`; ggml files of Whisper are read
error-speech-engine = the recogniser failed: { $reason }
    .hint = a smaller model needs less memory
error-speech-language = the recogniser knows no language { $code }
    .hint = write a code such as de, or auto
error-speech-english-only = this model knows English only, not { $code }
    .hint = take a model without .en in its name
error-speech-address = the recogniser's address cannot be used ({ $reason }): { $url }
    .hint = set MONTAGE_AI_SPEECH_URL to an address such as http://127.0.0.1:8000/v1
error-speech-unreachable = the recogniser does not answer ({ $reason }): { $url }
    .hint = start it, or see that the address is right
error-speech-slow = the recogniser took longer than { $secs } s: { $url }
    .hint = a smaller model is quicker
error-speech-refused = the recogniser said no ({ $status } { $reason }): { $url }
    .hint = see that the model is there and the key in MONTAGE_AI_SPEECH_KEY is right
error-speech-nonsense = what the recogniser answered is no transcript ({ $reason }): { $url }
    .hint = it must understand POST /audio/transcriptions with response_format=verbose_json
error-speech-cancelled = the recognition was cancelled
error-speech-not-kept = the words could not be kept ({ $reason }): { $path }
    .hint = make room on that disk; `montage-ai jobs cache --clear` removes what can be made again
error-speech-no-sound = there is no sound in it: { $path }
    .hint = choose a file with speech

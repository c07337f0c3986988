# The dialog that makes media larger.

upscale-title = Upscale
upscale-several = { $n } media
upscale-model = Model
upscale-more-models = { $n } more that can be fetched
upscale-size = Size
upscale-length = Length
upscale-whole = Whole film
upscale-in-out = In to out point
upscale-in-out-at = In { $from } to out { $to } ({ $n } frames)
upscale-no-marks = Mark in and out in the source viewer first
upscale-part-note = The part becomes a film of its own beside the original and comes into the bin; its sound is cut to the sample.
upscale-looking = Looking for models…
upscale-no-model = There is no model on this machine. Drop a file of weights on the window, or fetch one.
upscale-get = Not here yet: montage-ai models pull { $name }
upscale-model-own = Comes with the program: quick, for footage of cameras
upscale-model-yours = Your own
upscale-not-larger = The media already are that large.
upscale-measuring = Measuring how quick this machine is…
upscale-estimate = About { $time } on this machine, by what was just measured
upscale-result-note = The result takes the original's place in the project and can be taken out again; the sound stays as it is.
upscale-start = Upscale

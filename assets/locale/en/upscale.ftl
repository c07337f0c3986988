# The dialog that makes media larger.

upscale-title = Upscale
upscale-several = { $n } media
upscale-model = Model
upscale-size = Size
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

# What commands are called in menus, buttons, the command palette and the shortcut help; `.tip` says in a sentence what they do.
# A key is `command-` and the name of the CommandId with dashes.

## File

command-new = New project
    .tip = Start an empty project
command-open = Open…
    .tip = Open a project file
command-import = Import media…
    .tip = Bring video, sound and pictures into the project
command-import-folder = Import folder…
    .tip = Bring all media of a folder into the project, in a folder of its name
command-new-folder = New folder
    .tip = Make a folder in the media bin
command-relink-missing = Relink missing media…
    .tip = Look for all missing files in a folder, by name and size
command-remove-unused = Remove unused media
    .tip = Take out of the project what no clip uses
command-save = Save
    .tip = Save the project
command-save-as = Save as…
    .tip = Save the project under another name
command-export = Export…
    .tip = Write the finished film
command-quit = Quit
    .tip = Close the editor

## Edit

command-undo = Undo
    .tip = Take the last change back
command-redo = Redo
    .tip = Do the change again
command-delete = Delete
    .tip = Remove what is selected and leave a gap
command-ripple-delete = Ripple delete
    .tip = Remove the selected clips and close the gap
command-select-all = Select all
    .tip = Select every clip
command-select-none = Select nothing
    .tip = Clear the selection
command-find-media = Find media
    .tip = Search the media bin

command-settings = Settings…
    .title = Settings
    .tip = Language, looks, keys and how the editor behaves

## Clip

command-split = Split at playhead
    .tip = Cut the selected clips, or all clips, at the playhead
command-trim-start = Trim start to playhead
    .tip = The clip under the playhead starts here
command-trim-end = Trim end to playhead
    .tip = The clip under the playhead ends here
command-dissolve = Add cross dissolve
    .tip = Blend the two clips at the cut nearest to the playhead
command-title = Add title
    .tip = Put a title above the picture at the playhead
command-append = Append selected media
    .tip = Put the selected media at the end of the timeline
command-toggle-enabled = Switch clip on or off
    .tip = A clip that is off is neither seen nor heard
command-link = Link or unlink
    .tip = Linked clips are selected and moved together

## Timeline

command-select-tool = Select tool
    .tip = Select, move and trim clips
command-razor-tool = Razor tool
    .tip = Click a clip to cut it there
command-snapping = Snapping
    .tip = Moving things catch on cuts, markers and the playhead (hold Alt to turn it around)
command-add-marker = Add marker
    .tip = Mark the frame under the playhead
command-mark-in = Mark in
    .tip = The range to export starts at the playhead
command-mark-out = Mark out
    .tip = The range to export ends after the playhead
command-clear-marks = Clear in and out
    .tip = Export the whole timeline again
command-add-video-track = Add video track
    .tip = A new track above the others
command-add-audio-track = Add audio track
    .tip = A new track below the others
command-remove-empty-tracks = Remove empty tracks
    .tip = Keep one video and one audio track at least
command-zoom-in = Zoom in
    .tip = See more detail in time
command-zoom-out = Zoom out
    .tip = See more time
command-zoom-fit = Zoom to fit
    .tip = See the whole timeline

## Playback

command-play-pause = Play or pause
    .tip = Play from the playhead, or stop there
command-shuttle-forward = Play forward
    .tip = Again: twice as fast, up to 8×. With K held: one frame, or slowly while the key is down
command-pause = Pause
    .tip = Stop at the playhead
command-shuttle-back = Play backward
    .tip = Again: twice as fast, up to 8×. With K held: one frame, or slowly while the key is down
command-back-second = Back one second
    .tip = Move the playhead one second back
command-step-back = Step back
    .tip = One frame back
command-step-forward = Step forward
    .tip = One frame forward
command-step-back-far = Ten frames back
    .tip = Ten frames back
command-step-forward-far = Ten frames forward
    .tip = Ten frames forward
command-go-to-start = Go to start
    .tip = Move the playhead to the first frame
command-go-to-end = Go to end
    .tip = Move the playhead to the last frame
command-previous-cut = Previous cut
    .tip = Move the playhead to the cut before
command-next-cut = Next cut
    .tip = Move the playhead to the next cut

## View

command-quality-auto = Viewer quality: automatic
    .tip = Full when still, as fine as keeps up when playing
command-quality-full = Viewer quality: full
    .tip = Every pixel of the sequence
command-quality-half = Viewer quality: half
    .tip = Half the width and height: quicker, a little softer
command-quality-quarter = Viewer quality: quarter
    .tip = A quarter of the width and height: quickest
command-media-panel = Media
    .tip = Show or hide the media
command-program-panel = Program
    .tip = Show or hide the program viewer
command-timeline-panel = Timeline
    .tip = Show or hide the timeline
command-inspector-panel = Inspector
    .tip = Show or hide the inspector
command-maximise-panel = Maximise panel
    .tip = Give all room to the panel under the pointer, or take it back
command-reset-layout = Reset layout
    .tip = Put all panels back where they were at first
command-fullscreen-viewer = Full-screen viewer
    .tip = Fill the screen with the picture; Esc leaves it
command-switch-theme = Light or dark
    .tip = Switch between the light and the dark window
command-fullscreen = Full screen
    .tip = Fill the screen with the window
command-larger-text = Larger text
    .tip = Draw text and controls larger
command-smaller-text = Smaller text
    .tip = Draw text and controls smaller
command-usual-text = Usual text size
    .tip = Draw text and controls as large as the screen says
command-palette = Command palette…
    .tip = Find any command by a few letters and run it
command-shortcuts = Keyboard shortcuts
    .tip = All keys at a glance
command-edit-shortcuts = Customise shortcuts…
    .title = Keyboard shortcuts
    .tip = Change keys, or take those of another editor

## Viewers

command-scrub-sound = Scrub sound
    .tip = Hear short pieces of the sound while scrubbing and stepping
command-loop-playback = Loop playback
    .tip = Play the marked range, or everything, over and over
command-switch-viewer = Switch viewer
    .tip = Let the keys work in the other viewer
command-open-in-source = Open in source viewer
    .tip = Show the selected media or clip in the source viewer
command-match-frame = Match frame
    .tip = Show the frame under the playhead in the source viewer
command-close-source = Close source viewer
    .tip = Take the source out of its viewer
command-insert-source = Insert source
    .tip = Put the marked piece in at the playhead and move the rest
command-overwrite-source = Overwrite with source
    .tip = Put the marked piece over what is at the playhead
command-replace-source = Replace with source
    .tip = Put the source in the place of the selected clip
command-append-source = Append source
    .tip = Put the marked piece at the end of the timeline
command-source-panel = Source
    .tip = Show or hide the source viewer
command-scopes-panel = Scopes
    .tip = Waveform, vectorscope and histogram of the picture
command-compare = Compare
    .tip = The picture before and after effects, with a divider

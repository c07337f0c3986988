# Words of the window: edits.

edits-dissolve = Cross dissolve
edits-dip-black = Dip to black
edits-dip-white = Dip to white
edits-wipe = Wipe
edits-slide = Slide
edits-push = Push
edits-transition = { $kind } · { $frames } frames
edits-no-handles = the clips have no media beyond this cut; trim them a little first
edits-no-cut = there is no cut without a transition; put two clips side by side first
edits-no-range = mark an in and an out point first
edits-no-gaps = there is no gap to close
edits-nested-name = Nested sequence { $n }
edits-no-picture = there is no moving picture under the playhead
edits-no-speed = none of the selected clips has a speed
edits-clipboard-empty = the clipboard holds no clips
edits-clipboard-overlap = the clips of the clipboard lie over one another: { $clip }
edits-title-text = Title

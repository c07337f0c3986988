# Words of the window: edits.

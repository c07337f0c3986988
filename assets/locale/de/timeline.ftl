# Words of the window: timeline.

# Words of the window: viewer.

# Words of the window: bin.

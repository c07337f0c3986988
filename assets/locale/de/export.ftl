# Words of the window: export.

# Words of the window: inspector.

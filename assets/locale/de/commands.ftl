# Words of the window: commands.

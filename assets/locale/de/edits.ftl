# Words of the window: edits.

edits-dissolve = Überblendung
edits-dip-black = Über Schwarz
edits-dip-white = Über Weiß
edits-wipe = Wischblende
edits-slide = Hereinschieben
edits-push = Wegschieben
edits-transition = { $kind } · { $frames } Bilder
edits-no-handles = Die Clips haben an diesem Schnitt kein weiteres Material; trimmen Sie sie erst ein wenig
edits-no-cut = Es gibt keinen Schnitt ohne Übergang; legen Sie erst zwei Clips nebeneinander
edits-no-range = Setzen Sie erst einen In- und einen Out-Punkt
edits-no-gaps = Es gibt keine Lücke zu schließen
edits-nested-name = Verschachtelte Sequenz { $n }
edits-no-picture = An der Abspielposition ist kein bewegtes Bild
edits-no-speed = Keiner der ausgewählten Clips hat eine Geschwindigkeit
edits-clipboard-empty = In der Zwischenablage sind keine Clips
edits-clipboard-overlap = Die Clips der Zwischenablage liegen übereinander: { $clip }
edits-title-text = Titel

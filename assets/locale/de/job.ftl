# Was die Hintergrundaufträge selbst sagen.

job-panicked = dieser Auftrag scheiterte an einem Fehler im Programm: { $message }
    .hint = noch einmal versuchen; scheitert er wieder, mit dieser Meldung melden
job-no-work-folder = der Arbeitsordner des Auftrags lässt sich nicht anlegen ({ $reason }): { $path }
    .hint = prüfen, ob Platz ist und der Ordner beschrieben werden darf
job-predecessor-failed = nicht begonnen, weil Auftrag { $id } davor scheiterte
    .hint = zuerst jenen wiederholen
job-no-runner = diese Fassung kann keine Aufträge der Art „{ $kind }“
job-no-journal = die Auftragsliste ist nicht benutzbar ({ $reason }): { $path }
    .hint = Aufträge laufen trotzdem, sind aber beim Beenden vergessen
job-newer-journal = die Auftragsliste stammt von einer neueren Fassung des Programms: { $path }
    .hint = Aufträge laufen trotzdem, sind aber beim Beenden vergessen; Programm aktualisieren, um sie zu sehen
job-not-entered = der Auftrag konnte nicht in die Liste eingetragen werden ({ $reason })
    .hint = prüfen, ob die Platte voll ist
job-no-thread = der Rechner gibt keinen weiteren Thread her: { $reason }
    .hint = andere Programme schließen
job-no-space = auf dem Datenträger ist nicht genug Platz: { $needed } nötig, { $free } frei: { $path }
    .hint = Platz schaffen oder den Zwischenspeicher leeren, dann noch einmal versuchen

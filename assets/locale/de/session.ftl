# Was das Programm über Dateien, nicht gespeicherte Arbeit, Versionen und andere Fenster sagt. Ohne Punkt am Ende. `.hint`: was
# zu tun ist.

session-saved = { $path } gespeichert
session-no-file = das Projekt hat noch keine Datei
    .hint = „Speichern unter“ verwenden
session-changed-meanwhile = nicht geöffnet, weil sich dieses Projekt inzwischen geändert hat: { $path }
    .hint = noch einmal öffnen

## Nach einem Absturz

session-recovered =
    { $n ->
        [one] { $n } Änderung an „{ $name }“ von vor dem Absturz wiederhergestellt
       *[other] { $n } Änderungen an „{ $name }“ von vor dem Absturz wiederhergestellt
    }
    .hint = speichern, um sie zu behalten, rückgängig machen, um sie zu verwerfen
    .stopped = die letzten ließen sich nicht wiederholen: { $why }
    .moved = die Datei ist in einem anderen Fenster geöffnet: unter einem anderen Namen speichern
    .newer = die Datei wurde seitdem geändert; Speichern ersetzt sie, sie bleibt unter den früheren Versionen
    .differs = es kann von dem abweichen, was zu sehen war: vor dem Speichern durchsehen
session-unrecovered = nicht gespeicherte Arbeit von vor einem Absturz ließ sich nicht wiederherstellen ({ $why }); ihre Wiederherstellungsdatei liegt unter { $place }
session-unrecovered-damaged = sie ist beschädigt
session-part-kept = ein Teil der Wiederherstellungsdatei ließ sich nicht verwenden; sie liegt unter { $place }
session-no-such-step = diesen Schritt gibt es nicht
session-journal-failed = Änderungen sind zurzeit nicht vor einem Absturz geschützt: { $reason }

## Andere Fenster

session-holder = Prozess { $pid } auf { $host }
session-holder-unknown = ein anderes Fenster
session-taken = { $file } ist in einem anderen Fenster geöffnet ({ $who }): schreibgeschützt
    .hint = mit „Speichern unter“ an einer Kopie arbeiten
session-read-only = das Projekt ist schreibgeschützt: es ist in einem anderen Fenster geöffnet
    .hint = mit „Speichern unter“ an einer Kopie arbeiten
session-save-taken = Speichern nicht möglich, weil das Projekt in einem anderen Fenster geöffnet ist ({ $who }): { $path }
    .hint = einen anderen Namen wählen oder das andere Fenster schließen

## Frühere Versionen

session-version = dies ist die Version von { $when }
    .hint = speichern, um sie zur aktuellen zu machen; die ersetzte bleibt unter den Versionen

## Abspielen und Exportieren

session-silent = der Ton von { $name } lässt sich nicht lesen: { $why }
    .hint = das Bild läuft ohne ihn weiter; die Datei prüfen und noch einmal abspielen
session-exported =
    { $frames ->
        [one] { $path } exportiert ({ $frames } Bild)
       *[other] { $path } exportiert ({ $frames } Bilder)
    }
session-no-preset = es gibt keine Exportvorgabe { $preset }
    .hint = eine aus der Liste wählen
session-export-broke = der Export ist unerwartet gescheitert
    .hint = das ist ein Fehler im Programm: bitte mit dem Protokoll melden
session-export-not-started = der Export ließ sich nicht beginnen: { $reason }

## Aufgaben

session-job-export = { $file } wird exportiert
    .done = exportiert
session-job-proxy = Ein Proxy von { $file } entsteht
    .done = der Proxy von { $file } ist fertig
session-job-upscale = { $file } wird hochskaliert
    .done = { $file } ist hochskaliert
session-job-stabilize = { $file } wird stabilisiert
    .done = { $file } ist stabilisiert
session-job-analyze = { $file } wird untersucht
    .done = { $file } ist untersucht
session-job-transcribe = { $file } wird in Text umgesetzt
    .done = { $file } ist in Text umgesetzt
session-job-watch = { $file } wird angesehen
    .done = { $file } ist angesehen
session-job-fetch = Das Modell { $file } wird geholt
    .done = Das Modell { $file } ist da
session-no-models = Modelle lassen sich nicht aufbewahren: es gibt keinen Ordner dafür
session-job-montage = Eine Montage wird geschnitten: { $file }
    .done = die Montage ist geschnitten: { $file }
session-job-other = { $kind }: { $file }
    .done = fertig ({ $kind }): { $file }
session-batch-proxy = Proxys
    .done = { $n ->
        [one] ein Proxy ist fertig
       *[other] { $n } Proxys sind fertig
    }
    .failed = { $n ->
        [one] einer von { $all } Proxys ist nicht entstanden
       *[other] { $n } von { $all } Proxys sind nicht entstanden
    }
session-batch-other = Aufträge
    .done = { $n ->
        [one] ein Auftrag ist fertig ({ $kind })
       *[other] { $n } Aufträge sind fertig ({ $kind })
    }
    .failed = { $n ->
        [one] einer von { $all } Aufträgen ist gescheitert ({ $kind })
       *[other] { $n } von { $all } Aufträgen sind gescheitert ({ $kind })
    }
session-no-jobs = es gibt keinen Ordner für Arbeit im Hintergrund: { $reason }
    .hint = prüfen, ob der Datenträger für temporäre Dateien voll ist
session-no-copy = die Kopie des Projekts für den Export lässt sich nicht schreiben ({ $reason }): { $path }
    .hint = prüfen, ob der Datenträger voll ist
session-jobs-interrupted =
    { $n ->
        [one] eine Aufgabe war nicht fertig, als das Programm zuletzt endete
       *[other] { $n } Aufgaben waren nicht fertig, als das Programm zuletzt endete
    }
    .hint = die Liste der Aufgaben nimmt sie wieder auf, wo sie standen, oder verwirft sie

## Timelines anderer Programme

session-captions-read = Untertitel gelesen ({ $n }): { $path }
session-captions-written = Untertitel geschrieben ({ $n }): { $path }
session-timeline-written = Timeline geschrieben ({ $lost } weggelassen, { $warnings } verändert): { $path }
session-timeline-read = Timeline gelesen ({ $lost } weggelassen, { $warnings } verändert): { $path }

session-no-original = das Original lässt sich nicht lesen ({ $reason }): { $path }
    .hint = prüfen, ob die Datei da ist und gelesen werden darf
session-original-changed = die Datei hat sich geändert, seit ihr Proxy bestellt wurde: { $path }
    .hint = noch einmal bestellen: der Proxy entsteht dann aus der Datei, wie sie jetzt ist
session-proxy-over-budget = der Proxy braucht { $size }, mehr als der ganze Zwischenspeicher haben darf ({ $budget }): er geht, wenn dort das nächste Mal Platz geschaffen wird
session-no-proxy-folder = der Ordner für Proxys lässt sich nicht anlegen ({ $reason }): { $path }
    .hint = prüfen, ob Platz ist und der Ordner beschrieben werden darf
session-film-changed = dieser Film hat sich geändert, seit seine Bewegung verlangt wurde: { $path }
    .hint = noch einmal verlangen
session-other-motion = diese Datei enthält nicht die Bewegung jenes Films: { $path }
    .hint = eine neue Datei nennen; die Bewegung wird gemessen und dorthin geschrieben
session-no-motion-folder = der Ordner für gemessene Bewegungen lässt sich nicht anlegen ({ $reason }): { $path }
    .hint = prüfen, ob Platz ist und der Ordner beschrieben werden darf
session-model-imported = Das Modell { $name } kann jetzt verwendet werden
session-storage-not-asked = der Zwischenspeicher lässt sich nicht ansehen: { $reason }
session-storage-freed = { $size } sind frei geworden
session-no-folder = der Ordner lässt sich nicht durchsuchen ({ $reason }): { $path }
    .hint = einen Ordner nennen, der da ist und gelesen werden darf
session-proxies-not-started = das Erstellen von Proxys ließ sich nicht beginnen: { $reason }
    .hint = andere Programme schließen, dann noch einmal versuchen
session-proxies-not-asked = keine Proxys von { $n } Dateien, bei der ersten weil { $first }
    .hint = prüfen, ob die Dateien da sind und gelesen werden dürfen
session-no-proxy-needed = keins davon braucht einen Proxy: es gibt schon einen, oder es ist kein Film, von dem sich einer machen lässt
session-proxies-by-themselves = { $n ->
        [one] von einem Film, der schwer zu schneiden ist, entsteht ein Proxy: { $why }
       *[other] von { $n } Filmen, die schwer zu schneiden sind, entstehen Proxys: { $why }
    }
    .hint = so sagen es die Einstellungen unter Proxys

## Warum ein Film schwer zu schneiden ist, als Teil eines Satzes

session-heavy-large = 4K oder mehr
session-heavy-codec = HEVC oder AV1 über 1080p
session-heavy-gop = mehr als 2 s zwischen Schlüsselbildern über 1080p
session-heavy-bits = mehr als 100 Mbit/s
session-heavy-stale = geändert, seit sein Proxy entstand
session-steady-unread = { $name } lässt sich noch nicht analysieren: die Datei ist noch nicht gelesen
    .hint = die Datei neu verknüpfen und noch einmal versuchen
session-montage-made = Die Montage ist geschnitten: { $n } Einstellungen, { $style }
session-montage-none = hier ist keine Montage, deren Einstellungen sich neu wählen ließen
session-montage-media-gone = die Montage ist geplant, aber Medien, die sie zeigt, sind nicht mehr in diesem Projekt
session-which-media = { $n ->
        [0] kein Medium des Projekts ist gemeint; es hat { $names }
       *[other] das Projekt hat mehrere Medien mit Ton: { $names }
    }
    .hint = eines mit --media nennen
session-transcript-read = { $n ->
        [one] Ein Wort wurde aus { $path } gelesen
       *[other] { $n } Wörter wurden aus { $path } gelesen
    }
session-transcript-written = Das Transkript liegt in { $path }

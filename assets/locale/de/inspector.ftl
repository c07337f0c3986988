# Der Inspektor: was ausgewählt ist, und alles, was sich daran einstellen lässt.

inspector-custom = Eigene
inspector-double-click-resets = Doppelklick setzt zurück
inspector-reset-of = { $name } zurücksetzen
inspector-slider-of = { $name }-Regler
inspector-section-of = Abschnitt { $name }
inspector-nothing-found = Nichts gefunden
inspector-name = Name
inspector-color = Farbe
inspector-duration = Dauer
inspector-start = Anfang
inspector-end = Ende
inspector-frames =
    { $n ->
        [one] { $n } Bild
       *[other] { $n } Bilder
    }

## Clips

inspector-clip = Clip
inspector-clips =
    { $n ->
        [one] { $n } Clip
       *[other] { $n } Clips
    }
inspector-clip-name = Name des Clips
inspector-clip-start = Anfang des Clips
inspector-clip-end = Ende des Clips
inspector-clip-duration = Dauer des Clips
inspector-enabled = Aktiviert
inspector-source-in = Quelle In
inspector-source-out = Quelle Out
inspector-locked = Die Spur ist gesperrt
inspector-locked-some = Einige Spuren sind gesperrt
inspector-unlock = Entsperren
inspector-open-sequence = Sequenz öffnen
inspector-solid = Farbfläche
inspector-fill = Füllung

## Transformieren

inspector-transform = Transformieren
inspector-strength = Stärke
inspector-reset-transform = Transformation zurücksetzen
inspector-position = Position
inspector-position-x = Position X
inspector-position-y = Position Y
inspector-scale = Skalierung
inspector-rotation = Drehung
inspector-opacity = Deckkraft
inspector-crop-sides = ↔ Zuschnitt
inspector-crop-ends = ↕ Zuschnitt
inspector-crop-left = Zuschnitt links
inspector-crop-right = Zuschnitt rechts
inspector-crop-top = Zuschnitt oben
inspector-crop-bottom = Zuschnitt unten
inspector-fit = Größe
inspector-fit-inside = Einpassen
inspector-fit-fill = Bild füllen
inspector-fit-none = Eigene Pixel
inspector-blend = Mischen
inspector-blend-normal = Normal
inspector-blend-add = Addieren
inspector-blend-multiply = Multiplizieren
inspector-blend-screen = Negativ multiplizieren

## Keyframes

inspector-key-of = Keyframe { $name }
inspector-key-start = Animieren: Keyframe am Abspielkopf setzen
inspector-key-add = Keyframe am Abspielkopf hinzufügen
inspector-key-remove = Keyframe am Abspielkopf entfernen
inspector-key-previous = { $name }: voriger Keyframe
inspector-key-next = { $name }: nächster Keyframe
inspector-keys-remove-all = Alle Keyframes entfernen
inspector-curve-of = Kurve { $name }
inspector-curve-tip = Kurve zeigen
inspector-curve-view-of = { $name } im Verlauf des Clips
inspector-ease = Verlauf
inspector-ease-linear = Linear
inspector-ease-in = Sanft beginnen
inspector-ease-out = Sanft enden
inspector-ease-in-out = Sanft beginnen und enden
inspector-ease-hold = Halten

## Ton, Blenden und Tempo

inspector-sound = Ton
inspector-gain = Pegel
inspector-pan = Balance
inspector-fades = Blenden
inspector-fade-in = Einblenden
inspector-fade-out = Ausblenden
inspector-speed = Geschwindigkeit
inspector-speed-percent = Tempo
inspector-frozen = steht
inspector-retime = Dauer bei diesem Tempo
inspector-reverse = Rückwärts
inspector-freeze = Standbild

## Effekte

inspector-effects = Effekte
inspector-no-effects = Keine Effekte. Das Plus oben fügt einen hinzu.
inspector-effects-differ = Die Clips haben verschiedene Effekte.
inspector-all-effects = Alle Effekte
inspector-all-effects-tip = Das Bild mit oder ohne Effekte zeigen
inspector-effects-menu = Effektmenü
inspector-effects-copy = Effekte kopieren
inspector-effects-paste = Effekte einfügen
inspector-effects-remove = Alle Effekte entfernen
inspector-add-effect = Effekt hinzufügen
inspector-search-effects = Effekte suchen
inspector-effect-of = Effekt { $name }
inspector-effect-on = { $name } ein
inspector-effect-menu-of = Menü { $name }
inspector-effect-move = { $name } verschieben
inspector-effect-up = Nach oben
inspector-effect-down = Nach unten
inspector-effect-reset = Zurücksetzen
inspector-effect-remove = Entfernen
inspector-exposure = Belichtung
inspector-exposure-stops = Belichtung
inspector-white-balance = Weißabgleich
inspector-temperature = Temperatur
inspector-tint = Tönung
inspector-contrast = Kontrast
inspector-contrast-amount = Kontrast
inspector-pivot = Drehpunkt
inspector-saturation = Sättigung
inspector-saturation-amount = Sättigung
inspector-vignette = Vignette
inspector-amount = Stärke
inspector-radius = Radius
inspector-softness = Weichheit
inspector-wheels = Farbräder
inspector-lift = Lift
inspector-gamma = Gamma
inspector-gain-wheel = Gain
inspector-wheel-of = Farbrad { $name }
inspector-master-of = { $name } gesamt
inspector-red-of = { $name } Rot
inspector-green-of = { $name } Grün
inspector-blue-of = { $name } Blau

## Titel

inspector-title = Titel
inspector-title-text = Titeltext
inspector-several-titles = Mehrere Titel: ihr Aussehen lässt sich gemeinsam einstellen.
inspector-presets = Titelvorlagen
inspector-preset-title = Titel in der Mitte
inspector-preset-lower-third = Bauchbinde
inspector-preset-subtitle = Untertitel
inspector-preset-credits = Abspann
inspector-preset-corner = Eckeneinblendung
inspector-font = Schrift
inspector-family = Schriftart
inspector-search-fonts = Schriften suchen
inspector-font-missing = Hier nicht installiert: Inter springt ein
inspector-fonts-sought = Schriften werden gesucht …
inspector-weight = Schnitt
inspector-weight-thin = Fein
inspector-weight-extralight = Extraleicht
inspector-weight-light = Leicht
inspector-weight-regular = Normal
inspector-weight-medium = Mittel
inspector-weight-semibold = Halbfett
inspector-weight-bold = Fett
inspector-weight-extrabold = Extrafett
inspector-weight-black = Schwarz
inspector-lines = Zeilen
inspector-italic = Kursiv
inspector-align-left = Linksbündig
inspector-align-middle = Zentriert
inspector-align-right = Rechtsbündig
inspector-text-size = Schriftgröße
inspector-line-height = Zeilenhöhe
inspector-tracking = Laufweite
inspector-text-color = Textfarbe
inspector-place = Platz
inspector-place-frame = Platz des Titels
inspector-place-top-left = Oben links
inspector-place-top = Oben
inspector-place-top-right = Oben rechts
inspector-place-left = Links
inspector-place-middle = Mitte
inspector-place-right = Rechts
inspector-place-bottom-left = Unten links
inspector-place-bottom = Unten
inspector-place-bottom-right = Unten rechts
inspector-title-x = Titel waagerecht
inspector-title-y = Titel senkrecht
inspector-edges = Kontur und Schatten
inspector-outline = Kontur
inspector-outline-color = Konturfarbe
inspector-shadow = Schatten
inspector-shadow-offset = Versatz
inspector-shadow-x = Schatten waagerecht
inspector-shadow-y = Schatten senkrecht
inspector-shadow-blur = Unschärfe
inspector-shadow-color = Schattenfarbe

## Übergänge

inspector-transition = Übergang
inspector-kind = Art
inspector-cross-dissolve = Überblendung
inspector-dip = Blende über Farbe
inspector-wipe = Wischblende
inspector-slide = Einschieben
inspector-push = Wegschieben
inspector-angle = Winkel
inspector-dial-of = { $name }-Drehregler
inspector-from = Von
inspector-from-left = Von links
inspector-from-top = Von oben
inspector-from-right = Von rechts
inspector-from-bottom = Von unten
inspector-timing = Zeit
inspector-transition-duration = Dauer des Übergangs
inspector-alignment = Ausrichtung
inspector-align-center = Mitte am Schnitt
inspector-align-start = Beginn am Schnitt
inspector-align-end = Ende am Schnitt
inspector-before-cut = Vor dem Schnitt
inspector-after-cut = Nach dem Schnitt
inspector-remove-transition = Übergang entfernen

## Marker

inspector-caption = Untertitel
inspector-caption-text = Text des Untertitels
inspector-caption-start = Anfang des Untertitels
inspector-caption-duration = Dauer des Untertitels
inspector-caption-language = Sprache
    .none = Nicht gesagt
inspector-language-arabic = Arabisch
inspector-language-hindi = Hindi
inspector-language-japanese = Japanisch
inspector-language-russian = Russisch
inspector-language-ukrainian = Ukrainisch
inspector-language-chinese = Chinesisch
inspector-burn-captions = Teil des fertigen Bildes
    .tip = Untertitel in den exportierten Film zeichnen; im Betrachter sind sie in jedem Fall zu sehen
inspector-remove-caption = Untertitel entfernen
inspector-marker = Marker
inspector-marker-name = Name des Markers
inspector-marker-color = Markerfarbe { $n }
inspector-marker-start = Anfang des Markers
inspector-marker-duration = Dauer des Markers
inspector-note = Notiz
inspector-marker-note = Notiz zum Marker
inspector-remove-marker = Marker entfernen

## Sequenz

inspector-select-something = Einen Clip auswählen, um ihn zu ändern
inspector-project = Projekt
inspector-project-name = Name des Projekts
inspector-sequence = Sequenz
inspector-sequence-name = Name der Sequenz
inspector-sequence-n = Sequenz { $n }
inspector-sequences = Sequenzen
inspector-add-sequence = Sequenz hinzufügen
inspector-open-sequence-of = { $name } öffnen
inspector-remove-sequence = { $name } entfernen
inspector-frame-size = Bildgröße
inspector-size-upright = { $w }×{ $h } hochkant
inspector-size-square = { $w }×{ $h } quadratisch
inspector-frame-rate = Bildrate
inspector-start-timecode = Beginnt bei
inspector-drop-frame = Drop-Frame
inspector-color-space = Farbraum
inspector-clip-count = Clips
inspector-tracks = Spuren
inspector-track-counts = { $video } Video, { $audio } Audio
inspector-track-volumes = Lautstärke der Spuren
inspector-track-volume = Lautstärke { $name }
inspector-format = Format

## Medien

inspector-media-count =
    { $n ->
        [one] { $n } Medium
       *[other] { $n } Medien
    }
inspector-file = Datei
inspector-media-name = Name des Mediums
inspector-folder = Ordner
inspector-no-folder = Keiner
inspector-container = Container
inspector-relink = Datei neu verknüpfen …
inspector-offline = Offline: { $why }
inspector-ended-early = Endet zu früh, bei { $at }
inspector-picture = Bild
inspector-size = Größe
inspector-variable-rate = variabel, im Mittel { $rate }
inspector-frame-count = Bilder
inspector-codec = Codec
inspector-samples = Abtastung
inspector-turned = Gedreht
inspector-sample-rate = Rate
inspector-channels = Kanäle
inspector-color-section = Farbe
inspector-color-override = Überschreiben
inspector-assumed = { $what }, angenommen
inspector-range = Wertebereich
inspector-range-full = Voll
inspector-range-limited = Begrenzt
inspector-primaries = Primärfarben
inspector-transfer = Transfer
inspector-matrix = Matrix

## Stabilisierung von Clips

inspector-stabilize = Stabilisierung
inspector-stabilize-on = Stabilisieren
inspector-stabilize-missing = Die Bewegung der Kamera ist noch nicht bekannt; das Bild wird gezeigt, wie es ist.
inspector-stabilize-analyse = Bewegung analysieren
inspector-stabilize-analysing = Die Bewegung der Kamera wird analysiert: { $percent } %
inspector-stabilize-kept = Bild bleibt
    .tip = Anteil der Bildfläche, der zu sehen bleibt
inspector-stabilize-jitter = Zittern
    .tip = Wie weit die Kamera von einer gleichmäßigen Bewegung abweicht, gemessen und geplant, in einem 960 Pixel breiten Bild
inspector-stabilize-nothing = Es ließ sich keine Bewegung messen: das Bild bleibt, wie es ist
inspector-stabilize-few = Zu kurz, um Zittern von Bewegung zu unterscheiden: das Bild bleibt, wie es ist
inspector-stabilize-weak = { $n } von { $of } Bildern ließen sich nicht messen; der Pfad dazwischen ist geraten
inspector-stabilize-steady = Die Kamera ist schon ruhig
inspector-stabilize-binds = In { $n } von { $of } Bildern würde es nur mit größerem Beschnitt ruhiger
inspector-stabilize-shots = { $n } Einstellungen, jede mit eigenem Pfad
inspector-stabilize-smoothness = Glättung
inspector-stabilize-crop = Max. Beschnitt
inspector-stabilize-zoom = Zoom
inspector-stabilize-zoom-static = Fest
inspector-stabilize-zoom-dynamic = Folgt
inspector-stabilize-zoom-none = Keiner
inspector-stabilize-border = Rand
inspector-stabilize-border-crop = Leer
inspector-stabilize-border-mirror = Gespiegelt
inspector-stabilize-border-fill = Gedehnt
inspector-stabilize-tripod = Stativ
inspector-stabilize-horizon = Horizont halten
inspector-stabilize-rolling = Rolling Shutter
inspector-stabilize-rolling-auto = Wie gemessen
inspector-stabilize-rolling-ms = Von Hand
inspector-stabilize-rolling-off = Belassen
inspector-stabilize-readout = Auslesezeit

## Warum eine Montage einen Clip hierhin gesetzt hat

inspector-why = Warum diese Einstellung hier
inspector-why-nothing = Sie war übrig.
inspector-why-more = { $n } weitere zählten weniger
inspector-why-locked = Bleibt, wenn andere neu gewählt werden
inspector-why-reroll = Eine andere Einstellung hier; alle übrigen bleiben
inspector-why-refused = { $n ->
    [one] 1 Einstellung war schon einmal hier
   *[other] { $n } Einstellungen waren schon einmal hier
 }
inspector-caption-style = Aussehen
inspector-caption-clean = Schlicht
inspector-caption-boxed = Mit Kasten
inspector-caption-bold = Kräftig
inspector-caption-karaoke = Gesprochenes Wort
inspector-caption-short = Hochkant

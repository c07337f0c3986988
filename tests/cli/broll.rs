//! Footage found by what is asked for: films of known colour, light, movement and sound, with known words, and queries of which it is
//! known which film is meant and which word decides.

use crate::{
    common::{cached, clip::write_colours, ffmpeg},
    desk::Desk,
};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

/// Three seconds of a cloudy texture. What is not said is of the usual kind: grey, in the middle of the range, still, with a tone.
#[derive(Clone, Copy)]
struct Film {
    /// Middle and spread of the brightness, 16–235.
    light: (u32, u32),
    /// Cb, Cr.
    tint: (u32, u32),
    /// Softness of the texture, in pixels.
    soft: f32,
    /// Where in the texture frame `n` looks.
    x: &'static str,
    y: &'static str,
    /// A filter graph of the sound; empty for none.
    sound: &'static str,
}

const TONE: &str = "sine=frequency=220:sample_rate=48000";
const USUAL: Film = Film { light: (110, 4), tint: (128, 128), soft: 4.0, x: "300", y: "180", sound: TONE };
/// Syllables of 150 ms with a falling pitch, a pause of 80 ms after each.
const TALK: &str = "aevalsrc='st(0,mod(t,0.23));st(1,2*PI*(140-60*ld(0))*ld(0));if(lt(ld(0),0.15),\
    0.12*(sin(ld(1))+sin(2*ld(1))/2+sin(3*ld(1))/3+sin(4*ld(1))/4+sin(5*ld(1))/5+sin(6*ld(1))/6),0)':s=48000";

impl Film {
    fn file(self, name: &str) -> std::path::PathBuf {
        let (middle, spread) = self.light;
        let picture = format!(
            "nullsrc=s=960x540:r=25,trim=end_frame=1,format=yuv420p,geq=lum='random(1)*219+16':cb={}:cr={},gblur=sigma={}:planes=1,\
             lutyuv=y='clip((val-126)*{spread}+{middle},16,235)',loop=loop=74:size=1:start=0,setpts=N/25/TB,crop=320:180:x='{}':y='{}'",
            self.tint.0, self.tint.1, self.soft, self.x, self.y
        );
        cached(&format!("broll-1-{name}.mp4"), |path| {
            let mut args = vec!["-f", "lavfi", "-i", picture.as_str()];
            if !self.sound.is_empty() {
                args.extend(["-f", "lavfi", "-i", self.sound]);
            }
            args.extend(["-t", "3", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-c:a", "aac"]);
            ffmpeg(&args, path);
        })
    }
}

/// Films by their names, which say nothing.
fn films() -> Vec<(&'static str, Film)> {
    vec![
        ("A01", Film { tint: (200, 110), light: (70, 2), ..USUAL }),             // blue
        ("A02", Film { tint: (100, 210), light: (90, 2), ..USUAL }),             // red
        ("A03", Film { tint: (85, 75), light: (110, 2), ..USUAL }),              // green
        ("A04", Film { tint: (40, 145), light: (190, 2), ..USUAL }),             // yellow
        ("A05", Film { light: (24, 1), ..USUAL }),                               // dark
        ("A06", Film { light: (215, 1), ..USUAL }),                              // bright
        ("A07", Film { x: "640-7.68*n", ..USUAL }),                              // camera left, 0.6 widths a second
        ("A08", Film { x: "100+1.28*n", ..USUAL }),                              // camera right, 0.1
        ("A09", Film { y: "330-2.16*n", ..USUAL }),                              // camera up
        ("A10", Film { y: "10+2.16*n", ..USUAL }),                               // camera down
        ("A11", Film { x: "300+5*sin(2.1*n)", y: "180+5*sin(1.7*n)", ..USUAL }), // shaken by hand
        ("A12", Film { sound: "sine=frequency=220:sample_rate=48000,volume=6", ..USUAL }),
        ("A13", Film { sound: "sine=frequency=220:sample_rate=48000,volume=0.02", ..USUAL }),
        ("A14", Film { sound: "", ..USUAL }),
        ("A15", Film { sound: TALK, ..USUAL }),
        ("A16", Film { soft: 24.0, light: (110, 14), ..USUAL }), // out of focus
        ("B01", USUAL),                                          // what is said in it is known
        ("B02", USUAL),
        ("market_square-CU", USUAL),
        ("Lofoten/C01", USUAL),
    ]
}

const ENGLISH: &str = "1\n00:00:00,200 --> 00:00:02,800\nThe old lighthouse keepers counted the passing ships\n";
const GERMAN: &str = "1\n00:00:00,200 --> 00:00:02,800\nDie Hafenrundfahrt führt an den alten Speichern vorbei\n";

/// Query, the film that is meant, the word that decides, by what, and what was found.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);
#[rustfmt::skip]
const CASES: &[Case] = &[
    ("blue", "A01", "blue", "look", "blue"),
    ("something blue", "A01", "blue", "look", "blue"),
    ("blau", "A01", "blau", "look", "blue"),
    ("bleu", "A01", "bleu", "look", "blue"),
    ("red", "A02", "red", "look", "red"),
    ("etwas Rotes in roten Tönen", "A02", "roten", "look", "red"),
    ("green", "A03", "green", "look", "green"),
    ("grün", "A03", "grün", "look", "green"),
    ("yellow", "A04", "yellow", "look", "yellow"),
    ("gelb", "A04", "gelb", "look", "yellow"),
    ("dark", "A05", "dark", "look", "dark"),
    ("very dark", "A05", "dark", "look", "dark"),
    ("dunkel", "A05", "dunkel", "look", "dark"),
    ("sombre", "A05", "sombre", "look", "dark"),
    ("bright", "A06", "bright", "look", "bright"),
    ("hell", "A06", "hell", "look", "bright"),
    ("pan left", "A07", "pan left", "look", "pan-left"),
    ("a fast pan to the left", "A07", "pan to the left", "look", "pan-left"),
    ("schneller Schwenk nach links", "A07", "schwenk nach links", "look", "pan-left"),
    ("pan right", "A08", "pan right", "look", "pan-right"),
    ("slow pan to the right", "A08", "slow", "look", "slow"),
    ("langsamer Schwenk nach rechts", "A08", "langsamer", "look", "slow"),
    ("tilt up", "A09", "tilt up", "look", "tilt-up"),
    ("Schwenk nach oben", "A09", "schwenk nach oben", "look", "tilt-up"),
    ("tilt down", "A10", "tilt down", "look", "tilt-down"),
    ("the camera tilts down", "A10", "tilts down", "look", "tilt-down"),
    ("shaky", "A11", "shaky", "look", "shaky"),
    ("verwackelt", "A11", "verwackelt", "look", "shaky"),
    ("loud", "A12", "loud", "look", "loud"),
    ("laut", "A12", "laut", "look", "loud"),
    ("quiet", "A13", "quiet", "look", "quiet"),
    ("leise", "A13", "leise", "look", "quiet"),
    ("silent", "A14", "silent", "look", "silent"),
    ("ohne Ton", "A14", "ohne ton", "look", "silent"),
    ("speech", "A15", "speech", "look", "speech"),
    ("jemand spricht", "A15", "jemand spricht", "look", "speech"),
    ("out of focus", "A16", "out of focus", "look", "blurred"),
    ("unscharf", "A16", "unscharf", "look", "blurred"),
    ("lighthouse", "B01", "lighthouse", "said", "lighthouse"),
    ("a keeper", "B01", "keeper", "said", "keepers"),
    ("ship", "B01", "ship", "said", "ships"),
    ("passing ships, not dark", "B01", "passing", "said", "passing"),
    ("Hafen", "B02", "hafen", "said", "Hafenrundfahrt"),
    ("der alte Speicher", "B02", "speicher", "said", "Speichern"),
    ("die Rundfahrt", "B02", "rundfahrt", "said", "Hafenrundfahrt"),
    ("market", "market_square-CU", "market", "name", "market"),
    ("markets and squares", "market_square-CU", "markets", "name", "market"),
    ("close-up", "market_square-CU", "close up", "look", "close"),
    ("Großaufnahme", "market_square-CU", "großaufnahme", "look", "close"),
    ("Lofoten", "Lofoten/C01", "lofoten", "folder", "Lofoten"),
];

/// A folder with all the films, and the words that are said in two of them.
fn shoot() -> Desk {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("shoot/Lofoten")).unwrap();
    for (name, film) in films() {
        let file = film.file(&name.replace('/', "-"));
        desk.copy(&file, format!("shoot/{name}.mp4"));
    }
    for (name, words, language) in [("B01", ENGLISH, "en"), ("B02", GERMAN, "de")] {
        // two films of the same bytes would have the same words
        let file = desk.path(format!("shoot/{name}.mp4"));
        let mut bytes = fs::read(&file).unwrap();
        bytes.extend([0, 0, 0, 12, b'f', b'r', b'e', b'e', name.as_bytes()[0], name.as_bytes()[1], name.as_bytes()[2], 0]);
        fs::write(&file, bytes).unwrap();
        let json = whisper(words, language);
        desk.write(format!("{name}.json"), json);
        let words = format!("{name}.json");
        desk.run(["transcribe", file.to_str().unwrap(), "--import", &words]).succeeded();
    }
    desk
}

/// Whisper's JSON of one caption, which says the language.
fn whisper(srt: &str, language: &str) -> String {
    let text = srt.lines().nth(2).unwrap();
    let words = text.split(' ').enumerate();
    let words: Vec<Value> = words
        .map(|(i, w)| serde_json::json!({ "word": w, "start": 0.2 + 0.3 * i as f64, "end": 0.4 + 0.3 * i as f64, "probability": 0.9 }))
        .collect();
    let segment = serde_json::json!({ "id": 0, "start": 0.2, "end": 2.8, "text": text, "words": words });
    serde_json::json!({ "text": text, "language": language, "segments": [segment] }).to_string()
}

fn name_of(shot: &Value) -> String {
    Path::new(shot["media"].as_str().unwrap()).file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn the_right_shot_comes_first_and_the_reason_names_what_decided() {
    let desk = shoot();
    let mut wrong = Vec::new();
    for (query, film, term, by, found) in CASES {
        let shots = desk.json(["broll", "shoot", "--query", query]);
        let best = &shots[0];
        let reason = &best["reasons"][0];
        let is_right = best["media"].as_str().is_some_and(|m| m.ends_with(&format!("{film}.mp4")));
        let decided = best["reasons"].as_array().is_some_and(|all| {
            // of two looks that fit alike either may stand first
            all.iter().any(|r| r["term"] == *term && r["by"] == *by && r["found"] == *found && r["points"] == reason["points"])
                || (reason["term"] == *term && reason["by"] == *by && reason["found"] == *found)
        });
        if !(is_right && decided) {
            let first: Vec<String> =
                shots.as_array().unwrap().iter().take(3).map(|s| format!("{} {}: {}", name_of(s), s["score"], s["why"])).collect();
            wrong.push(format!("{query:?} wants {film} by {term}: {first:#?}"));
        }
    }
    let right = CASES.len() - wrong.len();
    println!("{right} of {} queries", CASES.len());
    assert!(right * 100 >= CASES.len() * 95, "{right} of {}:\n{}", CASES.len(), wrong.join("\n"));
}

#[test]
fn a_script_gets_shots_for_each_sentence_and_the_table_reads() {
    let desk = shoot();
    desk.write("script.txt", "The lighthouse stands alone. Then all is blue and dark!\nA market square. Xylophones?");
    let answers = desk.json(["search", "shoot", "--script", "script.txt", "--limit", "2"]);
    let sentences: BTreeMap<&str, Vec<String>> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|a| (a["sentence"].as_str().unwrap(), a["shots"].as_array().unwrap().iter().map(name_of).collect()))
        .collect();
    assert_eq!(sentences["The lighthouse stands alone."][0], "B01");
    assert_eq!(sentences["A market square."][0], "market_square-CU");
    assert_eq!(sentences["Xylophones?"], Vec::<String>::new());
    assert!(answers.as_array().unwrap().iter().all(|a| a["shots"].as_array().unwrap().len() <= 2));
    assert_eq!((&answers[0]["length"], &answers[3]["length"]), (&1.6.into(), &1.5.into()));
    let said = &answers[0]["shots"][0];
    assert!(said["at"].as_f64().unwrap() > 0.3 && said["start"] == 0.0, "it begins where the word is said: {said}");
    let table = desk.run(["broll", "shoot", "--script", "script.txt"]).succeeded().stdout;
    assert!(table.contains("“lighthouse” is said at 0:00") && table.contains("nothing fits"), "{table}");
}

#[test]
fn a_montage_begins_and_ends_with_what_its_prompt_says() {
    let desk = shoot();
    let films: Vec<String> = films().iter().map(|(name, _)| format!("shoot/{name}.mp4")).collect();
    let cut = |prompt: &str, style: &str| {
        let mut args = vec!["montage", "--style", style, "--duration", "12", "-o", "film.montage", "--prompt", prompt];
        args.extend(films.iter().map(String::as_str));
        desk.json(args)
    };
    let media = |shot: &Value| shot["media"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    for (prompt, style, first, last) in [
        ("start with the lighthouse and end with something blue", "dynamic", "B01.mp4", "A01.mp4"),
        ("Beginne mit dem dunklen Bild, endet mit einem Schwenk nach links", "documentary", "A05.mp4", "A07.mp4"),
        ("commence par la Hafenrundfahrt, termine par le vert", "mtv", "B02.mp4", "A03.mp4"),
    ] {
        let d = &cut(prompt, style)["decisions"];
        let shots = d["shots"].as_array().unwrap();
        assert_eq!(
            (media(&shots[0]), media(&shots[shots.len() - 1])),
            (first.to_owned(), last.to_owned()),
            "{prompt}: {}",
            d["understood"]
        );
        assert!(shots[0]["score"]["asked"].as_f64().unwrap() > 0.0 && shots[1]["score"].get("asked").is_none(), "{prompt}");
    }
    let nothing = cut("start with the xylophone", "dynamic");
    assert!(nothing["decisions"]["notes"].to_string().contains("xylophone"), "{nothing}");
}

#[test]
fn whatever_is_asked_there_is_an_answer_or_one_clear_line() {
    let desk = Desk::new();
    fs::create_dir(desk.path("empty")).unwrap();
    desk.run(["broll", "empty", "--query", "x"]).failed_clearly(&["empty"]);
    desk.run(["broll", "nowhere.montage", "--query", "x"]).failed_clearly(&["nowhere.montage"]);
    desk.run(["broll", "nowhere", "--query", "x"]).failed_clearly(&["nowhere"]);
    desk.run(["broll", "empty"]).exit(2);
    desk.write("noise.txt", [0xff, 0xfe, 0x00]);
    desk.run(["broll", "empty", "--script", "noise.txt"]).failed_clearly(&["noise.txt"]);
    desk.run(["broll", "empty", "--script", "none.txt"]).failed_clearly(&["none.txt"]);
    desk.copy(&USUAL.file("B01"), "a.mp4");
    desk.write("broken.mp4", b"no film");
    for text in ["", " ", "the", "\u{1F3A5}", "'; DROP TABLE shots; --", "\"*?[", &"word ".repeat(5000)] {
        let shots = desk.json(["broll", ".", "--query", text]);
        assert!(shots.as_array().unwrap().len() <= 1, "{text:?}: {shots}");
    }
    // one that cannot be read is named, the others are found
    let out = desk.run(["broll", ".", "--query", "a"]).succeeded();
    assert!(out.stderr.contains("broken.mp4"), "{}", out.stderr);
}

#[test]
fn what_pictures_show_is_found_where_the_model_for_it_is_and_without_it_that_is_said() {
    let desk = Desk::new();
    // names of folders are words too: none that chance gave
    fs::create_dir_all(desk.path("films/day")).unwrap();
    for (name, film) in [("A02", 1), ("meadow", 2), ("B01", 16)] {
        desk.copy(&films()[film].1.file(name), format!("films/day/{name}.mp4"));
    }
    // a film of two shots, the second one red
    let (green, red) = (desk.path("films/day/meadow.mp4"), desk.path("films/day/A02.mp4"));
    let both = ["-i", green.to_str().unwrap(), "-i", red.to_str().unwrap(), "-filter_complex", "[0:v][1:v]concat=n=2:v=1", "-crf", "18"];
    ffmpeg(&both, &desk.path("films/day/C01.mp4"));
    let without = desk.run(["broll", "films", "--query", "q"]).succeeded();
    assert!(without.stdout.contains("nothing fits"), "{}", without.stdout);
    assert!(without.stderr.contains("models pull clip-vit-b-32"), "{}", without.stderr);
    let models = desk.home().join("data/models");
    write_colours(&models);
    let name = |shot: &Value| shot["media"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let found = |query: &str| desk.json(["broll", "films", "--query", query]).as_array().unwrap().clone();
    // films that were watched before are looked at now
    let red = found("q");
    let mut names: Vec<String> = red.iter().map(name).collect();
    names.sort();
    assert_eq!(names, ["A02.mp4", "C01.mp4"], "{red:#?}");
    let second = red.iter().find(|s| name(s) == "C01.mp4").unwrap();
    assert!((2.9..3.3).contains(&second["start"].as_f64().unwrap()) && second["at"].as_f64().unwrap() > 3.5, "its second shot: {second}");
    let reason = &red[0]["reasons"][0];
    assert_eq!((&reason["by"], &reason["term"]), (&"seen".into(), &"q".into()));
    assert!(red[0]["why"].as_str().unwrap().contains("its picture shows"), "{}", red[0]);
    let green = found("z");
    assert!(green.iter().map(name).all(|n| n == "meadow.mp4" || n == "C01.mp4") && green.len() == 2, "{green:#?}");
    // what shall not be is not looked for, words and looks count as before, and both join
    assert!(found("not q").is_empty() || found("not q").iter().all(|s| s["reasons"].as_array().unwrap().is_empty()));
    let both = found("meadow q");
    let by = |film: &str| both.iter().find(|s| name(s) == film).map(|s| s["reasons"][0]["by"].clone());
    assert_eq!((by("meadow.mp4"), by("A02.mp4")), (Some("name".into()), Some("seen".into())), "{both:#?}");
    let with = desk.run(["broll", "films", "--query", "q"]).succeeded();
    assert!(!with.stderr.contains("models pull"), "{}", with.stderr);
    let list = desk.json(["models", "list"]);
    let clip = list.as_array().unwrap().iter().find(|m| m["name"] == "clip-vit-b-32").unwrap().clone();
    assert_eq!((&clip["task"], &clip["installed"]), (&"meaning".into(), &true.into()));
    assert!(!list.as_array().unwrap().iter().any(|m| m["task"] == "upscale" && m["name"] == "clip-vit-b-32"));
    // a damaged model is said, and the rest is found
    let file = models.join("clip-vit-b-32.safetensors");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let broken = desk.run(["broll", "films", "--query", "meadow"]).succeeded();
    assert!(broken.stderr.contains("clip-vit-b-32.safetensors") && broken.stdout.contains("meadow"), "{}{}", broken.stdout, broken.stderr);
}

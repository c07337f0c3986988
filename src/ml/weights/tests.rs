//! Weights of every kind that is read, and files that are none.

use super::{pickle::Reader, *};
use crate::ml::{Net, Planes, on_cpu};
use std::sync::atomic::AtomicBool;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights")
}

/// Shape and numbers of a NumPy file of f32.
pub fn array_of(path: &Path) -> (Vec<usize>, Vec<f32>) {
    let b = std::fs::read(path).unwrap();
    let end = 10 + usize::from(u16::from_le_bytes([b[8], b[9]]));
    let head = String::from_utf8_lossy(&b[10..end]).into_owned();
    let shape = head.split("'shape': (").nth(1).unwrap().split(')').next().unwrap();
    (shape.split(',').filter_map(|v| v.trim().parse().ok()).collect(), Kind::F32.all(&b[end..]))
}

fn npy(name: &str) -> (Vec<usize>, Vec<f32>) {
    array_of(&folder().join(name))
}

const CASES: [&str; 6] = ["compact-x2", "compact-x3", "compact-x4", "residual-x4", "residual-x2", "residual-x1"];

fn input(name: &str) -> Planes {
    let (shape, data) = npy(&format!("{name}.in.npy"));
    Planes { width: shape[2], height: shape[1], channels: 3, data }
}

/// Of what a network computes, held to 0–1 as an upscaler does.
fn worst(net: &Net, name: &str) -> f32 {
    let out = on_cpu(net, Some(0)).upscale(&input(name), &AtomicBool::new(false), &mut |_| {}).unwrap();
    let (shape, wanted) = npy(&format!("{name}.out.npy"));
    assert_eq!([3, out.height, out.width], shape[..], "{name}");
    out.data.iter().zip(&wanted).map(|(a, b)| (a - b.clamp(0.0, 1.0)).abs()).fold(0.0, f32::max)
}

#[test]
fn networks_compute_what_their_definition_says_from_files_of_every_kind() {
    for name in CASES {
        let weights = Weights::load(&folder().join(format!("{name}.pth"))).unwrap();
        let net = Net::of(&weights).unwrap();
        assert_eq!(net.scale(), name.chars().last().unwrap().to_digit(10).unwrap() as usize);
        let off = worst(&net, name);
        assert!(off < 1e-5, "{name}: off by {off}");
        // once more through .safetensors
        let again = Weights::from_bytes(safetensors::bytes(&weights)).unwrap();
        assert_eq!(again, weights, "{name}");
    }
}

/// The same network as ncnn has it, in f32 or f16.
fn as_ncnn(w: &Weights, half: bool) -> (String, Vec<u8>) {
    let net = Net::of(w).unwrap();
    let (mut text, mut bin) = ("7767517\n9 9\nInput data 0 1 data\n".to_owned(), Vec::new());
    let conv = |i: usize, c: &crate::ml::Conv, text: &mut String, bin: &mut Vec<u8>| {
        *text += &format!("Convolution conv{i} 1 1 a b 0={} 1=3 4=1 5=1 6={}\n", c.outputs, c.weights.len());
        if half {
            bin.extend(0x0130_6B47u32.to_le_bytes());
            c.weights.iter().for_each(|v| bin.extend(half::f16::from_f32(*v).to_le_bytes()));
            bin.resize(bin.len().next_multiple_of(4), 0);
        } else {
            bin.extend(0u32.to_le_bytes());
            c.weights.iter().for_each(|v| bin.extend(v.to_le_bytes()));
        }
        c.biases.iter().for_each(|v| bin.extend(v.to_le_bytes()));
    };
    match &net {
        Net::Compact(n) => {
            for (i, c) in n.convs.iter().enumerate() {
                conv(i, c, &mut text, &mut bin);
                if let Some(slopes) = n.slopes.get(i) {
                    text += &format!("PReLU act{i} 1 1 b c 0={}\n", slopes.len());
                    slopes.iter().for_each(|v| bin.extend(v.to_le_bytes()));
                }
            }
        }
        Net::Residual(n) => {
            let all = std::iter::once(&n.first).chain(n.blocks.iter().flatten().flatten()).chain(&n.tail);
            all.enumerate().for_each(|(i, c)| conv(i, c, &mut text, &mut bin));
        }
    }
    text += "PixelShuffle shuffle 1 1 a b 0=2\nInterp up 1 1 data c 0=1 1=2.000000e+00 2=2.000000e+00\nBinaryOp add 2 1 b c out 0=0\n";
    (text, bin)
}

#[test]
fn ncnns_pair_of_files_gives_the_names_back() {
    for name in ["compact-x2", "residual-x4"] {
        let weights = Weights::load(&folder().join(format!("{name}.pth"))).unwrap();
        let (text, bin) = as_ncnn(&weights, false);
        assert_eq!(ncnn::read(&text, &bin).unwrap(), weights, "{name}");
        let (text, bin) = as_ncnn(&weights, true);
        let off = worst(&Net::of(&ncnn::read(&text, &bin).unwrap()).unwrap(), name);
        assert!(off < 1e-2, "{name} in f16: off by {off}");
        assert!(matches!(ncnn::read(&text, &bin[..bin.len() - 1]), Err(Fault::Damaged(_))));
    }
    let dir = tempfile::tempdir().unwrap();
    let (text, bin) = as_ncnn(&Weights::load(&folder().join("compact-x3.pth")).unwrap(), false);
    std::fs::write(dir.path().join("m.param"), text).unwrap();
    assert!(matches!(Weights::load(&dir.path().join("m.param")), Err(MlError::Unreadable { path, .. }) if path.ends_with("m.bin")));
    std::fs::write(dir.path().join("m.bin"), bin).unwrap();
    assert!(Weights::load(&dir.path().join("m.bin")).is_ok());
}

#[test]
fn burns_names_are_pytorchs_again() {
    assert_eq!(torch_name("convs.3.weight"), "body.6.weight");
    assert_eq!(torch_name("acts.3.alpha"), "body.7.weight");
    assert_eq!(torch_name("body.0.rdb1.conv1.bias"), "body.0.rdb1.conv1.bias");
}

#[test]
fn a_pickle_that_would_run_code_is_refused_and_named() {
    // what `pickle.dumps(os.system…)` gives, as a call and as an object
    for pickle in [b"\x80\x02cposix\nsystem\nX\x02\x00\x00\x00id\x85R.".as_slice(), b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93."] {
        assert!(matches!(pickle::read(Reader::new(pickle, 0)), Err(Fault::Code(n)) if n == "posix.system" || n == "builtins.exec"));
    }
    let mut file = std::io::Cursor::new(Vec::new());
    let mut z = zip::ZipWriter::new(&mut file);
    z.start_file("m/data.pkl", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut z, b"\x80\x02cposix\nsystem\nX\x02\x00\x00\x00id\x85R.").unwrap();
    z.finish().unwrap();
    assert!(matches!(Weights::from_bytes(file.into_inner()), Err(Fault::Code(_))));
}

#[test]
fn what_is_cut_off_changed_or_of_another_kind_is_an_error_and_nothing_worse() {
    for name in ["compact-x2", "compact-x3"] {
        let whole = std::fs::read(folder().join(format!("{name}.pth"))).unwrap();
        for at in (0..whole.len()).step_by(97) {
            assert!(Weights::from_bytes(whole[..at].to_vec()).is_err(), "{name} cut at {at}");
        }
        for at in (0..whole.len().min(2000)).step_by(13) {
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            let _ = Weights::from_bytes(changed).map(|w| Net::of(&w));
        }
    }
    let good = safetensors::bytes(&Weights::load(&folder().join("compact-x2.pth")).unwrap());
    for at in (0..good.len()).step_by(101) {
        assert!(Weights::from_bytes(good[..at].to_vec()).is_err());
    }
    assert_eq!(Weights::from_bytes(b"nonsense".to_vec()), Err(Fault::NotWeights));
}

#[test]
fn a_missing_a_wrong_and_a_strange_array_are_named() {
    let good = Weights::load(&folder().join("compact-x2.pth")).unwrap();
    let mut lacks = good.clone();
    lacks.0.remove("body.2.bias");
    assert_eq!(Net::of(&lacks), Err(Fault::Missing("body.2.bias".into())));
    let mut wrong = good.clone();
    wrong.0.insert("body.3.weight".into(), Array::new(vec![3], vec![0.0; 3]).unwrap());
    assert_eq!(Net::of(&wrong), Err(Fault::Shape { key: "body.3.weight".into(), found: vec![3], wanted: vec![8] }));
    let mut strange = Weights::default();
    strange.0.insert("encoder.weight".into(), Array::new(vec![1], vec![0.0]).unwrap());
    assert_eq!(Net::of(&strange), Err(Fault::Unknown("encoder.weight".into())));
    let mut holes = good.clone();
    holes.0.get_mut("body.0.bias").unwrap().data[1] = f32::NAN;
    assert_eq!(holes.check(), Err(Fault::NotFinite("body.0.bias".into())));
    let text = MlError::Weights { path: "/m.pth".into(), fault: Net::of(&wrong).unwrap_err() }.to_string();
    assert!(text.contains("body.3.weight is 3 and should be 8") && text.contains("/m.pth"), "{text}");
}

#[test]
fn strength_against_noise_mixes_the_weights_and_not_the_pictures() {
    let a = Weights::load(&folder().join("compact-x2.pth")).unwrap();
    let mut b = a.clone();
    b.0.values_mut().flat_map(|a| &mut a.data).for_each(|v| *v = 0.5);
    assert_eq!(a.mixed(&b, 1.0).unwrap(), a);
    let half = a.mixed(&b, 0.25).unwrap();
    let at = |w: &Weights| w.0["body.2.weight"].data[5];
    assert!((at(&half) - (0.25 * at(&a) + 0.375)).abs() < 1e-6);
    let other = Weights::load(&folder().join("compact-x3.pth")).unwrap();
    assert!(matches!(a.mixed(&other, 0.5), Err(Fault::NoTwin(_))));
}

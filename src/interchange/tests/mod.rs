//! Timelines through every format and back, and files that mean harm.

mod random;

use super::*;
use proptest::prelude::*;

/// Writes, which reads back and compares; gives what was written.
fn through(p: &Project, format: Format, target: Target) -> Option<Written> {
    let options = WriteOptions { target, ..WriteOptions::default() };
    match write(p, format, &options) {
        Ok(w) => Some(w),
        Err(InterchangeError::NothingToWrite) => None,
        Err(InterchangeError::Mismatch { differences }) => panic!("{format:?} for {target:?}: {differences:#?}"),
        Err(e) => panic!("{format:?} for {target:?}: {e:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn otio_reads_back_as_it_was_meant(seed: u64, target in prop::sample::select(Target::ALL.to_vec())) {
        through(&random::project(seed, None, false), Format::Otio, target);
    }

    #[test]
    fn fcpxml_reads_back_as_it_was_meant(seed: u64, target in prop::sample::select(Target::ALL.to_vec())) {
        through(&random::project(seed, None, false), Format::Fcpxml, target);
    }

    #[test]
    fn xmeml_reads_back_as_it_was_meant(seed: u64, target in prop::sample::select(Target::ALL.to_vec())) {
        through(&random::project(seed, None, false), Format::Xmeml, target);
    }

    #[test]
    fn edit_decision_lists_read_back_as_they_were_meant(seed: u64, plain: bool) {
        through(&random::project(seed, None, plain), Format::Edl, Target::Generic);
    }
}

/// Writes random timelines in every format to a folder, for programs outside to look at.
#[test]
#[ignore = "needs MONTAGE_INTERCHANGE_DUMP, a folder"]
fn dump() {
    let folder = std::path::PathBuf::from(std::env::var("MONTAGE_INTERCHANGE_DUMP").expect("MONTAGE_INTERCHANGE_DUMP names a folder"));
    for (i, rate) in random::RATES.iter().enumerate() {
        for seed in 0..6u64 {
            let p = random::project(seed * 8 + i as u64, Some(rate.parse().unwrap()), false);
            for format in Format::ALL {
                for target in Target::ALL {
                    let versions: &[u8] = if format == Format::Fcpxml { &FCPXML_VERSIONS } else { &[10] };
                    for v in versions {
                        let options = WriteOptions { target, fcpxml_version: Some(*v), start: None };
                        let Ok(w) = write(&p, format, &options) else { continue };
                        for part in w.parts {
                            let name =
                                format!("{}-{seed}-{}-{v}{}.{}", rate.replace('/', "_"), target.name(), part.suffix, format.extension());
                            std::fs::write(folder.join(name), part.bytes).unwrap();
                        }
                    }
                }
            }
        }
    }
}

mod harm;

//! Whether this processor can run whisper.cpp as it was compiled. Without a look it would end the program (SIGILL).

use super::SpeechError;

/// Its name, and whether this processor has it.
type Feature = (&'static str, fn() -> bool);

/// What whisper.cpp's build uses on x86 when it is not told to use what the builder's processor has (ggml's CMake options with
/// GGML_NATIVE=OFF; .cargo/config.toml): the processors of Haswell (2013) and later have it.
#[cfg(target_arch = "x86_64")]
const NEEDED: [Feature; 6] = [
    ("SSE4.2", || std::is_x86_feature_detected!("sse4.2")),
    ("AVX", || std::is_x86_feature_detected!("avx")),
    ("AVX2", || std::is_x86_feature_detected!("avx2")),
    ("FMA", || std::is_x86_feature_detected!("fma")),
    ("F16C", || std::is_x86_feature_detected!("f16c")),
    ("BMI2", || std::is_x86_feature_detected!("bmi2")),
];
/// Elsewhere the compiler's own baseline is used.
#[cfg(not(target_arch = "x86_64"))]
const NEEDED: [Feature; 0] = [];

/// # Errors
/// The processor lacks something, which is named.
pub fn can_compute() -> Result<(), SpeechError> {
    lacking(&NEEDED)
}

fn lacking(needed: &[Feature]) -> Result<(), SpeechError> {
    let names: Vec<&str> = needed.iter().filter(|(_, has)| !has()).map(|(name, _)| *name).collect();
    if names.is_empty() { Ok(()) } else { Err(SpeechError::Processor(names.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_without_what_is_needed_is_told_so_and_nothing_runs() {
        assert_eq!(lacking(&[("AVX2", || true)]), Ok(()));
        let old = lacking(&[("AVX2", || false), ("FMA", || true), ("F16C", || false)]).unwrap_err().to_string();
        assert!(old.contains("AVX2, F16C") && !old.contains("FMA") && !old.contains('\n'), "{old}");
    }
}

//! The sample files beside the crate or above it, in `shared/data`, for every test that looks
//! at one. Not everybody has them: a test without its sample says loudly that it tried
//! nothing, and fails where `CI` is set and the folder is there.

use std::fs;
use std::path::{Path, PathBuf};

pub fn sample(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = here.ancestors().map(|up| up.join("shared/data")).find(|folder| folder.is_dir());
    let Some(samples) = samples else {
        eprintln!("NOT TRIED: shared/data is not here, sample {name} is not at hand");
        return None;
    };
    let sample = samples.join(name);
    if !sample.exists() {
        assert!(std::env::var_os("CI").is_none(), "shared/data is here without {name}");
        eprintln!("NOT TRIED: shared/data is here without {name}");
        return None;
    }
    Some(sample)
}

/// What a sample's `.expected.json` says.
pub fn expected(sample: &Path) -> serde_json::Value {
    let path = format!("{}.expected.json", sample.display());
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

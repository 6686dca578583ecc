//! Salts: sixteen bytes hashed together with a change, so that once both are erased
//! nobody can tell by guessing what the change said.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

pub type Salt = [u8; 16];

/// Where salts come from; tests pass fixed ones.
pub type Salts = Box<dyn FnMut() -> io::Result<Salt> + Send>;

/// The kernel is asked once; the rest is drawn from that by counting, so a salt a change
/// costs one hash. What was asked for is never written down.
pub fn from_system() -> Salts {
    let mut seed: Option<[u8; 32]> = None;
    let mut count: u64 = 0;
    Box::new(move || {
        let seed = match &seed {
            Some(seed) => seed,
            None => seed.insert(ask_kernel()?),
        };
        count += 1;
        let drawn: [u8; 32] =
            Sha256::new().chain_update(seed).chain_update(count.to_le_bytes()).finalize().into();
        let mut salt = Salt::default();
        salt.copy_from_slice(&drawn[..16]);
        Ok(salt)
    })
}

fn ask_kernel() -> io::Result<[u8; 32]> {
    let mut seed = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut seed)?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_changes_get_the_same_salt() {
        let mut salts = from_system();
        let mut other = from_system();
        let mut seen: Vec<Salt> = (0..1000).map(|_| salts().expect("a salt")).collect();
        seen.extend((0..1000).map(|_| other().expect("a salt")));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 2000);
    }
}

//! What a power cut may leave of a file: any sectors of what was written since the last
//! sync. Also used by `tests/crash`, which cannot see into the library.

/// What a disk writes at once.
const SECTOR: usize = 512;

/// Numbers that look like chance and are the same every time.
#[derive(Clone, Copy)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        dice.below(1);
        dice.below(1);
        dice
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Some sectors of each of what a file has been since its last sync.
pub fn some_sectors(stood: &[&[u8]], mut dice: Dice) -> Vec<u8> {
    let lengths = || stood.iter().map(|bytes| bytes.len());
    let (least, most) = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
    let length = match dice.below(3) {
        0 => least + dice.below((most - least) as u64 + 1) as usize,
        _ => most,
    };
    let kept = [20, 50, 80, 95][dice.below(4) as usize];
    let mut left = vec![0; most];
    for start in (0..most).step_by(SECTOR) {
        let end = most.min(start + SECTOR);
        let one = if dice.chance(kept) {
            stood[stood.len() - 1]
        } else {
            stood[dice.below(stood.len() as u64) as usize]
        };
        let there = one.get(start..one.len().min(end)).unwrap_or(&[]);
        left[start..start + there.len()].copy_from_slice(there);
    }
    left.truncate(length);
    left
}

//! Numbers and chunks of bytes as sled writes them.

use super::Doubt;

/// What is left of some bytes.
#[derive(Clone, Copy)]
pub(super) struct Left<'a>(pub(super) &'a [u8]);

impl<'a> Left<'a> {
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Doubt> {
        let (taken, left) = self.0.split_at_checked(length).ok_or(Doubt)?;
        self.0 = left;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Doubt> {
        Ok(self.take(1)?[0])
    }

    /// A number that takes the fewer bytes the smaller it is.
    pub(super) fn number(&mut self) -> Result<u64, Doubt> {
        let first = self.byte()?;
        Ok(match first {
            0..=240 => first.into(),
            241..=248 => 240 + 256 * (u64::from(first) - 241) + u64::from(self.byte()?),
            249 => {
                let bytes = self.take(2)?;
                2288 + 256 * u64::from(bytes[0]) + u64::from(bytes[1])
            }
            250..=255 => {
                let mut bytes = [0; 8];
                let length = usize::from(first) - 247;
                bytes[..length].copy_from_slice(self.take(length)?);
                u64::from_le_bytes(bytes)
            }
        })
    }

    /// Passes such a number by.
    pub(super) fn pass_number(&mut self) -> Result<(), Doubt> {
        let more = match self.byte()? {
            0..=240 => return Ok(()),
            241..=248 => 1,
            249 => 2,
            first => usize::from(first) - 247,
        };
        self.take(more).map(drop)
    }

    /// A number that always takes eight.
    pub(super) fn whole(&mut self) -> Result<u64, Doubt> {
        let bytes = self.take(8)?.try_into().map_err(|_| Doubt)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// A checksum.
    pub(super) fn sum(&mut self) -> Result<u32, Doubt> {
        let bytes = self.take(4)?.try_into().map_err(|_| Doubt)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Bytes behind their length.
    pub(super) fn chunk(&mut self) -> Result<&'a [u8], Doubt> {
        let length = usize::try_from(self.number()?).map_err(|_| Doubt)?;
        self.take(length)
    }
}

//! Values as bytes, for the store and for frames of the link: bincode with variable-length
//! whole numbers. The only code that names bincode, so that it can be left in one place.
//!
//! Every call has a limit: bytes from a damaged disk or a hostile peer never make the
//! program allocate more than [`LIMIT`]. Errors carry no text of the value: it may be
//! somebody's.

#[cfg(test)]
pub mod arbitrary;
#[cfg(test)]
mod wire_tests;

use bincode::config::{Configuration, Limit, LittleEndian, Varint, standard};
use serde::{Serialize, de::DeserializeOwned};

/// The longest encoding there may be, in bytes.
pub const LIMIT: usize = 16 * 1024 * 1024;

const CONFIG: Configuration<LittleEndian, Varint, Limit<LIMIT>> = standard().with_limit::<LIMIT>();

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error("the value cannot be written as bytes")]
    Unwritable,
    #[error("the bytes are not such a value")]
    Malformed,
    #[error("bytes stand behind the value")]
    Trailing,
    #[error("more than {LIMIT} bytes")]
    TooLong,
}

pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CodecError> {
    let mut bytes = Vec::new();
    encode_into(&mut bytes, value)?;
    Ok(bytes)
}

/// Appends the value; on an error `bytes` is left as it was.
pub fn encode_into<T: Serialize + ?Sized>(
    bytes: &mut Vec<u8>,
    value: &T,
) -> Result<(), CodecError> {
    let start = bytes.len();
    let written = bincode::serde::encode_into_std_write(value, bytes, CONFIG);
    let outcome = match written {
        Ok(_) if bytes.len() - start > LIMIT => Err(CodecError::TooLong),
        Ok(_) => Ok(()),
        Err(_) => Err(CodecError::Unwritable),
    };
    if outcome.is_err() {
        bytes.truncate(start);
    }
    outcome
}

/// Reads a value that takes up all of `bytes`.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    if bytes.len() > LIMIT {
        return Err(CodecError::TooLong);
    }
    let (value, read) =
        bincode::serde::decode_from_slice(bytes, CONFIG).map_err(|_| CodecError::Malformed)?;
    if read == bytes.len() { Ok(value) } else { Err(CodecError::Trailing) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::{Change, Head};
    use crate::domain::record::{Record, RecordId, Revision};
    use proptest::prelude::*;

    #[test]
    fn bytes_behind_a_value_are_an_error() {
        let mut bytes = encode(&7_u32).unwrap();
        assert_eq!(decode(&bytes), Ok(7_u32));
        bytes.push(0);
        assert_eq!(decode::<u32>(&bytes), Err(CodecError::Trailing));
    }

    #[test]
    fn a_length_that_is_a_lie_is_refused_without_allocating_it() {
        let mut bytes = vec![253];
        bytes.extend(u64::MAX.to_le_bytes());
        assert_eq!(decode::<String>(&bytes), Err(CodecError::Malformed));
        assert_eq!(decode::<Vec<u64>>(&bytes), Err(CodecError::Malformed));
        assert_eq!(decode::<Vec<String>>(&bytes), Err(CodecError::Malformed));
    }

    #[test]
    fn more_than_the_limit_is_neither_written_nor_read() {
        let long = "x".repeat(LIMIT);
        let mut bytes = vec![1, 2, 3];
        assert_eq!(encode_into(&mut bytes, &long), Err(CodecError::TooLong));
        assert_eq!(bytes, [1, 2, 3]);
        assert_eq!(decode::<String>(&vec![0; LIMIT + 1]), Err(CodecError::TooLong));
    }

    proptest! {
        #[test]
        fn a_record_of_any_kind_is_read_back_as_it_was(record in arbitrary::record()) {
            let bytes = encode(&record).unwrap();
            prop_assert_eq!(decode::<Record>(&bytes), Ok(record));
        }

        #[test]
        fn a_record_cut_short_is_an_error(record in arbitrary::record(), cut in any::<prop::sample::Index>()) {
            let bytes = encode(&record).unwrap();
            let cut = cut.index(bytes.len());
            prop_assert!(decode::<Record>(&bytes[..cut]).is_err());
        }

        #[test]
        fn any_bytes_are_read_or_refused_but_never_fatal(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode::<Record>(&bytes);
            let _ = decode::<Vec<Record>>(&bytes);
            let _ = decode::<Change>(&bytes);
            let _ = decode::<(Head, RecordId, Revision, Option<String>)>(&bytes);
        }

        #[test]
        fn a_record_with_a_byte_changed_is_read_or_refused_but_never_fatal(
            record in arbitrary::record(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
        ) {
            let mut bytes = encode(&record).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = decode::<Record>(&bytes);
        }
    }
}

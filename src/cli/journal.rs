//! `kompeten verify` and `kompeten rebuild`: the journal proven, the store made anew.

use std::io::Write;

use chrono::Utc;

use super::args::VerifyArgs;
use super::client::Client;
use super::export::write_failure;
use super::fault::{Exit, Failure};
use super::{Context, say};
use crate::exchange::{Destination, write_text};
use crate::i18n::{self, DIGITS_MIN, Sheet, t};
use crate::protocol::{Answer, Problem, Request};

/// Digits of a whole SHA-256.
const DIGITS_MAX: usize = 64;

/// Exit 1 names the first difference. A signed-off head is looked for once all is proven.
pub fn verify(args: &VerifyArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let signed = args.against.as_deref().map(fingerprint).transpose()?;
    let mut client = Client::open(context)?;
    let verified = match client.ask(Request::Verify) {
        Ok(Answer::Verified(verified)) => verified,
        Ok(_) => return Err(Problem::Closed.into()),
        // Said when the office was opened.
        Err(problem) if client.info.read_only.as_ref() == Some(&problem) => {
            return Ok(Exit::Failed);
        }
        Err(problem) => return Err(problem.into()),
    };
    if args.sign_off {
        let sheet = Sheet::of(&client.info, &verified, Utc::now()).text();
        let to = args.out.as_deref().map_or(Destination::Stdout, Destination::from_arg);
        write_text(&to, &sheet).map_err(|error| write_failure(&error, &to))?;
        if let Destination::File(file) = &to {
            say(&t!("sheet.saved", path = file.display()));
        }
    } else {
        let whole = |number: u64| i18n::whole(i64::try_from(number).unwrap_or(i64::MAX));
        let (entries, records) = (whole(verified.entries), whole(verified.records));
        let text = match verified.records {
            0 => t!("cli.verified_chain", entries = entries),
            _ => t!("cli.verified", entries = entries, records = records),
        };
        writeln!(out, "{text}")?;
        if verified.erased > 0 {
            say(&t!("cli.verified_erased", count = whole(verified.erased)));
        }
        if !verified.head.is_empty() {
            writeln!(out, "{}", verified.head)?;
        }
    }
    let Some((seq, hash)) = signed else { return Ok(Exit::Done) };
    match client.ask(Request::FindHead { seq, hash })? {
        Answer::Found(Some(seq)) => {
            say(&t!("sheet.stands", seq = seq));
            Ok(Exit::Done)
        }
        Answer::Found(None) => Err(Failure::Failed(t!("sheet.not_there").into_owned())),
        _ => Err(Problem::Closed.into()),
    }
}

/// `55:0123 4567 89ab cdef…` as it stands on a sheet: the step's number, if it is there, and
/// the first digits.
fn fingerprint(text: &str) -> Result<(Option<u64>, String), Failure> {
    let wrong = || Failure::Usage(t!("usage.fingerprint_wrong", value = text).into_owned());
    let (seq, hash) = match text.split_once(':') {
        Some((seq, hash)) => (Some(seq.trim().parse().map_err(|_| wrong())?), hash),
        None => (None, text),
    };
    let hash: String = hash.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let right = hash.len() >= DIGITS_MIN
        && hash.len() <= DIGITS_MAX
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if right { Ok((seq, hash.to_lowercase())) } else { Err(wrong()) }
}

pub fn rebuild(context: &Context, _: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let answer = client.ask(Request::Rebuild);
    answer?;
    say(&t!("cli.rebuilt"));
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_typed_as_it_stands_on_the_sheet() {
        let hash = "0123456789abcdef";
        for (text, seq) in [
            ("55:0123456789ABCDEF", Some(55)),
            (" 55 : 01234567 89abcdef", Some(55)),
            ("0123-4567-89ab-cdef", None),
        ] {
            let read = fingerprint(text).unwrap();
            assert_eq!((read.0, read.1.as_str()), (seq, hash), "{text}");
        }
        for text in ["", "55", "55:0123", "x:0123456789abcdef", "55:0123456789abcdeg"] {
            assert!(matches!(fingerprint(text), Err(Failure::Usage(_))), "{text}");
        }
    }
}

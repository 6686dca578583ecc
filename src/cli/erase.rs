//! `kompeten person erase NIP`: a person becomes a pseudonym, and what the office's history
//! says of them goes. Says first what goes, what stays and what it cannot reach.

use std::io::Write;

use super::args::{EraseReasonArgs, PersonEraseArgs};
use super::client::{Client, step, tell_saved};
use super::fault::{Exit, Failure};
use super::values::number;
use super::{Context, say};
use crate::domain::record::{EmployeeId, Kind, Record, RecordId};
use crate::i18n::{self, t};
use crate::protocol::{Request, Saved};

pub fn run(
    args: &PersonEraseArgs,
    context: &Context,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let (id, who) = person(&mut client, &args.nip)?;
    if !args.yes {
        say(&i18n::erasure(&who, id));
        return Err(Failure::Usage(t!("erasure.not_meant").into_owned()));
    }
    let saved = erase(&mut client, vec![id], &args.why)?;
    if let Some(seq) = saved.seq {
        writeln!(out, "{seq}")?;
        out.flush()?;
    }
    tell_saved(&saved);
    say(&t!("erasure.out_of_reach"));
    Ok(Exit::Done)
}

/// `kompeten erase-reason STEP`: the reason of one step goes out of the history, where it
/// says what nobody should keep; what the step did stays.
pub fn reason(
    args: &EraseReasonArgs,
    context: &Context,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    if !args.yes {
        return Err(Failure::Usage(t!("erasure.reason_not_meant", seq = args.seq).into_owned()));
    }
    let mut client = Client::open(context)?;
    let saved = client.save(Request::EraseReason { step: step(&args.why), seq: args.seq })?;
    if let Some(seq) = saved.seq {
        writeln!(out, "{seq}")?;
        out.flush()?;
    }
    tell_saved(&saved);
    Ok(Exit::Done)
}

/// Who is meant: a NIP, or the number of a record that may be gone.
fn person(client: &mut Client, text: &str) -> Result<(EmployeeId, String), Failure> {
    match client.find(Kind::Employees, text) {
        Ok(stored) => {
            let nip = match &stored.record {
                Record::Employee(employee) => employee.number.to_string(),
                _ => String::new(),
            };
            let who = i18n::label(&format!("{} · {nip}", stored.record.label()));
            Ok((EmployeeId(stored.id.number), who))
        }
        // By its number even a record that is gone has a history.
        Err(failure) => match number(Kind::Employees, text).filter(|_| text.len() < 11) {
            Some(id) => Ok((EmployeeId(id.number), id.to_string())),
            None => Err(failure),
        },
    }
}

pub fn erase(client: &mut Client, people: Vec<EmployeeId>, why: &str) -> Result<Saved, Failure> {
    client.save(Request::Erase { step: step(why), people })
}

/// What a record is called of which only the number is left.
pub fn called(label: &str, id: EmployeeId) -> String {
    if label.is_empty() { RecordId::from(id).to_string() } else { i18n::label(label) }
}

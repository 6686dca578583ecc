//! `kompeten add KIND FIELD=VALUE…`: a new record, by the same fields, checks and rights as
//! the form on screen. Many at once: `rows`.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::args::{AddArgs, ChangeArgs};
use super::client::{Client, overtaken, step, tell_saved};
use super::fault::{Exit, Failure};
use super::fields::{FieldReader, Refused, misnamed};
use super::{Context, moves, rows, warn};
use crate::domain::kinds::holiday::Holiday;
use crate::domain::record::{Kind, Record, RecordId, Revision};
use crate::i18n::{self, t};
use crate::protocol::{Answer, DraftRecord, EnrolQuestion, Problem, Request, Save, Stored, Tried};

pub fn run(args: &AddArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    if let Some(file) = &args.from {
        may_be_asked(args.kind, args.change.yes)?;
        return rows::run(args, file, context, out);
    }
    let put = Put { kind: args.kind, values: &args.values, change: &args.change };
    put.run(context, &|_| Ok(None), out)
}

/// One record that is to be put: what is said of it, and how the outcome is told.
pub struct Put<'a> {
    pub kind: Kind,
    pub values: &'a [(String, String)],
    /// With `--yes` also where the office asks back.
    pub change: &'a ChangeArgs,
}

/// Why a record was not put.
enum Wrong {
    Failure(Failure),
    Refused(Vec<Refused>),
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The record that is there already, if one is meant.
type Standing<'a> = dyn Fn(&mut Client) -> Result<Option<Stored>, Failure> + 'a;

impl Put<'_> {
    /// Puts it over what stands; nothing is changed unless all of it can be.
    pub fn run(
        &self,
        context: &Context,
        standing: &Standing,
        out: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        may_be_asked(self.kind, self.change.yes)?;
        let text = |(name, value): &(String, String)| (name.clone(), Json::from(value.as_str()));
        let said: Vec<_> = self.values.iter().map(text).collect();
        if let Some(wrong) = misnamed(self.kind, &said) {
            return Err(Failure::Usage(wrong.message));
        }
        match self.put(&said, context, standing) {
            Ok((id, seq)) => {
                if self.change.json {
                    serde_json::to_writer(&mut *out, &json!({"id": id, "seq": seq}))?;
                    writeln!(out)?;
                } else {
                    writeln!(out, "{id}")?;
                }
                out.flush()?;
                Ok(Exit::Done)
            }
            Err(Wrong::Failure(failure)) => Err(refuse(self.change.json, failure, &[], out)?),
            Err(Wrong::Refused(refused)) => {
                let failure = Failure::Failed(told(self.kind, &refused));
                Err(refuse(self.change.json, failure, &refused, out)?)
            }
        }
    }

    fn put(
        &self,
        said: &[(String, Json)],
        context: &Context,
        standing: &Standing,
    ) -> Result<(RecordId, Option<u64>), Wrong> {
        let mut client = Client::open(context)?;
        let stands = standing(&mut client)?;
        let mut reader = FieldReader::new(&mut client, self.kind);
        let read = match &stands {
            Some(stored) => reader.edited(&stored.record, said)?,
            None => reader.added(said)?,
        };
        let record = read.map_err(Wrong::Refused)?;
        self.save(&mut client, stands.as_ref(), record)
    }

    fn save(
        &self,
        client: &mut Client,
        stands: Option<&Stored>,
        record: Record,
    ) -> Result<(RecordId, Option<u64>), Wrong> {
        let id = stands.map(|stored| stored.id);
        let base = stands.map_or(Revision(0), |stored| stored.rev);
        tell_holidays(&record, &client.info.holidays);
        let drafts = vec![DraftRecord { id, base, record }];
        moves::told(client, self.kind, self.change.yes, Tried::Save(drafts.clone()))?;
        match client.ask(save(self.change.yes, &self.change.why, drafts)) {
            Ok(Answer::Saved(saved)) => {
                tell_saved(&saved);
                let id = saved.ids.first().copied().or(id).ok_or(Failure::from(Problem::Closed))?;
                Ok((id, saved.seq))
            }
            Ok(Answer::Conflict(conflict)) => Err(overtaken(&conflict).into()),
            Ok(Answer::Asks(question)) => Err(Failure::Usage(asked_back(&question)).into()),
            Ok(_) => Err(Failure::from(Problem::Closed).into()),
            Err(Problem::Invalid(faults)) => {
                let faults = faults.iter().map(|(_, fault)| Refused::of(self.kind, fault));
                Err(Wrong::Refused(faults.collect()))
            }
            Err(problem) => Err(Failure::from(problem).into()),
        }
    }
}

/// Only before people are enrolled, or moved between categories, is anything asked that
/// `--yes` would answer.
pub fn may_be_asked(kind: Kind, yes: bool) -> Result<(), Failure> {
    if yes && kind != Kind::Enrolments && !kind.moves_people() {
        return Err(Failure::Usage(t!("usage.no_question", kind = kind.name()).into_owned()));
    }
    Ok(())
}

/// A save, asking back or not.
pub fn save(yes: bool, why: &str, drafts: Vec<DraftRecord>) -> Request {
    let save = Save { step: step(why), drafts };
    if yes { Request::SaveAnyway(save) } else { Request::Save(save) }
}

/// Why nobody was enrolled, and how they are.
pub fn asked_back(question: &EnrolQuestion) -> String {
    format!("{} {}", i18n::enrol_question(question), t!("training.ask_yes"))
}

/// Says on which days of a session offices are closed.
pub fn tell_holidays(record: &Record, own: &[Holiday]) {
    let Record::Session(session) = record else { return };
    let days = session.holidays(own);
    if !days.is_empty() {
        warn(&i18n::holidays(&days));
    }
}

/// What was refused, a field a line: its name, what a form calls it, why.
fn told(kind: Kind, refused: &[Refused]) -> String {
    let line = |why: &Refused| {
        format!("\n  {} ({}): {}", why.field, i18n::field_of(kind, &why.field), why.message)
    };
    let lines: String = refused.iter().map(line).collect();
    format!("{}{lines}", t!("fields.refused"))
}

/// Nothing was changed; for scripts that, too, is JSON.
pub fn refuse(
    json: bool,
    failure: Failure,
    refused: &[Refused],
    out: &mut dyn Write,
) -> Result<Failure, Failure> {
    if let (true, Failure::Failed(message)) = (json, &failure) {
        let code = if refused.is_empty() { "office" } else { "invalid" };
        let error = json!({"code": code, "message": message});
        let object = json!({"id": null, "seq": null, "error": error, "rejected": refused});
        serde_json::to_writer(&mut *out, &object)?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(failure)
}

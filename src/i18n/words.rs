//! Reasons, problems and what an entry did, in words: what happened and the way out.
//! The codes come from `domain::fault` and `link::protocol`; nothing is decided here.

use super::names::{added_name, own_name};
use super::{Language, date, field_of, find, language, stored, t, whole};
use crate::domain::diff::FieldChange;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Erasure, Shape};
use crate::domain::number::EmployeeNumber;
use crate::domain::pseudonym;
use crate::domain::record::{EmployeeId, Kind};
use crate::domain::rule_text;
use crate::domain::rulebook::Rulebook;
use crate::domain::rules::ClosedDay;
use crate::domain::vocabulary::Tongue;
use crate::protocol::{
    Act, ChangeDetail, Clash, EnrolQuestion, Hit, Imported, Mended, Needs, Problem, Summary,
    UnknownValue, UnknownWord, ValueWanted, Work,
};

const NIP_DIGITS: usize = 18;
/// Fields of a change that a line of a person's history tells.
const OWN_FIELDS: usize = 3;
/// Names listed in one message; the rest is counted.
const NAMES_SHOWN: usize = 5;

/// Why a value was refused; `detail` is the bound or limit it names.
pub fn reason(reason: Reason, detail: &str) -> String {
    t!(format!("reason.{}", reason.code()), detail = detail).into_owned()
}

/// In which words a search is completed for this officer.
pub fn tongue() -> Tongue {
    match language() {
        Language::Indonesian => Tongue::Indonesian,
        Language::English => Tongue::English,
    }
}

/// What a search cannot ask about, and what may be meant or can stand there.
pub fn unknown_word(unknown: &UnknownWord) -> String {
    let UnknownWord { name, value, nearest } = unknown;
    let text = match (value, nearest) {
        (None, Some(nearest)) => t!("shell.unknown_nearest", name = name, nearest = nearest),
        (None, None) => t!("shell.unknown_name", name = name),
        (Some(UnknownValue { text, wants }), nearest) => match (wants, nearest) {
            (ValueWanted::Figure, _) => t!("shell.value_figure", name = name, text = text),
            (ValueWanted::Day, _) => t!("shell.value_day", name = name, text = text),
            (_, Some(nearest)) => {
                t!("shell.value_nearest", name = name, text = text, nearest = nearest)
            }
            (ValueWanted::Word(words), None) => {
                t!("shell.value_words", name = name, text = text, words = words.join(", "))
            }
            (ValueWanted::Name, None) => t!("shell.value_none", name = name, text = text),
        },
    };
    text.into_owned()
}

/// The words for a code of a closed list; the code itself where there are none.
pub fn choice(code: &str) -> String {
    if let Some(name) = own_name(code) {
        return name;
    }
    find(&format!("choice.{code}")).or_else(|| added_name(code)).unwrap_or_else(|| code.to_string())
}

/// The same where there is room for a letter or two.
pub fn short_choice(code: &str) -> String {
    find(&format!("choice_short.{code}")).unwrap_or_else(|| choice(code))
}

/// The words for a figure of a table of rules: `mapping.O` is `pemetaan / Optimal`.
pub fn figure(table: &str, name: &str) -> String {
    // What is given a name is called by its code: `KL10`, `III/a`.
    if let Some(of) = rule_text::named(name) {
        return of.to_string();
    }
    let word = |part: &str| {
        find(&format!("figure.{table}.{part}"))
            .or_else(|| find(&format!("figure.{part}")))
            .unwrap_or_else(|| choice(part))
    };
    name.split('.').map(word).collect::<Vec<_>>().join(" / ")
}

/// What a code is known by besides: where there is little room, in lists of others, by itself.
pub fn other_words(code: &str) -> Vec<String> {
    let mut words = vec![short_choice(code), code.to_string()];
    words.extend(Rulebook::shipped().called_besides(code));
    words
}

/// What a form calls a field; the name scripts know where there is no label.
pub fn field(name: &str) -> String {
    find(&format!("field.{name}")).unwrap_or_else(|| name.to_string())
}

/// `pegawai`, `employees`.
pub fn kind(kind: Kind) -> String {
    t!(format!("kind.{}", kind.name())).into_owned()
}

/// `1 pegawai`, `49 employees`, `1 employee`.
pub fn count(kind: Kind, number: u32) -> String {
    format!("{} {}", whole(number), if number == 1 { one(kind) } else { self::kind(kind) })
}

/// `pegawai`, `employee`.
pub fn one(kind: Kind) -> String {
    t!(format!("kind_one.{}", kind.name())).into_owned()
}

/// What an entry did: `menambah 49 pegawai`, `membatalkan langkah 12: …`.
pub fn summary(summary: &Summary) -> String {
    let text = own_summary(summary);
    if summary.others { t!("summary.others", what = text).into_owned() } else { text }
}

/// The same without what is beyond the officer's reach.
fn own_summary(summary: &Summary) -> String {
    let named = |(kind, _, number): &(Kind, Act, u32)| {
        if *number == 1 && summary.parts.len() == 1 && !summary.label.is_empty() {
            super::named(&one(*kind), &called(*kind, &summary.label))
        } else {
            count(*kind, *number)
        }
    };
    // `menambah 9 unit kerja, 49 pegawai`: the verb once for all it was done to.
    let part = |(key, act): (&str, Act)| {
        let what: Vec<_> =
            summary.parts.iter().filter(|(_, of, _)| *of == act).map(named).collect();
        (!what.is_empty()).then(|| t!(key, what = what.join(", ")).into_owned())
    };
    let acts = [
        ("summary.added", Act::Added),
        ("summary.changed", Act::Changed),
        ("summary.deleted", Act::Deleted),
    ];
    let done = acts.into_iter().filter_map(part).collect::<Vec<_>>().join("; ");
    // What a step is taken back on; of a deletion it would be wrong to say that it changes.
    let on = || summary.parts.iter().map(named).collect::<Vec<_>>().join(", ");
    match summary.undoes {
        Some(seq) if summary.redo => t!("summary.redo", seq = seq, done = on()).into_owned(),
        Some(seq) => t!("summary.undo", seq = seq, done = on()).into_owned(),
        None if summary.erases > 0 => t!("summary.erases", count = summary.erases).into_owned(),
        None if summary.reason_of.is_some() => {
            t!("summary.reason_of", seq = summary.reason_of.unwrap_or_default()).into_owned()
        }
        None if done.is_empty() && summary.erased > 0 => {
            t!("summary.erased", count = summary.erased).into_owned()
        }
        None if summary.erased > 0 => {
            format!("{done}; {}", t!("summary.erased", count = summary.erased))
        }
        None if done.is_empty() => t!("summary.nothing").into_owned(),
        None => done,
    }
}

/// What a step was for one person: the first of what it changed of theirs, in a few words.
pub fn own_changes(own: &[ChangeDetail]) -> String {
    let told = |detail: &ChangeDetail| {
        let kind = detail.id.kind;
        let is_person = kind == Kind::Employees;
        // Whose it is stands in the heading.
        let said = detail.fields.iter().filter(|change| change.field != "employee");
        let field = |change: &FieldChange| {
            let name = field_of(kind, &change.field);
            let said = |json: &str| match stored(kind, &change.field, json).as_str() {
                "" => "-".to_string(),
                text => label(text),
            };
            match detail.act {
                _ if change.hidden => name,
                Act::Changed => t!(
                    "summary.own_field",
                    name = name,
                    before = said(&change.before),
                    after = said(&change.after)
                )
                .into_owned(),
                _ => format!("{name} {}", said(&change.after)),
            }
        };
        let fields = said.take(OWN_FIELDS).map(field).collect::<Vec<_>>().join(", ");
        match detail.act {
            Act::Added if is_person => t!("summary.own_added").into_owned(),
            Act::Deleted => t!("summary.deleted", what = one(kind)).into_owned(),
            _ if is_person => fields,
            // Behind whose it is: which session, which year.
            Act::Changed => {
                let which = detail.label.split_once(SEPARATOR).map_or("", |(_, rest)| rest);
                let kind = one(kind);
                let whose =
                    if which.is_empty() { kind } else { super::named(&kind, &label(which)) };
                format!("{whose}: {fields}")
            }
            Act::Added => format!("{}: {fields}", one(kind)),
        }
    };
    own.iter().map(told).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
}

/// What a record is called; a setting goes by its words, and what is one of the choices of a
/// kind by the words of that.
pub fn called(kind: Kind, name: &str) -> String {
    if let Some(words) = find(&format!("setting.{name}")).filter(|_| kind == Kind::Settings) {
        return words;
    }
    let chosen = |part: &&str| {
        kind.fields().iter().any(|field| match field.shape {
            Shape::Choice(codes) => codes.contains(part),
            _ => false,
        })
    };
    let part = |part: &str| Some(part).filter(chosen).map_or_else(|| label(part), choice);
    let parts = name.split(SEPARATOR).filter(|part| !part.is_empty());
    parts.map(part).collect::<Vec<_>>().join(", ")
}

/// What the office says beside a record that was looked up.
pub fn detail(hit: &Hit) -> String {
    called(hit.id.kind, &hit.detail)
}

/// Between the parts of what the office calls a record.
const SEPARATOR: &str = " · ";

/// What the office calls a record, as an officer reads it: `Adi · 2026-02-05` is `Adi,
/// 5 Feb 2026`, and a NIP stands in its groups.
pub fn label(text: &str) -> String {
    let said = |part: &str| match (part.parse(), EmployeeNumber::parse(part)) {
        (Ok(day), _) => date(day),
        (_, Ok(number)) if part.len() >= NIP_DIGITS => format!("{number:#}"),
        _ => part.to_string(),
    };
    let parts = text.split(SEPARATOR).filter(|part| !part.is_empty());
    parts.map(said).collect::<Vec<_>>().join(", ")
}

/// What the office set right by itself on opening.
pub fn mended(mended: &Mended) -> String {
    match mended {
        Mended::TornLine { file, nothing_lost: true } => t!("mended.torn_line", file = file),
        Mended::TornLine { file, nothing_lost: false } => {
            t!("mended.torn_line_unsure", file = file)
        }
        Mended::StoreRebuilt { entries } => {
            t!("mended.store_rebuilt", entries = whole(i64::try_from(*entries).unwrap_or(i64::MAX)))
        }
        Mended::ErasureFinished => t!("mended.erasure_finished"),
    }
    .into_owned()
}

/// What a long piece of work is called while it goes on.
pub fn work(work: Work) -> String {
    match work {
        Work::Rebuilding => t!("work.rebuilding"),
        Work::Importing => t!("work.importing"),
        Work::Verifying => t!("work.verifying"),
        Work::Undoing => t!("work.undoing"),
        Work::Erasing => t!("work.erasing"),
        Work::Searching => t!("work.searching"),
        Work::Counting => t!("work.counting"),
    }
    .into_owned()
}

/// Somebody has ended this sitting.
pub fn ended(by: &str) -> String {
    t!("sittings.ended_by", by = by).into_owned()
}

/// What erasing a person means, before it is done: what goes, what stays, what it does not
/// reach.
pub fn erasure(who: &str, id: EmployeeId) -> String {
    let name = pseudonym::name_of(id);
    let kept = Kind::Employees.fields().iter().filter(|field| field.erasure == Erasure::Kept);
    let fields = kept.map(|kept| inside(&field(kept.name)));
    let fields = fields.collect::<Vec<_>>().join(", ");
    [
        t!("erasure.what", who = who, name = name),
        t!("erasure.stays", fields = fields),
        t!("erasure.out_of_reach"),
        t!("erasure.no_way_back"),
    ]
    .join(" ")
}

/// A heading as it stands inside a sentence; `MK tahun` stays as it is.
fn inside(heading: &str) -> String {
    let mut letters = heading.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => heading.to_string(),
    }
}

/// Why something was not done, and the way out.
pub fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Invalid(faults) => t!("problem.invalid", faults = self::faults(faults)),
        Problem::NotFound => t!("problem.not_found"),
        Problem::AmbiguousUnit(paths) => t!("problem.ambiguous_unit", paths = paths.join("\n  ")),
        Problem::ReadOnly => t!("problem.read_only"),
        Problem::Damaged { file, line } => t!("problem.damaged", file = file, line = line),
        Problem::Newer { file, line } => t!("problem.newer", file = file, line = line),
        Problem::JournalShort { store, journal } => {
            t!("problem.journal_short", store = store, journal = journal)
        }
        Problem::DiskFull => t!("problem.disk_full"),
        Problem::SyncUnsure => t!("problem.sync_unsure"),
        Problem::NotAsWritten => t!("problem.not_as_written"),
        Problem::Io(error) => t!("problem.io", error = error),
        Problem::NothingToUndo => t!("problem.nothing_to_undo"),
        Problem::NothingToRedo => t!("problem.nothing_to_redo"),
        Problem::NoReason { seq } => t!("problem.no_reason", seq = seq),
        Problem::NoSuchStep { seq } => t!("problem.no_such_step", seq = seq),
        Problem::AlreadyUndone { seq } => t!("problem.already_undone", seq = seq),
        Problem::ChangedSince(labels) => {
            t!("problem.changed_since", names = list_names(labels, labels.len()))
        }
        Problem::DependedOn { labels, count } => {
            t!("problem.depended_on", names = list_names(labels, *count as usize))
        }
        Problem::BuiltIn { label } => t!("problem.built_in", name = self::label(label)),
        Problem::HasHistory { label } => t!("problem.has_history", name = label),
        Problem::Restricted { labels, count } => {
            t!("problem.restricted", names = list_names(labels, *count as usize))
        }
        Problem::KeptByOffice => t!("problem.kept_by_office"),
        Problem::TooMany { limit } => t!("problem.too_many", limit = whole(*limit)),
        Problem::Erased { seq } => t!("problem.erased", seq = seq),
        Problem::Overtaken => t!("problem.overtaken"),
        Problem::StillActive { label } => t!("problem.still_active", name = self::label(label)),
        Problem::ErasureUnfinished(why) => {
            t!("problem.erasure_unfinished", why = self::problem(why))
        }
        Problem::ImportRunning => t!("problem.import_running"),
        Problem::TooLong => t!("problem.too_long"),
        Problem::Quota { megabytes } => t!("problem.quota", limit = whole(i64::from(*megabytes))),
        Problem::Cancelled => t!("problem.cancelled"),
        Problem::NoImport => t!("problem.no_import"),
        Problem::Differs { place } => t!("problem.differs", place = place),
        Problem::LinkLost => t!("problem.link_lost"),
        Problem::Closed => t!("problem.closed"),
        Problem::NotAnOfficer { user } => t!("problem.not_an_officer", user = user),
        Problem::NotAllowed { role, needs } => {
            let key = match needs {
                Needs::Reader => "problem.needs_reader",
                Needs::Writer => "problem.needs_writer",
                Needs::Auditor => "problem.needs_auditor",
                Needs::Admin => "problem.needs_admin",
                Needs::OfficeAdmin => "problem.needs_office_admin",
                Needs::WiderReach => "problem.needs_wider_reach",
            };
            t!(key, role = choice(role.code()))
        }
    }
    .into_owned()
}

/// What there is to know before people are enrolled, a sentence each.
pub fn enrol_question(question: &EnrolQuestion) -> String {
    let mut told = Vec::new();
    if question.over > 0 {
        let capacity = question.capacity.unwrap_or_default();
        let (over, people) = (whole(question.over), whole(question.people));
        let text = t!("training.ask_seats", over = over, people = people, capacity = capacity);
        told.push(text.into_owned());
    }
    if question.clashing > 0 {
        let days = |clash: &Clash| match (clash.start, clash.end) {
            (Some(start), Some(end)) if end > start => format!("{} - {}", date(start), date(end)),
            (start, end) => start.or(end).map_or_else(String::new, date),
        };
        let who = |clash: &Clash| format!("{} ({})", label(&clash.label), days(clash));
        let all: Vec<_> = question.clashes.iter().map(who).collect();
        let names = list_names(&all, question.clashing as usize);
        let count = whole(question.clashing);
        told.push(t!("training.ask_clashes", count = count, names = names).into_owned());
    }
    told.join(" ")
}

/// How many rows of a ledger came into sessions with others, if any did.
pub fn gathered(counts: &Imported) -> Option<String> {
    let (rows, sessions) = counts.gathered;
    let text = || t!("import.gathered", rows = whole(rows), sessions = whole(sessions));
    (rows > 0).then(|| text().into_owned())
}

/// The days of a session that are a holiday or joint leave, in one line; empty for none.
pub fn holidays(days: &[ClosedDay]) -> String {
    let called = |day: &ClosedDay| {
        let key = if day.joint { "training.joint_leave" } else { "training.national_holiday" };
        t!(key, date = date(day.date), name = day.name).into_owned()
    };
    let names: Vec<_> = days.iter().map(called).collect();
    let text = list_names(&names, names.len());
    if days.iter().all(|day| day.verified) {
        text
    } else {
        format!("{text} ({})", t!("training.holiday_unverified"))
    }
}

/// A field and what is wrong with it: `Nama: wajib diisi`.
fn fault_text(fault: &Fault) -> String {
    format!("{}: {}", field(&fault.field), reason(fault.reason, &detail_of(fault)))
}

/// A detail that is a date is written as one.
fn detail_of(fault: &Fault) -> String {
    fault.detail.parse().map_or_else(|_| fault.detail.clone(), date)
}

/// What is wrong with a record, or with what was asked.
pub fn faults(faults: &[(u32, Fault)]) -> String {
    let texts: Vec<_> = faults.iter().map(|(_, fault)| fault_text(fault)).collect();
    list_names(&texts, texts.len())
}

/// The first few names, then how many more there are.
fn list_names(names: &[String], count: usize) -> String {
    let mut text = names.iter().take(NAMES_SHOWN).cloned().collect::<Vec<_>>().join("; ");
    let more = count.saturating_sub(names.len().min(NAMES_SHOWN));
    if more > 0 {
        text.push_str(&t!("value.and_more", count = more));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_officer_reads_what_an_import_did() {
        let import =
            Summary { parts: vec![(Kind::Employees, Act::Added, 49)], ..Summary::default() };
        assert_eq!(summary(&import), "menambah 49 pegawai");
        let one = Summary {
            parts: vec![(Kind::Employees, Act::Changed, 1)],
            label: "Mila".into(),
            undoes: Some(12),
            ..Summary::default()
        };
        assert_eq!(summary(&one), "mengurungkan langkah 12: pegawai Mila");
        assert_eq!(summary(&Summary::default()), "tidak ada yang berubah");
        let parts = vec![
            (Kind::Units, Act::Added, 9),
            (Kind::Employees, Act::Added, 49),
            (Kind::Competencies, Act::Changed, 2),
        ];
        let several = Summary { parts, ..Summary::default() };
        assert_eq!(
            summary(&several),
            "menambah 9 unit kerja, 49 pegawai; mengubah 2 kompetensi",
            "a verb is said once"
        );
    }

    #[test]
    fn every_figure_of_every_table_of_rules_has_words_in_both_languages() {
        use crate::domain::rulebook::{Rulebook, TABLES};
        use crate::i18n::{Language, speaking};
        for language in Language::ALL {
            speaking(language, || {
                for table in TABLES {
                    for line in Rulebook::lines(table, "").expect("what ships") {
                        let parts = line.name.split('.').filter(|_| !line.is_name());
                        for part in parts {
                            let own = format!("figure.{table}.{part}");
                            let keys = [own, format!("figure.{part}"), format!("choice.{part}")];
                            let said = keys.iter().any(|key| find(key).is_some());
                            assert!(said, "{table}: {part} of {}", line.name);
                        }
                    }
                }
            });
        }
    }

    #[test]
    fn a_step_does_not_say_a_kind_twice() {
        let session = Summary {
            parts: vec![(Kind::Sessions, Act::Added, 1)],
            label: "Pelatihan Dasar · 2026-02-05".into(),
            ..Summary::default()
        };
        assert_eq!(summary(&session), "menambah jadwal Pelatihan Dasar, 5 Feb 2026");
    }

    #[test]
    fn a_record_is_called_as_an_officer_writes_it() {
        assert_eq!(label("Pelayanan Prima · 2026-02-05"), "Pelayanan Prima, 5 Feb 2026");
        assert_eq!(label("199606012019121999 · Camat"), "19960601 201912 1 999, Camat");
        assert_eq!(label("Adi Ramadhan · M.1 = 3"), "Adi Ramadhan, M.1 = 3");
        assert_eq!(label("#TKK-01 · "), "#TKK-01");
    }

    #[test]
    fn a_bound_is_named_in_the_message() {
        assert!(reason(Reason::TooLong, "500").contains("500"));
        assert!(reason(Reason::OutOfRange, "1–5").contains("1–5"));
    }

    #[test]
    fn long_lists_are_cut_and_counted() {
        let names: Vec<_> = (1..=7).map(|n| format!("N{n}")).collect();
        let text = problem(&Problem::ChangedSince(names));
        assert!(text.contains("N5") && !text.contains("N6"), "{text}");
        assert!(text.contains('2'), "{text}");
    }
}

//! Every import there is, tried with one file: what it says of columns, the same file twice,
//! people who are out of reach or restricted, and the undo of all of it. Imports are found
//! through the registry; of a plain one the file is what the office itself writes of the
//! kind, so that a new one is tried with all the others.

use std::sync::Arc;

use super::*;
use crate::domain::belongs::{Owner, Writers};
use crate::domain::fault::Fault;
use crate::domain::intake::RowShape;
use crate::domain::rulebook::Rulebook;
use crate::exchange::{self, Destination, FileError, Lexicon};
use crate::jobs::import::{ImportError, ImportPlan, ImportReport, import};
use crate::jobs::{Progress, export};

type Read = Result<ImportReport, ImportError>;

/// A file as its lines of cells.
#[derive(Clone)]
struct Sheet(Vec<Vec<String>>);

impl Sheet {
    fn of(text: &str) -> Self {
        let cells = |line: &str| line.split(',').map(String::from).collect();
        Self(text.lines().map(cells).collect())
    }

    fn rows(&self) -> u32 {
        self.0.len() as u32 - 1
    }

    fn with(&self, head: &str, cell: &str) -> Self {
        let mut with = self.clone();
        for (line, cells) in with.0.iter_mut().enumerate() {
            cells.push(if line == 0 { head } else { cell }.to_string());
        }
        with
    }

    fn without(&self, column: usize) -> Self {
        let mut without = self.clone();
        without.0.iter_mut().for_each(|cells| drop(cells.remove(column)));
        without
    }

    fn text(&self) -> String {
        self.0.iter().map(|cells| cells.join(",") + "\n").collect()
    }

    /// The same of somebody else.
    fn of_number(&self, from: &str, to: &str) -> Self {
        Self::of(&self.text().replace(from, to))
    }
}

impl Districts {
    fn try_as(&mut self, user: &str, request: Request) -> Result<Answer, Problem> {
        match self.ask_as(user, request) {
            Answer::Refused(problem) => Err(problem),
            answer => Ok(answer),
        }
    }

    fn number(&mut self) -> String {
        match self.stored(self.person.into()).record {
            Record::Employee(person) => person.number.to_string(),
            other => panic!("{other:?}"),
        }
    }

    /// A file with one row about the person, or about nobody in particular: one that adds
    /// or changes something.
    fn sheet(&mut self, intake: Intake) -> Sheet {
        let def = intake.def();
        let number = self.number();
        match def.format {
            RowShape::Plain | RowShape::Dictionary => Self::written(def.kind),
            RowShape::Staff => Sheet::of(&format!(
                "NIP BARU,NAMA,UNOR NAMA,SATUAN KERJA KERJA NAMA\n{number},Mila Lain,Sini,Kota\n"
            )),
            RowShape::Ledger => Sheet::of(&format!(
                "NIP,Nama Kegiatan,Kode Jenis Pengembangan,Tanggal Mulai,Tanggal Selesai,\
                 Penyelenggara,JP\n{number},Bimtek,KL03,2026-11-02,2026-11-03,BPSDM,12\n"
            )),
        }
    }

    /// The row an office that has such a record writes of it.
    fn written(kind: Kind) -> Sheet {
        let mut other = Self::new();
        let record = other.record_of(kind, other.person);
        saved(other.save_as("siti", None, record));
        let file = other.desk.folder.path().join("keluar");
        let mut query = ListQuery::all(kind);
        // What follows from the record is not for an import.
        query.columns = kind.columns().iter().map(|column| column.name.to_string()).collect();
        query.columns.retain(|name| kind.field(name).is_some() || name == "nip");
        let written = export::list(
            &mut |request| other.try_as("siti", request),
            &query,
            export::Rows::first(u32::MAX),
            &Destination::File(file.clone()),
            exchange::Format::Csv,
            export::ReadBy::Scripts,
            &Progress::silent(),
        );
        assert!(written.is_ok(), "{kind}: {written:?}");
        let text = std::fs::read_to_string(file).expect("read");
        let ours = |(at, line): &(usize, &str)| *at == 0 || line.contains(MARK);
        let lines: Vec<&str> =
            text.lines().enumerate().filter(ours).map(|(_, line)| line).collect();
        assert_eq!(lines.len(), 2, "{kind}: {text}");
        Sheet::of(&lines.join("\n"))
    }

    fn import_as(&mut self, user: &str, intake: Intake, sheet: &Sheet, dry_run: bool) -> Read {
        let file = self.desk.folder.path().join("masuk.csv");
        std::fs::write(&file, sheet.text()).expect("written");
        let plan = ImportPlan {
            intake,
            file,
            map: Vec::new(),
            sheet: None,
            dry_run,
            sure: false,
            even_empty: false,
            rejects: None,
            preview: 0,
            step: self.desk.step(),
            lexicon: Lexicon {
                today: "2026-11-21".parse().expect("a day"),
                rules: Arc::clone(Rulebook::shipped()),
                words: |_| Vec::new(),
            },
        };
        import(&mut |request| self.try_as(user, request), &plan, &Progress::silent())
    }

    /// Every record there is, as it stands.
    fn everything(&mut self) -> Vec<(Kind, u32, String)> {
        let mut all = Vec::new();
        for kind in
            Kind::ALL.into_iter().filter(|kind| *kind != Kind::Readings && !kind.is_sealed())
        {
            let Answer::Ids(numbers) = self.desk.ask(Request::Ids(ListQuery::all(kind))) else {
                panic!("{kind} is not listed")
            };
            for number in numbers {
                let record = self.stored(RecordId::new(kind, number)).record;
                all.push((kind, number, format!("{record:?}")));
            }
        }
        all
    }
}

fn taken(read: Read) -> ImportReport {
    read.unwrap_or_else(|error| panic!("nothing was read: {error:?}"))
}

fn reasons(report: &ImportReport) -> Vec<&Fault> {
    report.rejected.iter().map(|row| &row.fault).collect()
}

/// Imports whose rows are about people.
fn of_people() -> impl Iterator<Item = Intake> {
    let of = |intake: &Intake| intake.def().kind.belongs();
    Intake::ALL
        .into_iter()
        .filter(move |intake| matches!(of(intake), Owner::Person | Owner::Somebody))
}

#[test]
fn a_column_nobody_knows_is_named_and_nothing_of_it_is_kept() {
    for intake in Intake::ALL {
        let mut districts = Districts::new();
        let sheet = districts.sheet(intake);
        let plain = taken(districts.import_as("siti", intake, &sheet, true));
        let sheet = sheet.with("Warna Kesukaan", "TOSKA");
        let report = taken(districts.import_as("siti", intake, &sheet, false));
        let more: Vec<&String> = report
            .ignored_columns
            .iter()
            .filter(|name| !plain.ignored_columns.contains(name))
            .collect();
        assert_eq!(more, ["Warna Kesukaan"], "{intake:?}");
        assert_eq!(report.rejected, [], "{intake:?}");
        assert_eq!(report.counts.accepted, sheet.rows(), "{intake:?}");
        assert!(!names(&format!("{:?}", districts.everything()), "TOSKA"), "{intake:?}");
    }
}

#[test]
fn a_column_that_is_needed_is_asked_for_once_and_not_row_by_row() {
    let mut wrong = Vec::new();
    for intake in Intake::ALL {
        let mut districts = Districts::new();
        let sheet = districts.sheet(intake);
        let mut asked_for = 0;
        for (at, head) in sheet.0[0].iter().enumerate() {
            // Of two of which one is enough the other still has its column.
            if intake.def().yields.is_some_and(|(_, to)| *head == to) {
                continue;
            }
            let before = districts.everything();
            match districts.import_as("siti", intake, &sheet.without(at), false) {
                Err(ImportError::File(FileError::ColumnsMissing { fields, .. })) => {
                    asked_for += 1;
                    if fields.is_empty() || districts.everything() != before {
                        wrong.push(format!("{intake:?} without {head}: {fields:?}"));
                    }
                }
                // Without any way to tell whose a row is there is no head to be found.
                Err(ImportError::File(FileError::NoHeader)) => asked_for += 1,
                Ok(report) if report.rejected.is_empty() => districts = Districts::new(),
                other => wrong.push(format!("{intake:?} without {head}: {other:?}")),
            }
        }
        if asked_for == 0 {
            wrong.push(format!("{intake:?} needs no column"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn what_a_kind_requires_its_plain_file_must_have_a_column_for() {
    for intake in Intake::ALL.into_iter().filter(|it| it.def().format == RowShape::Plain) {
        let def = intake.def();
        let person = def.person().map(|field| field.name);
        let mut districts = Districts::new();
        let sheet = districts.sheet(intake);
        let required = def.kind.fields().iter().filter(|field| field.required);
        for field in required.filter(|field| Some(field.name) != person) {
            let at = sheet.0[0].iter().position(|head| head == field.name).expect("a column");
            let read = districts.import_as("siti", intake, &sheet.without(at), false);
            let Err(ImportError::File(FileError::ColumnsMissing { fields, .. })) = read else {
                panic!("{intake:?} without {}: {read:?}", field.name);
            };
            let named = |fields: &[String]| {
                fields.len() == 1 && fields[0].split('|').any(|one| one == field.name)
            };
            assert!(named(&fields), "{intake:?} {}: {fields:?}", field.name);
        }
    }
}

#[test]
fn the_same_file_again_changes_nothing_and_writes_nothing() {
    for intake in Intake::ALL {
        let mut districts = Districts::new();
        let sheet = districts.sheet(intake);
        let first = taken(districts.import_as("siti", intake, &sheet, false)).counts;
        assert!(first.seq.is_some() && first.added + first.changed == sheet.rows(), "{intake:?}");
        let before = districts.everything();
        let again = taken(districts.import_as("siti", intake, &sheet, false)).counts;
        assert_eq!((again.unchanged, again.seq), (sheet.rows(), None), "{intake:?}: {again:?}");
        assert_eq!(districts.everything(), before, "{intake:?}");
    }
}

#[test]
fn a_row_about_somebody_out_of_reach_is_a_row_about_nobody() {
    for intake in of_people() {
        for role in [Role::Admin, Role::Officer] {
            let mut districts = Districts::new();
            let (sheet, number) = (districts.sheet(intake), districts.number());
            let nobody = sheet.of_number(&number, &nip(77).to_string());
            let before = districts.everything();
            let user = user(role, "there");
            let [there, absent] = [&sheet, &nobody].map(|sheet| {
                let dry = taken(districts.import_as(&user, intake, sheet, true));
                let report = taken(districts.import_as(&user, intake, sheet, false));
                assert_eq!(dry.rejected, report.rejected, "{intake:?}: as the dry run said");
                assert_eq!((report.counts.accepted, report.counts.seq), (0, None), "{intake:?}");
                report
            });
            let words = |report| reasons(report).iter().map(|it| it.reason).collect::<Vec<_>>();
            assert_eq!(words(&there).len(), sheet.rows() as usize, "{intake:?}");
            assert_eq!(words(&there), words(&absent), "{intake:?}");
            // A number can be held once in an office: there the column tells.
            if intake.def().kind.belongs() == Owner::Person {
                assert_eq!(there, absent, "{intake:?}");
            }
            assert_eq!(districts.everything(), before, "{intake:?}");
        }
    }
}

#[test]
fn nothing_of_somebody_restricted_is_changed_by_a_file() {
    for intake in of_people() {
        for user in ["siti".to_string(), user(Role::Admin, "here"), user(Role::Officer, "here")] {
            let mut districts = Districts::new();
            let sheet = districts.sheet(intake);
            districts.restrict(true);
            let before = districts.everything();
            let report = taken(districts.import_as(&user, intake, &sheet, false));
            let words: Vec<Reason> = reasons(&report).iter().map(|it| it.reason).collect();
            assert_eq!(words, [Reason::Restricted], "{intake:?} {user}");
            assert_eq!(report.counts.seq, None, "{intake:?} {user}");
            assert_eq!(districts.everything(), before, "{intake:?} {user}");
        }
    }
}

#[test]
fn one_undo_takes_a_whole_import_back() {
    for intake in Intake::ALL {
        let mut districts = Districts::new();
        let sheet = districts.sheet(intake);
        let before = districts.everything();
        let report = taken(districts.import_as("siti", intake, &sheet, false));
        assert!(report.counts.seq.is_some(), "{intake:?}");
        let after = districts.everything();
        assert_ne!(after, before, "{intake:?}");
        saved(districts.desk.undo());
        assert_eq!(districts.everything(), before, "{intake:?}");
        saved(districts.desk.redo());
        assert_eq!(districts.everything(), after, "{intake:?}");
    }
}

/// What all districts share is brought in by nobody of one of them.
#[test]
fn a_file_is_taken_from_those_alone_who_may_write_its_kind() {
    for intake in Intake::ALL {
        let mut districts = Districts::new();
        let sheet = districts.sheet(intake);
        let before = districts.everything();
        let shared = intake.def().kind.writers() == Writers::OfficeAdmins;
        for role in Role::ALL {
            let user = user(*role, "here");
            let read = districts.import_as(&user, intake, &sheet, true);
            let may = matches!(role, Role::Admin | Role::Officer) && !shared;
            match read {
                Ok(report) if may => assert_eq!(report.rejected, [], "{user} {intake:?}"),
                Err(ImportError::Office(Problem::NotAllowed { .. })) if !may => {}
                other => panic!("{user} {intake:?}: {other:?}"),
            }
        }
        assert_eq!(districts.everything(), before, "{intake:?}");
    }
}

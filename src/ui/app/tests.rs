use super::*;
use crate::domain::intake::Intake;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Fields, Kind, Revision};
use crate::protocol::{
    Act, Answer, HistoryLine, HistoryPage, Imported, Incoming, Notice, Problem, RowVerdict, Saved,
    Summary, Verdict,
};
use crate::term::input::Input;
use crate::ui::job::{ColumnHeading, Columns, JobEnd, JobEvent, Preview, PreviewRow};
use crate::ui::panes::employees::Employees;
use crate::ui::testing::{Desk, Office, Setup};

fn office() -> Office {
    Office::new()
        .with(Kind::Units, 1001, r#"{"name":"Kecamatan Plaju","code":"16.71"}"#)
        .with(
            Kind::Employees,
            1004,
            r#"{"number":"198503152010012003","name":"Siti Aminah","kind":"PNS","status":"active"}"#,
        )
        .with(
            Kind::Employees,
            1005,
            r#"{"number":"197812012005011002","name":"Budi Santoso","kind":"PNS","status":"active"}"#,
        )
}

fn desk() -> Desk {
    Desk::new(vec![Box::new(Employees::new())], office())
}

#[test]
fn a_screen_too_small_says_so_and_keys_still_work() {
    let setup = Setup { size: (40, 10), ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], office(), setup);
    assert!(desk.screen().starts_with("Layar terlalu kecil: perlu 60x15"));
    desk.press("q");
    assert_eq!(desk.deeds, [Deed::Quit]);
}

#[test]
fn the_palette_finds_commands_with_their_keys_and_people() {
    let mut desk = desk();
    desk.press(": 'budi'");
    insta::assert_snapshot!(desk.screen());
    desk.press("enter");
    assert!(desk.screen().starts_with("[Pegawai 2]"));
}

#[test]
fn somebody_called_siti_comes_before_the_list_of_positions() {
    let mut desk = desk();
    desk.press(": 'siti' enter");
    assert!(desk.screen().starts_with("[Pegawai 2]"), "{}", desk.screen());
}

#[test]
fn a_command_chosen_in_the_palette_is_given() {
    let mut desk = desk();
    desk.press(": 'tambah' enter");
    assert!(desk.screen().contains("Tambah pegawai"), "{}", desk.screen());
}

#[test]
fn a_unit_chosen_in_the_palette_restricts_the_list() {
    let mut desk = desk();
    desk.press(": 'kecamatan plaju' enter");
    let restricted = desk.asked.iter().any(|request| {
        matches!(request, Request::List(query) if query.unit.map(|unit| unit.0) == Some(1001))
    });
    assert!(restricted, "{:?}", desk.asked);
}

#[test]
fn help_lists_the_keys_of_this_place() {
    let mut desk = desk();
    desk.press("?");
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn a_prefix_shows_what_may_follow_and_esc_forgets_it() {
    let mut desk = desk();
    desk.press("g");
    // Whoever knows what comes next is not shown it.
    assert!(!desk.screen().contains("+--"), "{}", desk.screen());
    assert!(desk.app.rests_after().is_some());
    desk.app.rested();
    insta::assert_snapshot!(desk.screen());
    desk.press("esc");
    assert_eq!(desk.app.rests_after(), None);
    assert!(!desk.screen().contains("+--"), "{}", desk.screen());
    assert!(!desk.bottom().contains("tidak dipakai"), "{}", desk.bottom());
}

#[test]
fn ctrl_c_twice_leaves_and_once_only_says_so() {
    let mut desk = desk();
    desk.press("ctrl-c");
    assert_eq!(desk.bottom(), "Tekan sekali lagi untuk keluar");
    desk.press("j ctrl-c");
    assert!(desk.deeds.is_empty());
    desk.press("ctrl-c");
    assert_eq!(desk.deeds, [Deed::Quit]);
}

#[test]
fn a_save_names_the_step_and_the_key_that_takes_it_back() {
    let mut desk = desk();
    desk.press("e 'x' ctrl-s");
    assert_eq!(desk.bottom(), "Mengubah pegawai Siti Aminahx. Tersimpan; u mengurungkan");
}

/// A pane that only counts how often it is told of a change.
struct Counting(std::rc::Rc<std::cell::Cell<u32>>);

impl Pane for Counting {
    fn id(&self) -> &'static str {
        "matrix"
    }

    fn go(&self) -> crate::ui::command::Command {
        crate::ui::command::Command::GoMatrix
    }

    fn title(&self) -> String {
        "Hitung".into()
    }

    fn contexts(&self) -> &'static [crate::ui::command::Context] {
        &[]
    }

    fn facts(&self) -> crate::ui::command::Facts {
        crate::ui::command::Facts::NONE
    }

    fn update(&mut self, event: PaneEvent, _view: &View) -> Vec<Effect> {
        if matches!(event, PaneEvent::Notice(Notice::Changed { .. })) {
            self.0.set(self.0.get() + 1);
        }
        Vec::new()
    }

    fn draw(&self, _frame: &mut ratatui::Frame, _view: &View) {}
}

#[test]
fn a_pane_behind_hears_of_changes_once_when_it_comes_to_the_front() {
    let told = std::rc::Rc::new(std::cell::Cell::new(0));
    let counting = Counting(std::rc::Rc::clone(&told));
    let mut desk = Desk::new(vec![Box::new(Employees::new()), Box::new(counting)], office());
    desk.press("g m g e e 'x' ctrl-s e 'y' ctrl-s");
    assert_eq!(told.get(), 0);
    desk.press("g m");
    assert_eq!(told.get(), 1);
    desk.press("g e g m");
    assert_eq!(told.get(), 1);
}

#[test]
fn nothing_to_undo_is_said() {
    let mut desk = desk();
    desk.press("u");
    assert!(desk.bottom().starts_with("! "), "{}", desk.bottom());
    assert!(matches!(desk.written()[..], [Request::Undo { .. }]));
}

#[test]
fn every_write_has_a_request_id_of_its_own() {
    let mut desk = desk();
    desk.press("u u");
    let ids: Vec<_> = desk
        .written()
        .iter()
        .map(|request| match request {
            Request::Undo { step, .. } => step.req.0.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, ["test-1", "test-2"]);
}

#[test]
fn in_a_read_only_office_changing_is_refused_with_the_reason() {
    let mut info = crate::ui::testing::info();
    info.read_only = Some(Problem::ReadOnly);
    let setup = Setup { info, ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], office(), setup);
    assert!(desk.screen().lines().next().is_some_and(|line| line.contains("! hanya baca")));
    desk.press("e");
    assert!(desk.bottom().starts_with("! "), "{}", desk.bottom());
    assert!(!desk.screen().contains("Ubah pegawai"));
}

#[test]
fn a_viewer_reads_and_is_told_what_their_role_does_not_cover() {
    let mut info = crate::ui::testing::info();
    info.role = Role::Viewer;
    let setup = Setup { info, ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], office(), setup);
    assert!(desk.screen().lines().next().is_some_and(|line| line.contains("! hanya baca")));
    desk.press("y");
    assert!(!desk.deeds.iter().any(|deed| matches!(deed, Deed::Copy(_))), "a NIP is personal");
    assert!(desk.bottom().contains("pembaca"), "{}", desk.bottom());
    desk.press("e");
    assert!(!desk.screen().contains("Ubah pegawai"));
}

#[test]
fn a_hang_up_keeps_the_form_and_the_next_start_offers_it() {
    let mut first = desk();
    first.press("e ctrl-u 'Siti Belum Selesai'");
    first.event(Input::Hangup);
    let draft = first.deeds.iter().find_map(|deed| match deed {
        Deed::SaveDraft(draft) => Some((**draft).clone()),
        _ => None,
    });
    assert_eq!(first.deeds.last(), Some(&Deed::Quit));
    let drafts = vec![draft.expect("a draft")];
    let mut next = Desk::with(
        vec![Box::new(Employees::new())],
        office(),
        Setup { drafts, ..Setup::default() },
    );
    assert!(next.screen().contains("belum selesai"), "{}", next.screen());
    next.press("y");
    assert!(next.screen().contains("Siti Belum Selesai"), "{}", next.screen());
    next.press("ctrl-s");
    assert!(matches!(next.written()[..], [Request::Save(_)]));
    assert!(next.deeds.contains(&Deed::ForgetDraft("employees-1004".into())));
}

#[test]
fn a_draft_declined_is_kept_for_another_time() {
    let draft = Draft {
        name: "units-new".into(),
        kind: Kind::Units,
        id: None,
        base: Revision(0),
        original: Fields::new(),
        texts: vec![("name".into(), "X".into())],
    };
    let setup = Setup { drafts: vec![draft], ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], office(), setup);
    desk.press("n");
    assert!(desk.deeds.is_empty(), "{:?}", desk.deeds);
    assert!(!desk.screen().contains("belum selesai"));
}

#[test]
fn units_are_corrected_in_their_own_list() {
    let mut desk = desk();
    desk.press("g u");
    insta::assert_snapshot!(desk.screen());
    desk.press("enter ctrl-u 'Kec. Plaju' ctrl-s esc");
    match desk.written()[..] {
        [Request::Save(save)] => assert_eq!(save.drafts[0].record.label(), "Kec. Plaju"),
        ref other => panic!("{other:?}"),
    }
    assert!(desk.screen().starts_with("[Pegawai 2]"), "{}", desk.screen());
}

#[test]
fn q_in_a_list_of_units_goes_back_and_only_then_leaves() {
    let mut desk = desk();
    desk.press("g u q");
    assert!(desk.deeds.is_empty());
    assert!(desk.screen().starts_with("[Pegawai 2]"), "{}", desk.screen());
    desk.press("g u w");
    assert!(desk.screen().contains("unit-kerja-2026-11-22.xlsx"), "{}", desk.screen());
}

#[test]
fn a_setting_is_shown_by_its_name_and_only_its_value_is_asked_for() {
    let office = office().with(Kind::Settings, 1, r#"{"name":"office_name","value":"Plaju"}"#);
    let mut desk = Desk::new(vec![Box::new(Employees::new())], office);
    desk.press("g ,");
    assert!(desk.screen().contains("Nama kantor"), "{}", desk.screen());
    desk.press("a");
    assert!(desk.bottom().starts_with("! "), "{}", desk.bottom());
    desk.press("e ctrl-u 'Kecamatan Plaju' ctrl-s");
    match desk.written()[..] {
        [Request::Save(save)] => match &save.drafts[0].record {
            crate::domain::record::Record::Setting(setting) => {
                assert_eq!(
                    (setting.name.as_str(), setting.value.as_str()),
                    ("office_name", "Kecamatan Plaju")
                );
            }
            other => panic!("{other:?}"),
        },
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn a_unit_is_chosen_with_f_and_lifted_with_esc() {
    let mut desk = desk();
    desk.press("f 'plaju' enter");
    assert!(desk.bottom().contains("Kecamatan Plaju"), "{}", desk.bottom());
    let unit = |desk: &Desk| {
        desk.asked.iter().rev().find_map(|request| match request {
            Request::List(query) if query.kind == Kind::Employees => Some(query.unit),
            _ => None,
        })
    };
    assert_eq!(unit(&desk).flatten().map(|unit| unit.0), Some(1001));
    desk.press("esc");
    assert_eq!(unit(&desk), Some(None));
}

#[test]
fn the_list_is_exported_exactly_as_filtered() {
    let mut desk = desk();
    desk.press("/ 'siti' enter w enter");
    let job = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(id, Job::Export(job)) => Some((*id, job.clone())),
        _ => None,
    });
    let (id, job) = job.expect("a job");
    assert_eq!(job.path, PathBuf::from("/home/rina/pegawai-2026-11-22.xlsx"));
    match &job.what {
        crate::ui::job::Export::List(query, _) => assert_eq!(query.search, "siti"),
        other => panic!("{other:?}"),
    }
    desk.event(JobEvent::Finished { job: id, end: JobEnd::Exists(job.path.clone()) });
    desk.press("y");
    let again = desk.deeds.iter().rev().find_map(|deed| match deed {
        Deed::Job(id, Job::Export(job)) => Some((*id, job.overwrite)),
        _ => None,
    });
    let (id, overwrite) = again.expect("a second job");
    assert!(overwrite);
    desk.event(JobEvent::Finished {
        job: id,
        end: JobEnd::Exported { path: job.path, rows: 1, restricted: 0 },
    });
    assert!(desk.bottom().starts_with("1 baris ditulis"), "{}", desk.bottom());
}

fn preview() -> Preview {
    let row = |line, verdict| PreviewRow {
        verdict: RowVerdict { line, verdict, warnings: Vec::new() },
        column: "NIP BARU".into(),
        called: "Siti Aminah".into(),
    };
    let fault = crate::domain::fault::Fault::new("nip", crate::domain::fault::Reason::NipLength);
    Preview {
        counts: Imported {
            accepted: 1,
            added: 1,
            refused: 1,
            unchanged: 40,
            ..Imported::default()
        },
        rows: vec![
            row(2, Verdict::Added { label: "Rudi Hartono".into() }),
            row(3, Verdict::Refused(fault)),
        ],
        kept: vec!["NIP BARU".into(), "NAMA".into()],
        ignored: vec!["AGAMA".into()],
        ..Preview::default()
    }
}

#[test]
fn columns_that_were_said_once_are_told_in_the_preview_with_the_key_that_changes_them() {
    let mut desk = desk();
    desk.press("I '/tmp/pegawai.csv' ctrl-s");
    let started = |desk: &Desk| {
        desk.deeds.iter().rev().find_map(|deed| match deed {
            Deed::Job(id, Job::Import(job)) => Some((*id, job.clone())),
            _ => None,
        })
    };
    let (job, _) = started(&desk).expect("a job");
    let map = vec![("nip".to_string(), "Orang Ke".to_string())];
    let known = Preview { intake: Some(Intake::Employees), map, recalled: true, ..preview() };
    desk.event(JobEvent::Preview { job, preview: Box::new(known) });
    assert!(desk.screen().contains("(Esc mengubah): Orang Ke = NIP"), "{}", desk.screen());
    desk.press("esc");
    let (_, job) = started(&desk).expect("a job for the columns");
    assert!(job.columns && job.map.len() == 1);
}

#[test]
fn a_refusal_without_a_column_is_told_in_the_word_of_the_field_and_holidays_with_their_days() {
    let mut desk = desk();
    desk.press("I '/tmp/libur.csv' ctrl-s");
    let job = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(id, _) => Some(*id),
        _ => None,
    });
    let job = job.expect("a job");
    let mut rows = preview().rows;
    rows[0].called = "2026-01-01  Tahun Baru".into();
    rows[1].column = "date".into();
    let known = Preview { intake: Some(Intake::Holidays), rows, ..preview() };
    desk.event(JobEvent::Preview { job, preview: Box::new(known) });
    assert!(desk.screen().contains("Tanggal: NIP harus 18 angka"), "{}", desk.screen());
    desk.press("tab tab");
    assert!(desk.screen().contains("baris 2  2026-01-01  Tahun Baru"), "{}", desk.screen());
}

#[test]
fn an_import_is_seen_before_it_is_saved_and_can_be_cancelled() {
    let mut desk = desk();
    desk.press("I '/tmp/pegawai.csv' ctrl-s");
    let started = |desk: &Desk| {
        desk.deeds.iter().rev().find_map(|deed| match deed {
            Deed::Job(id, Job::Import(job)) => Some((*id, job.clone())),
            _ => None,
        })
    };
    let (id, job) = started(&desk).expect("a job");
    assert!(job.dry_run && job.rejects.is_none());
    desk.event(JobEvent::Progress { job: id, done: 20, total: 42 });
    assert!(desk.screen().contains("47 % berkas"), "{}", desk.screen());
    desk.press("esc");
    assert!(desk.deeds.contains(&Deed::CancelJob(id)));
    desk.event(JobEvent::Preview { job: id, preview: Box::new(preview()) });
    let end = JobEnd::Imported { counts: Imported::default(), rejects: None };
    desk.event(JobEvent::Finished { job: id, end });
    insta::assert_snapshot!(desk.screen());
    // From the columns that are left out one comes to saying what they are.
    desk.press("shift-tab");
    assert!(desk.screen().contains("[Kolom diabaikan"), "{}", desk.screen());
    assert!(desk.bottom().contains("Enter kolom"), "{}", desk.bottom());
    desk.press("enter");
    let (again, job) = started(&desk).expect("another job");
    assert!(job.columns && job.dry_run);
    desk.event(JobEvent::Preview { job: again, preview: Box::new(preview()) });
    desk.press("enter");
    let screen = desk.screen();
    assert!(screen.contains("Simpan 1 baru? 1 baris ditolak dilewati."), "{screen}");
    desk.press("y");
    let (id, job) = started(&desk).expect("a second job");
    assert!(!job.dry_run);
    assert_eq!(job.rejects, Some(PathBuf::from("/home/rina/pegawai.ditolak.csv")));
    let end = JobEnd::Imported { counts: preview().counts, rejects: job.rejects };
    desk.event(JobEvent::Finished { job: id, end });
    assert!(desk.bottom().starts_with("Impor: 1 baru"), "{}", desk.bottom());
    // The next file is looked for where this one was.
    assert_eq!(desk.app.face.memory.folder(), "/tmp");
    desk.press("I F4");
    let asked = desk.deeds.iter().rev().find_map(|deed| match deed {
        Deed::Job(_, Job::Folder(folder)) => Some(format!("{folder:?}")),
        _ => None,
    });
    assert!(asked.as_ref().is_some_and(|asked| asked.contains("\"/tmp\"")), "{asked:?}");
}

#[test]
fn a_file_of_another_kind_is_read_as_what_it_is_and_a_column_not_known_is_asked_for() {
    let mut desk = desk();
    desk.press("I '/tmp/nilai.csv' ctrl-s");
    let last = |desk: &Desk| {
        desk.deeds.iter().rev().find_map(|deed| match deed {
            Deed::Job(id, Job::Import(job)) => Some((*id, job.clone())),
            _ => None,
        })
    };
    let (id, job) = last(&desk).expect("a job");
    assert_eq!(job.intake, None);
    desk.event(JobEvent::Finished { job: id, end: JobEnd::OtherKind(Intake::Ratings) });
    assert!(desk.screen().contains("Baca sebagai penilaian?"), "{}", desk.screen());
    desk.press("y");
    let (id, job) = last(&desk).expect("a second job");
    assert_eq!(job.intake, Some(Intake::Ratings));
    let heading = |text: &str, field: Option<&str>| ColumnHeading {
        text: text.into(),
        column: text.into(),
        field: field.map(Into::into),
    };
    let columns = vec![Columns {
        strange: Vec::new(),
        for_new: Vec::new(),
        intake: Intake::Ratings,
        headings: vec![heading("LEVEL", Some("level")), heading("NOMOR ORANG", None)],
        fields: vec!["level".into(), "nip".into()],
        needed: vec![vec!["nip".into()], vec!["level".into()]],
    }];
    let end = JobEnd::Columns { columns, intake: Some(Intake::Ratings) };
    desk.event(JobEvent::Finished { job: id, end });
    assert!(desk.screen().contains("Masih diperlukan: NIP"), "{}", desk.screen());
    desk.press("enter");
    assert!(desk.screen().contains("Kolom NOMOR ORANG berisi apa?"), "{}", desk.screen());
    desk.press("enter");
    assert!(desk.screen().contains("Semua yang diperlukan sudah ada"), "{}", desk.screen());
    insta::assert_snapshot!("columns_of_a_file", desk.screen());
    desk.press("enter");
    let (_, job) = last(&desk).expect("a third job");
    assert_eq!(job.map, [("nip".to_string(), "NOMOR ORANG".to_string())]);
    assert!(job.dry_run);
}

#[test]
fn what_is_refused_is_said_once_with_all_whom_it_concerns() {
    let mut desk = desk();
    desk.press("I '/tmp/pegawai.xlsx' ctrl-s");
    let job = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(id, _) => Some(*id),
        _ => None,
    });
    let job = job.expect("a job");
    let mut preview = preview();
    let refused = preview.rows[1].clone();
    preview.rows.push(PreviewRow { called: "Rahmat Contoh".into(), ..refused });
    preview.counts.refused = 959;
    preview.sheets.not_read = vec!["PPPK".into(), "Lama".into()];
    desk.event(JobEvent::Preview { job, preview: Box::new(preview) });
    let screen = desk.screen();
    for line in [
        "NIP BARU: NIP harus 18 angka (2 baris)",
        "  baris 3  Siti Aminah",
        "  baris 3  Rahmat Contoh",
        "dan 957 baris lagi",
        "2 lembar kerja tidak dibaca: PPPK, Lama",
    ] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
}

#[test]
fn a_step_of_the_history_is_taken_back_after_a_question() {
    let mut desk = desk();
    let at = chrono::DateTime::parse_from_rfc3339("2026-11-20T02:05:00Z").expect("a time").to_utc();
    desk.office.extra = Box::new(move |request| match request {
        Request::History(query) => Some(Answer::History(if query.before.is_some() {
            HistoryPage::default()
        } else {
            let line = HistoryLine {
                seq: 12,
                at,
                by: "joko".into(),
                via: crate::domain::change::Via::Tui,
                why: String::new(),
                summary: Summary {
                    parts: vec![(Kind::Employees, Act::Changed, 1)],
                    label: "Siti Aminah".into(),
                    ..Summary::default()
                },
                own: Vec::new(),
                undone_by: None,
            };
            HistoryPage { lines: vec![line], ..HistoryPage::default() }
        })),
        Request::Undo { seq: Some(12), .. } => Some(Answer::Saved(Saved {
            seq: Some(13),
            ids: Vec::new(),
            count: 1,
            summary: Summary { undoes: Some(12), ..Summary::default() },
        })),
        _ => None,
    });
    desk.press("H");
    insta::assert_snapshot!(desk.screen());
    desk.press("space y");
    assert!(desk.written().is_empty(), "space never undoes");
    desk.press("u y");
    assert!(matches!(desk.written()[..], [Request::Undo { seq: Some(12), .. }]));
    assert!(desk.bottom().starts_with("Mengurungkan langkah 12"), "{}", desk.bottom());
}

#[test]
fn messages_are_kept_to_be_read_again() {
    let mut desk = desk();
    desk.press("u j g n");
    assert!(desk.screen().contains("22 Nov 2026 10.00"), "{}", desk.screen());
}

#[test]
fn a_closed_office_is_said_and_answers_nothing_more() {
    let mut desk = desk();
    desk.event(Incoming::Notice(Notice::Closed));
    assert!(desk.bottom().starts_with("! "), "{}", desk.bottom());
    desk.press("e");
    assert!(!desk.screen().contains("Ubah pegawai"));
}

#[test]
fn pasted_text_goes_into_the_field_with_the_cursor_and_nowhere_else() {
    let mut desk = desk();
    desk.event(Input::Paste("dddd\nyyyy".into()));
    assert!(desk.written().is_empty() && desk.deeds.is_empty());
    desk.press("e ctrl-u");
    desk.event(Input::Paste("Siti\nRahma\n".into()));
    assert!(desk.screen().contains("Siti Rahma"), "{}", desk.screen());
}

#[test]
fn english_is_complete_enough_to_work_in() {
    // The language is the whole program's: only what does not depend on it is looked at here.
    for key in
        ["shell.saved", "form.edit", "import.preview", "history.hint_undo", "conflict.hint_save"]
    {
        for locale in ["id", "en"] {
            assert!(crate::_rust_i18n_try_translate(locale, key).is_some(), "{key} in {locale}");
        }
    }
}

#[test]
fn every_field_column_and_choice_has_its_words() {
    use crate::domain::field::Shape;
    let has = |key: &str| crate::_rust_i18n_try_translate("id", key).is_some();
    for kind in Kind::ALL {
        for field in kind.fields() {
            assert!(has(&format!("field.{}", field.name)), "field.{}", field.name);
            if let Shape::Choice(codes) = field.shape {
                for code in codes {
                    assert!(has(&format!("choice.{code}")), "choice.{code}");
                }
            }
        }
        for column in kind.columns() {
            assert!(has(&format!("field.{}", column.name)), "field.{}", column.name);
        }
    }
    for presence in crate::domain::kinds::enrolment::Presence::CODES {
        assert!(has(&format!("choice.{presence}")));
    }
}

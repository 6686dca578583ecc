//! Records added, changed, taken back and found again after any end.

use super::*;

#[test]
fn an_officer_adds_finds_edits_and_takes_it_back() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila Melani", 1));
    desk.save(employee("Budi Hartono", 2));
    assert_eq!(desk.names(""), ["Budi Hartono", "Mila Melani"]);
    assert_eq!(desk.names("mila"), ["Mila Melani"]);

    let answer = desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.name = "Mila Melani Putri".into();
        }
    });
    assert_eq!(saved(answer).seq, Some(3));
    assert_eq!(desk.names("putri"), ["Mila Melani Putri"]);

    assert_eq!(saved(desk.undo()).summary.undoes, Some(3));
    assert_eq!(desk.names("mila"), ["Mila Melani"]);
    assert!(saved(desk.redo()).summary.redo);
    assert_eq!(desk.names("putri"), ["Mila Melani Putri"]);
    let again = saved(desk.undo()).summary;
    assert_eq!((again.undoes, again.redo), (Some(5), false), "the redo is taken back");
    saved(desk.undo());
    assert_eq!(desk.names(""), ["Mila Melani"]);
    saved(desk.undo());
    assert_eq!(desk.names(""), [] as [&str; 0]);
    assert_eq!(refused(desk.undo()), Problem::NothingToUndo);
}

#[test]
fn what_was_saved_is_there_after_a_clean_end_and_after_a_kill() {
    let mut desk = Desk::new();
    for serial in 0..20 {
        desk.save(employee(&format!("Pegawai {serial:02}"), serial));
    }
    desk.close();
    desk.open();
    assert_eq!(desk.names("").len(), 20);
    desk.save(employee("Setelah", 30));
    desk.kill();
    desk.open();
    assert_eq!(desk.names("").len(), 21);
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.entries == 21));
}

#[test]
fn a_deleted_store_is_made_again_unasked() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    desk.close();
    std::fs::remove_dir_all(desk.folder.path().join("data/store")).expect("removed");
    desk.open();
    assert_eq!(desk.names(""), ["Mila"]);
    assert_eq!(desk.ask(Request::Rebuild), Answer::Done);
    assert_eq!(desk.names(""), ["Mila"]);
    desk.save(employee("Budi", 2));
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
}

#[test]
fn a_stale_write_shows_mine_theirs_and_the_base() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let name = |name: &'static str| {
        move |record: &mut Record| {
            if let Record::Employee(e) = record {
                e.name = name.into();
            }
        }
    };
    saved(desk.change(mila, name("Mila A")));
    let step = desk.step();
    let mine =
        DraftRecord { id: Some(mila), base: Revision(1), record: employee("Mila B", 1).into() };
    let Answer::Conflict(conflict) = desk.ask(Request::Save(Save { step, drafts: vec![mine] }))
    else {
        panic!("no conflict")
    };
    assert_eq!(conflict.base, Some(employee("Mila", 1).into()));
    assert_eq!(conflict.theirs.map(|t| t.record), Some(employee("Mila A", 1).into()));
    assert_eq!(conflict.by, "siti");
    assert_eq!(desk.names(""), ["Mila A"]);
}

#[test]
fn a_nip_is_held_by_one_person_and_faults_name_their_field() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    let step = desk.step();
    let twin = DraftRecord { id: None, base: Revision(0), record: employee("Lain", 1).into() };
    let problem = refused(desk.ask(Request::Save(Save { step, drafts: vec![twin] })));
    let Problem::Invalid(faults) = problem else { panic!("{problem:?}") };
    assert_eq!((faults[0].1.field.as_str(), faults[0].1.reason), ("number", Reason::DuplicateNip));
    assert_eq!(desk.names("").len(), 1);
}

#[test]
fn the_same_request_twice_is_done_once_also_after_a_restart() {
    let mut desk = Desk::new();
    let step = Step { req: RequestId("once".into()), via: Via::Tui, why: String::new() };
    let draft = DraftRecord { id: None, base: Revision(0), record: employee("Mila", 1).into() };
    let request = Request::Save(Save { step, drafts: vec![draft] });
    let first = saved(desk.ask(request.clone()));
    assert_eq!(saved(desk.ask(request.clone())), first);
    desk.close();
    desk.open();
    assert_eq!(saved(desk.ask(request)), first);
    assert_eq!(desk.names("").len(), 1);
}

#[test]
fn a_person_with_a_history_is_deactivated_not_deleted() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    desk.rate(mila, 1, 3, "2026-01-01");
    let step = desk.step();
    let ids = vec![(mila, Revision(1))];
    let problem = refused(desk.ask(Request::Delete { step, ids }));
    assert_eq!(problem, Problem::HasHistory { label: "Mila".into() });
    saved(desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.status = Status::Retired;
        }
    }));
    assert_eq!(desk.names("status:pensiun"), ["Mila"]);
}

#[test]
fn history_tells_who_changed_what_field_by_field() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    saved(desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.education = "S-1/Sarjana".into();
        }
    }));
    desk.save(employee("Budi", 2));
    let query = HistoryQuery { record: Some(mila), limit: 10, ..HistoryQuery::default() };
    let Answer::History(page) = desk.ask(Request::History(query)) else { panic!("no history") };
    assert_eq!(page.lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(page.lines[0].summary.label, "Mila");
    let Answer::Details(details) = desk.ask(Request::Details { seq: 2, limit: 10, of: None })
    else {
        panic!("no details")
    };
    assert_eq!(details[0].fields[0].field, "education");
    assert_eq!(details[0].fields[0].after, "\"S-1/Sarjana\"");
    saved(desk.undo());
    let all = HistoryQuery { limit: 10, ..HistoryQuery::default() };
    let Answer::History(page) = desk.ask(Request::History(all)) else { panic!("no history") };
    assert_eq!(page.lines[0].summary.undoes, Some(3));
    assert_eq!(page.lines[1].undone_by, Some(4));
}

#[test]
fn a_built_in_row_is_shadowed_and_shows_again_on_undo() {
    let mut desk = Desk::new();
    let integritas = RecordId::new(Kind::Competencies, 1);
    saved(desk.change(integritas, |record| {
        if let Record::Competency(c) = record {
            c.name = "Integritas Kantor".into();
        }
    }));
    desk.close();
    desk.open();
    let name = |desk: &mut Desk| match desk.ask(Request::Get(integritas)) {
        Answer::Record(Some(stored)) => stored.record.label(),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(&mut desk), "M.1 Integritas Kantor");
    saved(desk.undo());
    assert_eq!(name(&mut desk), "M.1 Integritas");
}

#[test]
fn a_request_group_is_saved_together_and_dependent_ones_in_order() {
    let mut desk = Desk::new();
    let draft = |serial: u32| DraftRecord {
        id: None,
        base: Revision(0),
        record: employee(&format!("P{serial}"), serial).into(),
    };
    let mut requests = Vec::new();
    for serial in [1, 2, 3, 1] {
        let step = desk.step();
        let save = Save { step, drafts: vec![draft(serial)] };
        requests.push(ask(requests.len() as u64, Request::Save(save)));
    }
    let office = desk.office.as_mut().expect("an office");
    let answers = office.handle(requests, &mut |_, _, _| {});
    let seqs: Vec<_> = answers
        .iter()
        .map(|(_, answer)| match answer {
            Answer::Saved(saved) => saved.seq,
            _ => None,
        })
        .collect();
    assert_eq!(seqs, [Some(1), Some(2), Some(3), None]);
    desk.kill();
    desk.open();
    assert_eq!(desk.names("").len(), 3);
}

#[test]
fn a_deletion_taken_back_can_be_done_again() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(mila)) else { panic!("nobody") };
    let step = desk.step();
    saved(desk.ask(Request::Delete { step, ids: vec![(mila, stored.rev)] }));
    saved(desk.undo());
    assert_eq!(desk.names(""), ["Mila"]);
    saved(desk.redo());
    assert!(desk.names("").is_empty());
}

#[test]
fn a_reason_with_what_nobody_sees_is_refused() {
    let mut desk = Desk::new();
    for why in ["atas \u{202e}nimrep", "a\u{200b}b", "a\u{2028}b", "a\u{1b}[2J"] {
        let step = Step { why: why.into(), ..desk.step() };
        let draft = DraftRecord { id: None, base: Revision(0), record: employee("Mila", 1).into() };
        let Problem::Invalid(faults) =
            refused(desk.ask(Request::Save(Save { step: step.clone(), drafts: vec![draft] })))
        else {
            panic!("saved with {why:?}")
        };
        assert_eq!(
            (faults[0].1.field.as_str(), faults[0].1.reason),
            ("why", Reason::ControlCharacter)
        );
        let start =
            ImportStart { step, intake: Intake::Employees, columns: vec![], dry_run: false };
        assert!(matches!(refused(desk.ask(Request::ImportStart(start))), Problem::Invalid(_)));
    }
    assert!(desk.names("").is_empty());
}

#[test]
fn a_new_rating_of_an_archived_competency_is_refused_in_place_and_what_is_older_stays() {
    let mut desk = Desk::new();
    let person = desk.save(employee("Siti", 1));
    saved(desk.rate(person, 5, 2, "2026-11-10"));
    let id = RecordId::new(Kind::Competencies, 5);
    let set = |into: Option<u32>| {
        move |record: &mut Record| {
            let Record::Competency(row) = record else { panic!("a competency") };
            (row.archived, row.archived_on) = (true, "2026-11-05".parse().ok());
            row.merged_into = into.map(CompetencyId);
        }
    };
    saved(desk.change(id, set(None)));
    let why = |answer: Answer| match refused(answer) {
        Problem::Invalid(faults) => {
            let fault = faults[0].1.clone();
            assert_eq!(fault.field, "competency");
            (fault.reason, fault.detail)
        }
        other => panic!("{other:?}"),
    };
    let archived = (Reason::CompetencyArchived, "2026-11-05".to_string());
    assert_eq!(why(desk.rate(person, 5, 3, "2026-11-20")), archived);
    assert_eq!(why(desk.rate(person, 5, 3, "2026-11-05")), archived);
    // Written down late, of a day before; and what stood before is corrected.
    saved(desk.rate(person, 5, 3, "2026-11-04"));
    let Answer::Page(ratings) = desk.ask(Request::List(ListQuery {
        search: "date=2026-11-10".into(),
        ..ListQuery::all(Kind::Ratings)
    })) else {
        panic!("no ratings")
    };
    let old = RecordId::new(Kind::Ratings, ratings.rows[0].number);
    saved(desk.change(old, |record| {
        let Record::Rating(rating) = record else { panic!("a rating") };
        rating.evidence = "Berita acara".into();
    }));
    let row = |date: &str| {
        RowData::Plain(
            crate::domain::intake::PlainRow::default()
                .with("employee", Value::text(nip(1).to_string()))
                .with("competency", Value::text("M.5"))
                .with("level", Value::Whole(4))
                .with("source", Value::choice("asesor"))
                .with("date", Value::Date(date.parse().expect("a day"))),
        )
    };
    let columns = ["employee", "competency", "level", "source", "date"];
    let rows = vec![row("2026-11-20"), row("2026-10-01")];
    let (verdicts, _) = desk.import(Intake::Ratings, &columns, rows);
    assert!(matches!(&verdicts[0], Verdict::Refused(fault)
        if fault.reason == Reason::CompetencyArchived && fault.field == "competency"));
    assert!(matches!(&verdicts[1], Verdict::Added { .. }), "{verdicts:?}");

    saved(desk.change(id, set(Some(4))));
    let merged = (Reason::CompetencyMerged, "M.4".to_string());
    assert_eq!(why(desk.rate(person, 5, 3, "2026-11-20")), merged);
}

#[test]
fn a_competency_is_merged_neither_into_itself_nor_round_into_itself() {
    let mut desk = Desk::new();
    let merge = |desk: &mut Desk, from: u32, into: u32| {
        desk.change(RecordId::new(Kind::Competencies, from), |record| {
            let Record::Competency(row) = record else { panic!("a competency") };
            row.merged_into = Some(CompetencyId(into));
        })
    };
    let refused_of = |answer: Answer| match refused(answer) {
        Problem::Invalid(faults) => faults[0].1.reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused_of(merge(&mut desk, 5, 5)), Reason::MergeLoop);
    saved(merge(&mut desk, 5, 4));
    assert_eq!(refused_of(merge(&mut desk, 5, 5)), Reason::MergeLoop);
    assert_eq!(refused_of(merge(&mut desk, 4, 5)), Reason::MergeLoop);
    saved(merge(&mut desk, 3, 5));
    // It would lead from 5 over 3 to 5 again, wherever 5 leads now.
    assert_eq!(refused_of(merge(&mut desk, 5, 3)), Reason::MergeLoop);
    saved(merge(&mut desk, 5, 2));
}

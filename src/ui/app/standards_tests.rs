//! The grid of standards and the page of a competency, in the example office.

use insta::assert_snapshot;

use crate::domain::change::RequestId;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::employee::{Employee, Status};
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::position::{JobLevel, Position, PositionKind};
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::kinds::standard::Standard;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, PositionId, Record, RecordId, Revision,
};
use crate::protocol::{Answer, DraftRecord, ListQuery, Request, Save, Step};
use crate::ui::app::testing::Town;
use crate::ui::effect::step;
use crate::ui::testing::Desk;

/// What a write of the screen saves, and whether it adds it.
fn saved(desk: &Desk) -> Vec<(bool, Standard)> {
    let drafts = desk.written().into_iter().filter_map(|request| match request {
        Request::Save(save) => save.drafts.first(),
        _ => None,
    });
    let standard = |record: &Record| match record {
        Record::Standard(standard) => standard.clone(),
        other => panic!("{other:?}"),
    };
    drafts.map(|draft| (draft.id.is_none(), standard(&draft.record))).collect()
}

fn line(desk: &Desk, text: &str) -> String {
    let screen = desk.screen();
    let line = screen.lines().find(|line| line.contains(text));
    line.unwrap_or_else(|| panic!("no {text}:\n{screen}")).to_string()
}

#[test]
fn a_digit_adds_a_row_of_today_the_next_changes_it_and_undo_takes_both_back() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("g s j");
    let before = line(&desk, ">Pengawas");
    assert!(before.contains("[2!]"), "{before}");
    assert_snapshot!("standards_80_ascii", desk.screen());

    desk.press("3");
    assert!(saved(&desk).is_empty(), "asked before it is saved");
    assert_snapshot!(
        "standards_asked",
        desk.screen().lines().skip(3).take(17).collect::<Vec<_>>().join("\n")
    );
    desk.press("enter");
    assert_snapshot!("standards_moved", desk.screen());
    desk.press("esc");
    assert!(saved(&desk).is_empty(), "looking answers nothing");
    desk.press("n");
    assert!(saved(&desk).is_empty());
    desk.press("3 y");
    assert!(line(&desk, ">Pengawas").contains("[3!]"), "{}", desk.screen());
    desk.press("4 y");
    assert!(line(&desk, ">Pengawas").contains("[4!]"), "{}", desk.screen());
    let written = saved(&desk);
    let told: Vec<_> = written.iter().map(|(new, row)| (*new, row.level.get())).collect();
    assert_eq!(told, [(true, 3), (false, 4)]);
    assert!(written.iter().all(|(_, row)| row.effective_from.is_some() && !row.verified));

    desk.press("u");
    let question = desk.screen();
    assert!(question.contains("pegawai tidak lagi"), "asked whom that moves: {question}");
    desk.press("n");
    assert!(line(&desk, ">Pengawas").contains("[4!]"), "{}", desk.screen());
    desk.press("u y");
    assert!(line(&desk, ">Pengawas").contains("[3!]"), "{}", desk.screen());
    desk.press("u y");
    assert_eq!(line(&desk, ">Pengawas"), before, "{}", desk.screen());
}

/// How many active people are below the standard of M.1.
fn below(town: &Town) -> u32 {
    let search = "status=aktif m.1<std".to_string();
    match town.ask(Request::List(ListQuery { search, ..ListQuery::all(Kind::Employees) })) {
        Answer::Page(page) => page.matched,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_question_says_how_many_people_really_fall_below_and_rise_again() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    let before = below(&town);
    desk.press("g s j 3 y");
    let fallen = below(&town) - before;
    assert!(fallen > 0);
    desk.press("2");
    let question = desk.screen();
    assert!(question.contains(&format!("{fallen} pegawai tidak lagi")), "{question}");
    desk.press("y");
    assert_eq!(below(&town), before);
    desk.press("4");
    assert!(desk.screen().contains("pegawai menjadi di bawah"), "{}", desk.screen());
}

/// Adds records as the office does, all or none.
fn add(town: &Town, name: &str, records: Vec<Record>) -> Vec<u32> {
    let draft = |record| DraftRecord { id: None, base: Revision::default(), record };
    let drafts = records.into_iter().map(draft).collect();
    let step = Step { req: RequestId(name.into()), ..step() };
    match town.ask(Request::Save(Save { step, drafts })) {
        Answer::Saved(saved) => saved.ids.iter().map(|id| id.number).collect(),
        other => panic!("{name}: {other:?}"),
    }
}

/// How many the question says fall below.
fn asked(desk: &mut Desk) -> u32 {
    desk.press("g s j 3");
    let screen = desk.screen();
    let before = screen.split("pegawai menjadi").next().unwrap_or_default();
    let count = before.split_whitespace().last().and_then(|word| word.parse().ok());
    desk.press("n esc");
    count.unwrap_or_else(|| panic!("no count\n{screen}"))
}

#[test]
fn however_many_posts_have_a_standard_of_their_own_none_of_theirs_is_counted() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    let before = asked(&mut desk);
    let posts = (0..90).map(|at| {
        let title = format!("Kepala Urusan Pelayanan Administrasi Kependudukan {at}");
        Record::from(Position { title, job_level: Some(JobLevel::Pengawas), ..Position::default() })
    });
    let posts = add(&town, "posts", posts.collect());
    let person = |(at, post): (usize, &u32)| {
        Record::from(Employee {
            number: EmployeeNumber::parse(&format!("1990010120150{:05}", 11_001 + at))
                .expect("a number"),
            name: format!("Pegawai {at}"),
            position: Some(PositionId(*post)),
            status: Status::Active,
            ..Employee::default()
        })
    };
    let people = add(&town, "people", posts.iter().enumerate().map(person).collect());
    let rating = |person: &u32| {
        Record::from(Rating {
            employee: EmployeeId(*person),
            competency: CompetencyId(1),
            level: Level::new(2).expect("a level"),
            source: Some(RatingSource::Superior),
            date: "2026-01-05".parse().ok(),
            ..Rating::default()
        })
    };
    add(&town, "ratings", people.iter().map(rating).collect());
    assert_eq!(asked(&mut desk), before + 90);
    let own = |post: &u32| {
        let position = Some(PositionId(*post));
        Record::from(Standard { position, competency: CompetencyId(1), ..Standard::default() })
    };
    add(&town, "standards", posts.iter().skip(1).map(own).collect());
    assert_eq!(asked(&mut desk), before + 1);
}

#[test]
fn two_posts_of_one_title_have_a_row_each_and_move_their_own_people() {
    let town = Town::new();
    let post = |eselon: &str| {
        let (title, kind) = ("Kepala Pasar".to_string(), Some(PositionKind::Structural));
        Record::from(Position { title, kind, eselon: eselon.into(), ..Position::default() })
    };
    let posts = add(&town, "posts", vec![post("IV.a"), post("IV.b")]);
    let own = |post: &u32| {
        let position = Some(PositionId(*post));
        Record::from(Standard { position, competency: CompetencyId(1), ..Standard::default() })
    };
    add(&town, "standards", posts.iter().map(own).collect());
    let mut desk = town.working((80, 24));
    desk.press("g s G k k");
    let screen = desk.screen();
    assert!(screen.contains("Kepala Pasar (IV.a"), "{screen}");
    let row = line(&desk, ">Kepala Pasar (IV.b");
    assert!(row.contains("[1!]"), "{row}");
    desk.press("3 y");
    assert!(line(&desk, ">Kepala Pasar (IV.b").contains("[3!]"), "{}", desk.screen());
    let (_, row) = saved(&desk).pop().expect("saved");
    assert_eq!(row.position, Some(PositionId(posts[1])));
}

#[test]
fn enter_shows_the_rows_behind_a_cell_and_a_slash_the_plain_list() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("g s j 3 y enter");
    let screen = desk.screen();
    assert!(screen.contains("Pengawas, M.1 2/131"), "{screen}");
    desk.press("esc");
    assert!(line(&desk, ">Pengawas").contains("[3!]"), "{}", desk.screen());
    desk.press("/");
    assert!(desk.screen().contains("Standar 131"), "{}", desk.screen());
    desk.press("esc esc");
    assert!(!desk.screen().contains("Standar"), "{}", desk.screen());
}

#[test]
fn whoever_is_no_admin_of_the_office_reads_and_is_told_why_a_digit_does_nothing() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.app.face.info.role = Role::Officer;
    desk.press("g s j 3");
    assert!(desk.written().is_empty());
    let said = desk.app.said().unwrap_or_default();
    assert!(said.contains("hanya boleh dilakukan admin seluruh kantor"), "{said}");
    assert!(line(&desk, ">Pengawas").contains("[2!]"), "{}", desk.screen());
}

#[test]
fn a_post_with_a_standard_of_its_own_has_a_row_and_takes_a_digit() {
    let town = Town::new();
    let Answer::Hits(posts) =
        town.ask(Request::Lookup { kind: Kind::Positions, text: "lurah".into(), limit: 1 })
    else {
        panic!("no posts")
    };
    let mut desk = town.working((80, 24));
    let own = Standard {
        position: Some(PositionId(posts[0].id.number)),
        competency: CompetencyId(1),
        ..Standard::default()
    };
    let draft = DraftRecord { id: None, base: Revision::default(), record: own.into() };
    let step = Step { req: RequestId("own-standard".into()), ..step() };
    let save = Save { step, drafts: vec![draft] };
    assert!(matches!(town.ask(Request::Save(save)), Answer::Saved(_)));
    desk.press("g s G k");
    let row = line(&desk, ">Lurah");
    assert!(row.contains("[1!]") && row.contains(" . "), "{row}");
    desk.press("l 3 y");
    let (new, row) = saved(&desk).pop().expect("saved");
    assert!(new && row.position.is_some() && row.job_level.is_none());
    assert!(line(&desk, ">Lurah").contains("[3!]"), "{}", desk.screen());
}

#[test]
fn enter_reads_a_competency_and_e_edits_it() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("g c enter");
    assert_snapshot!("competency_80_ascii", desk.screen());
    desk.press("end");
    assert!(desk.screen().contains("JF ahli utama"), "{}", desk.screen());
    // At its level texts, which are changed one by one.
    desk.press("home e F4");
    assert!(desk.screen().contains("> Level 1"), "{}", desk.screen());
    desk.press("down enter 'Menepati janji' enter");
    assert!(desk.screen().contains("- Menepati janji"), "{}", desk.screen());
    desk.press("up enter ctrl-u 'Jujur.' enter esc F10");
    let page = desk.screen();
    assert!(
        page.contains("Level 1          Jujur.") && page.contains("- Menepati janji"),
        "{page}"
    );
    // An indicator that is emptied is gone.
    desk.press("e F4 down enter ctrl-u enter esc F10");
    assert!(!desk.screen().contains("Menepati janji"), "{}", desk.screen());
    desk.press("esc esc g s =");
    assert!(
        desk.screen().contains("Dipersyaratkan"),
        "the same page from the grid:\n{}",
        desk.screen()
    );
}

/// Two officers at the texts of one competency: what only one of them changed is brought together,
/// and asked is the level that both did.
#[test]
fn level_texts_that_two_officers_wrote_are_brought_together_level_by_level() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    let id = RecordId::new(Kind::Competencies, 1);
    let levels = |town: &Town| {
        let Answer::Record(Some(stored)) = town.ask(Request::Get(id)) else { panic!("a record") };
        let Record::Competency(competency) = stored.record else { panic!("a competency") };
        (stored.rev, competency)
    };
    let other = |town: &Town, req: &str, level: usize, text: &str| {
        let (base, mut competency) = levels(town);
        competency.levels[level].description = text.into();
        let draft = DraftRecord { id: Some(id), base, record: competency.into() };
        let step = Step { req: RequestId(req.into()), ..step() };
        let saved = town.ask(Request::Save(Save { step, drafts: vec![draft] }));
        assert!(matches!(saved, Answer::Saved(_)), "{saved:?}");
    };
    let texts = |town: &Town| {
        let (_, competency) = levels(town);
        competency.levels.iter().map(|level| level.description.clone()).collect::<Vec<_>>()
    };

    desk.press("g c enter home e F4 enter ctrl-u 'Jujur.' enter esc");
    other(&town, "theirs-1", 2, "Tiga.");
    desk.press("F10");
    let found = texts(&town);
    assert_eq!((&*found[0], &*found[2]), ("Jujur.", "Tiga."), "{}", desk.screen());
    assert!(desk.screen().contains("Jujur."), "{}", desk.screen());

    desk.press("home e F4 enter ctrl-u 'Satu.' enter esc");
    other(&town, "theirs-2", 0, "Lain.");
    other(&town, "theirs-3", 4, "Lima.");
    desk.press("F10");
    let asked = desk.screen();
    assert!(asked.contains("level, level 1") && !asked.contains("level, level 5"), "{asked}");
    assert!(
        asked.contains("Jujur.") && asked.contains("Lain.") && asked.contains("Satu."),
        "{asked}"
    );
    desk.press("enter");
    let found = texts(&town);
    assert_eq!(
        (&*found[0], &*found[2], &*found[4]),
        ("Satu.", "Tiga.", "Lima."),
        "{}",
        desk.screen()
    );
}

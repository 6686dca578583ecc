//! What people lack, of everybody and of a unit: gaps with both JPM, the heatmap, the needs of
//! a year; and a digit from the request until the sums that follow it are here.

use std::time::{Duration, Instant};

use kompeten::domain::kinds::competency::Level;
use kompeten::domain::kinds::rating::{Rating, RatingSource};
use kompeten::domain::record::UnitId;
use kompeten::protocol::{Answer, MatrixQuery, ReportQuery, Request};

use super::look::PAGE;
use super::ours::Ours;
use super::table::{Amount, Figure, Target, median};
use super::{Folder, people, sqlite};

/// Rounds of each, every one after a digit where that is what is measured.
const ROUNDS: usize = 9;

fn report(name: &str, unit: Option<UnitId>) -> Request {
    Request::Report(ReportQuery { unit, limit: PAGE, ..ReportQuery::of(name) })
}

fn asked(office: &mut Ours, request: Request) -> Duration {
    let (time, answer) = office.timed(request);
    assert!(matches!(answer, Answer::Table(_)), "{answer:?}");
    time
}

fn timed<T>(work: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn again(work: impl FnMut(usize) -> Duration) -> Amount {
    Amount::Time(median((0..ROUNDS).map(work).collect()))
}

pub fn figures(folder: &Folder) -> Vec<Figure> {
    let mut office = Ours::open(&folder.data);
    let db = sqlite::open(folder.rival());
    let unit = Some(office.unit());
    let whole = MatrixQuery { limit: PAGE, since: Some(0), ..MatrixQuery::default() };
    let Answer::Matrix(first) = office.ask(Request::Matrix(whole.clone())) else {
        panic!("no matrix");
    };
    // The same one again and again counts once: each digit differs from the one before.
    let digit = |office: &mut Ours, round: usize| {
        let rating = Rating {
            employee: first.rows[round % first.rows.len()].employee,
            competency: first.competencies[0].id,
            level: Level::new(1 + (round % 5) as u8).expect("a level"),
            source: Some(RatingSource::Superior),
            date: Some(first.at),
            ..Rating::default()
        };
        let step = office.step();
        Request::Rate { step, ratings: vec![rating] }
    };
    let after = |office: &mut Ours, round: usize, request: &Request| {
        let rate = digit(office, round);
        let saved = office.ask(rate);
        assert!(matches!(saved, Answer::Saved(_)), "{saved:?}");
        asked(office, request.clone())
    };
    let people = folder.people;
    let most = |ms| Target::AtMost(Amount::ms(ms));
    let figure = |work: &str, amount| Figure::new(work, people, amount);

    let gap = report("gap", None);
    let gap_first = Amount::Time(asked(&mut office, gap.clone()));
    let theirs = again(|_| timed(|| sqlite::gaps(&db)));
    let gap_again = again(|_| asked(&mut office, gap.clone()));
    let gap_after = again(|round| after(&mut office, round, &gap));
    let heat = report("heatmap", unit);
    let heat_first = Amount::Time(asked(&mut office, heat.clone()));
    let heat_after = again(|round| after(&mut office, round + ROUNDS, &heat));
    let needs = report("akpk", None);
    let needs_first = Amount::Time(asked(&mut office, needs.clone()));
    let needs_after = again(|round| after(&mut office, round + 2 * ROUNDS, &needs));
    let mut seq = first.seq;
    let frames = (0..ROUNDS).map(|round| {
        let rate = digit(&mut office, round + 3 * ROUNDS);
        let saved = office.ask(rate);
        assert!(matches!(saved, Answer::Saved(_)), "{saved:?}");
        let next = MatrixQuery { since: Some(seq), ..whole.clone() };
        let (time, answer) = office.timed(Request::Matrix(next));
        let Answer::Matrix(matrix) = answer else { panic!("{answer:?}") };
        seq = matrix.seq;
        time
    });
    let frames = Amount::Time(median(frames.collect()));
    office.close();
    vec![
        figure("gap and JPM of everybody, first", gap_first)
            .sqlite(theirs)
            .target_at(20_000, Target::Sqlite(0.5)),
        figure("  again, median", gap_again).sqlite(theirs).target_at(20_000, most(40)),
        figure("  after a digit, median", gap_after).sqlite(theirs).target_at(20_000, most(1)),
        figure(&format!("heatmap of a {}-person unit, first", people::UNIT_PEOPLE), heat_first)
            .target(most(5)),
        figure("  after a digit, median", heat_after).target(most(5)),
        figure("needs of everybody (akpk), first", needs_first).target_at(20_000, most(100)),
        figure("  after a digit, median", needs_after).target_at(20_000, most(100)),
        figure("a digit to what the matrix shows, beside its save, median", frames)
            .target_at(20_000, most(4)),
    ]
}

//! Servers killed under officers who go on saving.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};
use std::thread;

use kompeten::domain::record::Kind;
use kompeten::protocol::{Answer, HistoryQuery, Request};

use super::desk::{adding, programme, saved, session};
use super::served::{PATIENCE, Place, said};

const WRITERS: u32 = 8;
const KILLS: u32 = 12;
/// Saves acknowledged between two kills.
const BETWEEN: u32 = 25;

#[test]
fn no_acknowledged_save_is_lost_and_none_is_doubled_however_often_the_server_is_killed() {
    let place = Place::new();
    let mut server = place.serve();
    let programme = place.desk().add(programme("Diklat"));
    let over = AtomicBool::new(false);
    let acknowledged = (Mutex::new(0_u32), Condvar::new());
    let total = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let mut desk = place.desk();
                let mut open = 0;
                while !over.load(Ordering::Relaxed) {
                    // Two wait together, so that a kill finds groups half done.
                    while open < 2 {
                        desk.send(adding(session(programme)));
                        open += 1;
                    }
                    saved(desk.reply().1);
                    open -= 1;
                    total.fetch_add(1, Ordering::Relaxed);
                    *acknowledged.0.lock().unwrap() += 1;
                    acknowledged.1.notify_all();
                }
                for _ in 0..open {
                    saved(desk.reply().1);
                    total.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..KILLS {
            let count = acknowledged.0.lock().unwrap();
            let enough = |count: &mut u32| *count < BETWEEN;
            let (mut count, waited) =
                acknowledged.1.wait_timeout_while(count, PATIENCE, enough).unwrap();
            assert!(!waited.timed_out(), "the officers cannot save: {count}");
            *count = 0;
            drop(count);
            server.kill();
            server = place.serve();
        }
        over.store(true, Ordering::Relaxed);
    });
    let saves = total.load(Ordering::Relaxed);
    println!("faults: {KILLS} kills under {WRITERS} officers, {saves} acknowledged saves");
    let mut desk = place.desk();
    assert_eq!(desk.count(Kind::Sessions), saves);
    let query = HistoryQuery { limit: 1, ..HistoryQuery::default() };
    let Answer::History(page) = desk.ask(Request::History(query)) else { panic!("no history") };
    assert_eq!(page.lines[0].seq, u64::from(saves) + 1);
    drop(desk);
    server.stop();
    said(&place.in_folder(&["verify"]), 0);
}

/// The officer's program may be gone, too: whoever asks again under the same name hears
/// what came of it the first time.
#[test]
fn a_request_asked_again_by_others_after_a_kill_is_answered_and_not_done_twice() {
    const KILLS: u32 = 8;
    let place = Place::new();
    let mut server = place.serve();
    let programme = place.desk().add(programme("Diklat"));
    let over = AtomicBool::new(false);
    let (asked_twice, heard_twice) = (Mutex::new(0_u32), Condvar::new());
    let total = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let request = adding(session(programme));
                    // Nobody waits for the first answer: it may have been given, or not.
                    let mut first = place.desk();
                    first.send(request.clone());
                    if total.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
                        saved(first.reply().1);
                    }
                    drop(first);
                    let again = saved(place.desk().ask(request.clone()));
                    let once_more = saved(place.desk().ask(request));
                    assert_eq!((again.seq, &again.ids), (once_more.seq, &once_more.ids));
                    *asked_twice.lock().unwrap() += 1;
                    heard_twice.notify_all();
                }
            });
        }
        for _ in 0..KILLS {
            let count = asked_twice.lock().unwrap();
            let enough = |count: &mut u32| *count < WRITERS;
            let (mut count, waited) =
                heard_twice.wait_timeout_while(count, PATIENCE, enough).unwrap();
            assert!(!waited.timed_out(), "the officers cannot save: {count}");
            *count = 0;
            drop(count);
            server.kill();
            server = place.serve();
        }
        over.store(true, Ordering::Relaxed);
    });
    let requests = total.load(Ordering::Relaxed);
    println!("faults: {KILLS} kills, {requests} requests asked three times each");
    let mut desk = place.desk();
    assert_eq!(desk.count(Kind::Sessions), requests);
    drop(desk);
    server.stop();
    said(&place.in_folder(&["verify"]), 0);
}

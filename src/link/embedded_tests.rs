//! The office of one's own, asked through its thread and on one's own thread.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::domain::change::{RequestId, Via};
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::programme::Programme;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{Record, Revision};
use crate::protocol::{DraftRecord, Save, Step, Tried};

type AskBy = fn(&Embedded, Ticket, Request);

struct Own {
    link: Arc<Embedded>,
    incoming: Receiver<Incoming>,
    folder: tempfile::TempDir,
}

impl Own {
    fn new() -> Self {
        Self::by(Box::new(system_clock))
    }

    fn by(clock: Clock) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (told, incoming) = channel();
        let hears = move |said| drop(told.send(said));
        let link = open_by(&options(&folder), clock, false, hears);
        let link = Arc::new(link.map_err(|(error, _)| error).expect("an office"));
        Self { link, incoming, folder }
    }

    fn heard(&self) -> Incoming {
        self.incoming.recv_timeout(Duration::from_secs(60)).expect("a word of the office")
    }

    /// When the office has something to do by itself, once it has shown everything.
    fn due(&self) -> Option<Instant> {
        self.link.room.finish(&mut self.link.room.desk());
        self.link.room.sleep().due
    }
}

fn options(folder: &tempfile::TempDir) -> OpenOptions {
    OpenOptions {
        data: folder.path().join("data"),
        read_only: false,
        officer: "siti".into(),
        socket: None,
    }
}

fn programme(number: u64) -> Vec<DraftRecord> {
    let name = format!("Diklat {number}");
    draft(Programme { name, r#type: "KL10".into(), ..Programme::default() }.into())
}

fn draft(record: Record) -> Vec<DraftRecord> {
    vec![DraftRecord { id: None, base: Revision(0), record }]
}

fn save(number: u64) -> Request {
    save_as(number, programme(number))
}

fn save_as(number: u64, drafts: Vec<DraftRecord>) -> Request {
    let step = Step { req: RequestId(format!("{number}")), via: Via::Tui, why: String::new() };
    Request::Save(Save { step, drafts })
}

fn is_saved(said: &Incoming, number: u64) -> bool {
    let Incoming::Reply(Ticket(ticket), answer) = said else { return false };
    *ticket == number && matches!(**answer, Answer::Saved(_))
}

#[test]
fn whoever_waits_is_answered_before_they_go_on_and_told_before_they_are_answered_again() {
    let own = Own::new();
    let mut said = Vec::new();
    for number in 1..40 {
        own.link.ask_here(Ticket(number), save(number));
        said.extend(own.incoming.try_iter());
        assert!(said.iter().any(|said| is_saved(said, number)), "not answered yet: {said:?}");
    }
    // The news of the last may have come by now, or come yet.
    said.extend((said.len()..2 * 39).map(|_| own.heard()));
    for (number, said) in (1..40).zip(said.chunks(2)) {
        assert!(is_saved(&said[0], number), "{said:?}");
        let Incoming::Notice(Notice::Changed { seq, .. }) = said[1] else { panic!("{said:?}") };
        assert_eq!(seq, number);
    }
}

#[test]
fn whoever_reads_at_once_reads_what_they_saved() {
    let own = Own::new();
    let replied = || {
        let mut replies = own.incoming.try_iter().filter_map(|said| match said {
            Incoming::Reply(_, answer) => Some(*answer),
            Incoming::Notice(_) => None,
        });
        replies.next().expect("an answer")
    };
    for number in 1..20 {
        own.link.ask_here(Ticket(number), save(number));
        let Answer::Saved(saved) = replied() else { panic!("not saved") };
        own.link.ask_here(Ticket(100 + number), Request::Get(saved.ids[0]));
        assert!(matches!(replied(), Answer::Record(Some(_))));
    }
}

#[test]
fn answers_and_news_come_in_the_order_in_which_two_who_wait_and_who_do_not_were_heard() {
    const EACH: u64 = 60;
    let own = Own::new();
    let others = Arc::clone(&own.link);
    let other = thread::spawn(move || {
        for number in EACH..2 * EACH {
            others.ask_here(Ticket(number), save(number));
        }
    });
    for number in 0..EACH {
        match number % 3 {
            0 => own.link.ask_here(Ticket(number), save(number)),
            _ => own.link.ask(Ticket(number), save(number)),
        }
    }
    other.join().expect("asked");
    let (mut tickets, mut told) = (Vec::new(), Vec::new());
    let mut stands = 0;
    while tickets.len() < 2 * EACH as usize || told.last() != Some(&stands) {
        match own.heard() {
            Incoming::Reply(ticket, answer) => {
                let Answer::Saved(saved) = *answer else { panic!("{answer:?}") };
                let seq = saved.seq.expect("a change");
                assert_eq!(seq, stands + 1, "an answer before its turn");
                stands = seq;
                tickets.push(ticket.0);
            }
            Incoming::Notice(Notice::Changed { seq, .. }) => {
                assert_eq!(seq, stands, "news of what is not answered yet");
                told.push(seq);
            }
            Incoming::Notice(other) => panic!("{other:?}"),
        }
    }
    for theirs in [0..EACH, EACH..2 * EACH] {
        let asked = tickets.iter().copied().filter(|ticket| theirs.contains(ticket));
        assert!(asked.eq(theirs.clone()), "one of them was overtaken: {tickets:?}");
    }
}

#[test]
fn what_is_sent_out_for_whoever_waits_comes_back() {
    let own = Own::new();
    own.link.ask_here(Ticket(1), save(1));
    own.link.ask_here(Ticket(2), Request::Verify);
    own.link.ask_here(Ticket(3), save(3));
    let mut left = vec![1, 2, 3];
    while !left.is_empty() {
        let Incoming::Reply(Ticket(ticket), answer) = own.heard() else { continue };
        assert!(matches!(*answer, Answer::Saved(_) | Answer::Verified(_)), "{answer:?}");
        left.retain(|waited| *waited != ticket);
    }
}

#[test]
fn an_office_asked_only_by_those_who_wait_settles_once_it_is_quiet() {
    let own = Own::new();
    own.link.ask_here(Ticket(1), save(1));
    let first = own.due().expect("it has something to write");
    own.link.ask_here(Ticket(2), save(2));
    assert!(own.due().expect("it still has") > first, "the quiet begins anew");
    let asked = Instant::now();
    while own.due().is_some() {
        thread::sleep(Duration::from_millis(5));
        assert!(asked.elapsed() < Duration::from_secs(60), "it never settles");
    }
    assert!(own.link.room.desk().office.as_ref().is_some_and(|office| office.wakes_in().is_none()));
}

#[test]
fn the_thread_is_told_of_what_comes_sooner_and_of_nothing_else() {
    let in_some = |seconds| Some(Duration::from_secs(seconds));
    let mut sleep = Sleep::default();
    assert!(!sleep.due_in(None));
    assert!(sleep.due_in(in_some(100)), "it slept for good");
    assert!(!sleep.due_in(in_some(200)));
    assert!(!sleep.due_in(None));
    assert!(!sleep.due_in(in_some(150)), "it wakes before that");
    assert!(sleep.due_in(in_some(50)));
    assert!(!sleep.due_in(in_some(50)), "it has been told");
}

#[test]
fn an_office_left_while_another_asks_answers_all_and_ends_after_it() {
    const ASKED: u64 = 50;
    let Own { link, incoming, folder } = Own::new();
    let theirs = Arc::clone(&link);
    let asks = thread::spawn(move || {
        for number in 1..=ASKED {
            match number % 2 {
                0 => theirs.ask(Ticket(number), save(number)),
                _ => theirs.ask_here(Ticket(number), save(number)),
            }
        }
    });
    drop(link);
    asks.join().expect("asked");
    let said: Vec<Incoming> = incoming.iter().collect();
    let replies: Vec<_> = said.iter().filter(|said| matches!(said, Incoming::Reply(..))).collect();
    assert_eq!(replies.len() as u64, ASKED);
    assert!(replies.iter().zip(1..).all(|(said, number)| is_saved(said, number)), "{replies:?}");
    assert_eq!(said.last(), Some(&Incoming::Notice(Notice::Closed)));
    open(&options(&folder), |_| {}).expect("an office").close();
}

#[test]
fn an_office_that_panics_keeps_nobody_waiting_and_can_be_opened_again() {
    for ask_by in [Embedded::ask as AskBy, Embedded::ask_here] {
        let broken = Arc::new(AtomicBool::new(false));
        let clock = {
            let broken = Arc::clone(&broken);
            move || {
                assert!(!broken.load(Ordering::Relaxed), "the clock is broken");
                system_clock()
            }
        };
        let own = Own::by(Box::new(clock));
        let ask = |ticket| {
            ask_by(&own.link, Ticket(ticket), Request::Welcome);
            own.heard()
        };
        assert!(matches!(ask(1), Incoming::Reply(Ticket(1), _)));
        broken.store(true, Ordering::Relaxed);
        assert_eq!(ask(2), closed(Ticket(2)));
        assert_eq!(own.heard(), Incoming::Notice(Notice::Closed));
        assert_eq!(ask(3), closed(Ticket(3)));
        own.link.ask(Ticket(4), Request::Welcome);
        assert_eq!(own.heard(), closed(Ticket(4)));
        let Own { link, incoming, folder } = own;
        drop(link);
        assert_eq!(incoming.iter().count(), 0, "it has said so already");
        open(&options(&folder), |_| {}).expect("an office").close();
    }
}

#[test]
fn an_office_that_panics_once_it_has_answered_keeps_nobody_waiting_for_an_errand() {
    // The one is refused when it is to be sent out, the other is out.
    for asked in [Request::Moves(Tried::Save(programme(9))), Request::Verify] {
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let clock = {
            let left = Arc::clone(&left);
            move || {
                assert!(left.fetch_sub(1, Ordering::SeqCst) > 0, "the clock is broken");
                system_clock()
            }
        };
        let own = Own::by(Box::new(clock));
        let employee = Employee {
            name: "Sari".into(),
            number: EmployeeNumber::parse("199001012015012001").expect("a number"),
            ..Employee::default()
        };
        own.link.ask_here(Ticket(1), save_as(1, draft(employee.into())));
        let Incoming::Reply(_, answer) = own.heard() else { panic!("a notice") };
        let Answer::Saved(saved) = *answer else { panic!("{answer:?}") };
        // Whoever reads of a person is written down, after some time.
        own.link.ask_here(Ticket(2), Request::Get(saved.ids[0]));
        while !matches!(own.heard(), Incoming::Reply(Ticket(2), _)) {}
        {
            let mut desk = own.link.room.desk();
            left.store(1, Ordering::SeqCst);
            own.link.room.answer_here(&mut desk, Ticket(3), asked.clone());
            assert!(desk.office.is_none(), "it has not come to panic");
        }
        let mut said = Vec::new();
        while said.last() != Some(&Incoming::Notice(Notice::Closed)) {
            said.push(own.heard());
        }
        said.retain(|said| matches!(said, Incoming::Reply(Ticket(3), _)));
        let refused = match asked {
            Request::Verify => Problem::Closed,
            // Of programmes nobody moves.
            _ => Problem::NotFound,
        };
        assert_eq!(said, [Incoming::Reply(Ticket(3), Box::new(Answer::Refused(refused)))]);
    }
}

#[test]
fn an_errand_that_is_just_sent_out_when_the_office_panics_is_not_forgotten() {
    let own = Own::new();
    let mut desk = own.link.room.desk();
    let Desk { office, errands, .. } = &mut *desk;
    let mut office = office.take().expect("an office");
    errands.push(own.link.room.asker.clone(), Request::Verify, Ticket(1));
    let sent = catch_unwind(AssertUnwindSafe(|| {
        let lines = |ticket: &Ticket| {
            assert_ne!(*ticket, Ticket(1), "there is no line");
            own.link.room.lines()
        };
        errands.send_out(&mut office, lines).is_some()
    }));
    assert!(sent.is_err());
    assert_eq!(errands.drain(), [Ticket(1)]);
    office.end_in_panic();
}

#[test]
fn the_folder_is_held_until_what_is_out_has_ended() {
    let own = Own::new();
    let mut office = own.link.room.desk().office.take().expect("an office");
    let errand = office.errand(&own.link.room.asker, &Request::Verify);
    let Some(Ok(errand)) = errand else { panic!("not sent out") };
    let begun = Arc::new(AtomicBool::new(false));
    let begins = Arc::clone(&begun);
    let out = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        begins.store(true, Ordering::SeqCst);
        drop(errand.run(&mut |_, _, _| true));
    });
    office.end_in_panic();
    assert!(begun.load(Ordering::SeqCst), "it is still to come");
    out.join().expect("an errand");
}

#[test]
fn a_listener_that_panics_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().expect("a folder");
    let welcomes = |said: &Incoming, number| {
        let Incoming::Reply(Ticket(ticket), answer) = said else { return false };
        *ticket == number && matches!(**answer, Answer::Welcome(_))
    };
    let (told, incoming) = channel();
    let hears = move |said| {
        assert!(!welcomes(&said, 1), "it does not want to hear this");
        drop(told.send(said));
    };
    let link = open(&options(&folder), hears).expect("an office");
    let said_next =
        || incoming.recv_timeout(Duration::from_secs(60)).expect("a word of the office");
    for ask_by in [Embedded::ask as AskBy, Embedded::ask_here] {
        ask_by(&link, Ticket(1), Request::Welcome);
        assert_eq!(said_next(), closed(Ticket(1)));
        ask_by(&link, Ticket(2), Request::Welcome);
        assert!(welcomes(&said_next(), 2));
    }
}

//! Outbox: what waits to be written to one connection. The office puts in and never
//! waits; the connection's writer takes out at the pace of its reader. Both ways are
//! bounded: a client has so many requests open and no more, and one that is too slow for
//! the notices is told once to ask again for everything.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::room::Taken;
use crate::codec;
use crate::link::frame::{self, ANSWER_MAX};
use crate::protocol::{Answer, Editor, Incoming, Notice, PAGE_BYTES, PAGE_MAX, Problem, Ticket};

/// Requests of one connection that are not answered yet, the writing included.
const OPEN_MAX: usize = 16;
/// Notices that wait before they become one word to ask again.
const NOTICES_MAX: usize = 256;

/// What is written next.
pub(super) enum Letter {
    /// A frame as it goes over the wire, and the room it takes until then.
    Reply(Vec<u8>, Option<Taken>),
    Notice(Notice),
}

/// An answer as its frame. Rows that are too much for one page are left for the next, and
/// what cannot be left out is refused.
fn framed(ticket: Ticket, answer: Answer) -> Vec<u8> {
    let mut incoming = Incoming::Reply(ticket, Box::new(answer));
    loop {
        let framed = frame::frame(&incoming, codec::LIMIT);
        let length = framed.as_ref().map_or(2 * codec::LIMIT, Vec::len);
        let Incoming::Reply(_, answer) = &mut incoming else { return Vec::new() };
        match framed {
            Ok(bytes) if length <= PAGE_BYTES => return bytes,
            _ if answer.shorten(PAGE_BYTES, length) => {}
            Ok(bytes) if length <= ANSWER_MAX => return bytes,
            _ => **answer = Answer::Refused(Problem::TooMany { limit: PAGE_MAX }),
        }
    }
}

#[derive(Default)]
pub(super) struct Outbox {
    state: Mutex<OutboxState>,
    changed: Condvar,
}

/// How far it is from its end.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    #[default]
    Open,
    /// Nothing more will be put in.
    Finished,
    /// Nobody takes anything out any more.
    Abandoned,
}

#[derive(Default)]
struct OutboxState {
    waiting: VecDeque<Letter>,
    notices: usize,
    /// Notices were left out, the latest of this entry.
    resync: Option<u64>,
    /// Who has what open, as last told or to be told next: only the latest is worth a word.
    editors: Vec<Editor>,
    editors_news: bool,
    open: usize,
    /// The server stops: nobody waits here for room any more.
    leaving: bool,
    end: End,
    /// Something taken out is being written.
    writing: bool,
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, OutboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until one more request may be open; false when there will be no room again.
    pub fn room(&self) -> bool {
        let mut state = self.lock();
        while state.open >= OPEN_MAX && state.end == End::Open && !state.leaving {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.end > End::Open || state.open >= OPEN_MAX {
            return false;
        }
        state.open += 1;
        true
    }

    /// An answer, and the room its request has taken. It waits as the bytes it will be on the
    /// wire, and its user is charged with them.
    pub fn reply(&self, ticket: Ticket, answer: Answer, mut taken: Option<Taken>) {
        let mut bytes = framed(ticket, answer);
        bytes.shrink_to_fit();
        let mut state = self.lock();
        if state.end == End::Abandoned {
            return;
        }
        if let Some(taken) = &mut taken {
            taken.answered(bytes.len());
        }
        state.waiting.push_back(Letter::Reply(bytes, taken));
        drop(state);
        self.changed.notify_all();
    }

    pub fn notice(&self, notice: Notice) {
        let mut state = self.lock();
        let seq = match &notice {
            Notice::Changed { seq, .. } => *seq,
            _ => 0,
        };
        if let Some(left_out) = &mut state.resync {
            *left_out = seq.max(*left_out);
            return;
        }
        if state.notices >= NOTICES_MAX {
            // How far a piece of work is may be missed.
            if matches!(notice, Notice::Progress { .. }) {
                return;
            }
            state.waiting.retain(|letter| matches!(letter, Letter::Reply(..)));
            state.notices = 0;
            state.resync = Some(seq);
        } else {
            state.notices += 1;
            state.waiting.push_back(Letter::Notice(notice));
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Who else has a record open now; says so if that is not what was said last.
    pub fn editors(&self, editors: Vec<Editor>) {
        let mut state = self.lock();
        if state.editors == editors {
            return;
        }
        state.editors = editors;
        state.editors_news = true;
        drop(state);
        self.changed.notify_all();
    }

    /// What to write next; `None` when everything is written and nothing will come.
    pub fn next(&self) -> Option<Letter> {
        let mut state = self.lock();
        loop {
            state.writing = true;
            if let Some(seq) = state.resync.take() {
                let notice = Notice::Changed { seq, ids: Vec::new(), many: true };
                return Some(Letter::Notice(notice));
            }
            if let Some(letter) = state.waiting.pop_front() {
                if matches!(letter, Letter::Notice(_)) {
                    state.notices -= 1;
                }
                return Some(letter);
            }
            if std::mem::take(&mut state.editors_news) {
                return Some(Letter::Notice(Notice::Editing(state.editors.clone())));
            }
            if state.end > End::Open {
                return None;
            }
            state.writing = false;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What waits to be written right behind it; never waits.
    pub fn next_at_hand(&self) -> Option<Letter> {
        let waits = |state: &OutboxState| !state.waiting.is_empty() || state.resync.is_some();
        if waits(&self.lock()) { self.next() } else { None }
    }

    /// A reply has been written: there is room for another request.
    pub fn written(&self) {
        let mut state = self.lock();
        state.open = state.open.saturating_sub(1);
        drop(state);
        self.changed.notify_all();
    }

    /// Requests that are not answered yet.
    pub fn waiting(&self) -> u32 {
        self.lock().open as u32
    }

    /// The last word of the office. False when nobody is there to be told: something else is
    /// being written and may be so for long.
    pub fn end(&self, notice: Notice) -> bool {
        let mut state = self.lock();
        let idle = !state.writing;
        state.waiting.clear();
        state.notices = 1;
        state.waiting.push_back(Letter::Notice(notice));
        state.end = state.end.max(End::Finished);
        drop(state);
        self.changed.notify_all();
        idle
    }

    /// The server stops; what is open is still answered.
    pub fn leave(&self) {
        self.lock().leaving = true;
        self.changed.notify_all();
    }

    /// Nothing more comes; what waits is still written.
    pub fn finish(&self) {
        let mut state = self.lock();
        state.end = state.end.max(End::Finished);
        drop(state);
        self.changed.notify_all();
    }

    /// The connection is dead: what waits is for nobody.
    pub fn abandon(&self) {
        let mut state = self.lock();
        state.waiting.clear();
        state.notices = 0;
        state.resync = None;
        state.editors_news = false;
        state.end = End::Abandoned;
        drop(state);
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::{Kind, RecordId};

    fn next(outbox: &Outbox) -> Option<Incoming> {
        outbox.next().map(|letter| match letter {
            Letter::Reply(bytes, _) => frame::read(&mut &*bytes, ANSWER_MAX).unwrap(),
            Letter::Notice(notice) => Incoming::Notice(notice),
        })
    }

    fn changed(seq: u64) -> Notice {
        Notice::Changed { seq, ids: Vec::new(), many: false }
    }

    #[test]
    fn replies_and_notices_come_out_in_their_order() {
        let outbox = Outbox::default();
        outbox.notice(changed(1));
        outbox.reply(Ticket(7), Answer::Done, None);
        outbox.finish();
        assert_eq!(next(&outbox), Some(Incoming::Notice(changed(1))));
        assert_eq!(next(&outbox), Some(Incoming::Reply(Ticket(7), Box::new(Answer::Done))));
        assert_eq!(next(&outbox), None);
    }

    #[test]
    fn a_slow_client_is_told_once_to_ask_again_and_loses_no_reply() {
        let outbox = Outbox::default();
        outbox.reply(Ticket(7), Answer::Done, None);
        for seq in 1..=1000 {
            outbox.notice(changed(seq));
        }
        let resync = Notice::Changed { seq: 1000, ids: Vec::new(), many: true };
        assert_eq!(next(&outbox), Some(Incoming::Notice(resync)));
        assert!(matches!(next(&outbox), Some(Incoming::Reply(Ticket(7), _))));
        outbox.notice(changed(1001));
        assert_eq!(next(&outbox), Some(Incoming::Notice(changed(1001))));
    }

    #[test]
    fn progress_alone_never_makes_a_client_ask_again() {
        let outbox = Outbox::default();
        let work = crate::protocol::Work::Verifying;
        for done in 0..1000 {
            outbox.notice(Notice::Progress { work, done, total: 0 });
        }
        outbox.finish();
        let told: Vec<_> = std::iter::from_fn(|| next(&outbox)).collect();
        assert_eq!(told.len(), NOTICES_MAX);
        assert!(told.iter().all(|one| matches!(one, Incoming::Notice(Notice::Progress { .. }))));
    }

    #[test]
    fn of_who_edits_what_only_the_latest_is_told_and_not_twice() {
        let outbox = Outbox::default();
        let editor =
            |number| Editor { id: RecordId::new(Kind::Employees, number), officer: "siti".into() };
        outbox.editors(Vec::new());
        for number in 1..=1000 {
            outbox.editors(vec![editor(number)]);
        }
        outbox.editors(vec![editor(1000)]);
        outbox.finish();
        let told: Vec<_> = std::iter::from_fn(|| next(&outbox)).collect();
        assert_eq!(told, [Incoming::Notice(Notice::Editing(vec![editor(1000)]))]);
    }

    #[test]
    fn a_client_has_only_so_many_requests_open() {
        let outbox = Outbox::default();
        for _ in 0..OPEN_MAX {
            assert!(outbox.room());
        }
        outbox.written();
        assert!(outbox.room());
        outbox.leave();
        assert!(!outbox.room(), "a server that stops does not wait for a full client");
    }

    #[test]
    fn a_page_of_long_rows_is_cut_and_the_rest_comes_with_the_next() {
        use crate::domain::record::Revision;
        use crate::domain::value::Value;
        use crate::protocol::{Page, Row};
        let row = |number| Row {
            number,
            rev: Revision(1),
            cells: vec![Value::Text("x".repeat(8000)); 2],
        };
        let (mut got, mut pages, mut longest) = (0, 0, 0);
        while got < 1000 {
            let rows: Vec<Row> = (got..1000).map(row).collect();
            let columns = vec!["a".into(), "b".into()];
            let (total, matched, offset) = (1000, 1000, got);
            let page = Page { total, matched, restricted: 0, offset, anchor: None, columns, rows };
            let bytes = framed(Ticket(1), Answer::Page(page));
            longest = longest.max(bytes.len());
            let read = frame::read(&mut &*bytes, ANSWER_MAX).unwrap();
            let Incoming::Reply(_, answer) = read else { panic!("a notice") };
            let Answer::Page(page) = *answer else { panic!("{answer:?}") };
            assert_eq!(page.rows[0].number, got);
            got += page.rows.len() as u32;
            pages += 1;
        }
        println!("16 MB in {pages} pages of at most {longest} bytes");
        assert!(longest <= PAGE_BYTES && pages < 40, "{pages} {longest}");
    }
}

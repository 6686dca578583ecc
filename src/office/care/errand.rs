//! Errands: work that grows with the journal, done beside the writer. An errand takes along
//! the journal as it is committed now, whose head stays fixed, and a view of the store if it
//! has to look into it. It runs on another thread, says how far it is and may be stopped;
//! what it brings back is taken up between two requests. One is out at a time: whatever
//! moves the ground under it calls it off first.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use chrono::NaiveDate;

use crate::domain::change::Head;
use crate::journal::{JournalError, JournalReader, room};
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::care::beside::Beside;
use crate::office::care::check::{self, NEW};
use crate::office::care::moves::{self, Meant};
use crate::office::care::open;
use crate::office::care::rows;
use crate::office::reports;
use crate::office::rights::Rights;
use crate::office::rights::leaving::AskedFor;
use crate::office::trouble::Trouble;
use crate::office::views::left::Left;
use crate::office::views::row::RosterRow;
use crate::protocol::{Answer, Moves, Problem, Request, Tried, Verified, Work};
use crate::store::Store;

/// Lines between two words of how far a reading of the journal is.
const TOLD_EVERY: u64 = 500;

/// Hears how far an errand is; `false` stops it.
pub type HearsErrand<'a> = &'a mut dyn FnMut(Work, u64, u64) -> bool;

/// Stops an errand, from wherever it is watched.
#[derive(Clone, Default)]
pub struct Leash(Arc<Flags>);

#[derive(Default)]
struct Flags {
    stopped: AtomicBool,
    /// By the office itself, since the errand would bring back what is no longer so.
    overtaken: AtomicBool,
}

impl Leash {
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }

    fn is_pulled(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed) || self.is_overtaken()
    }

    fn is_overtaken(&self) -> bool {
        self.0.overtaken.load(Ordering::Relaxed)
    }
}

/// The errand that is out, as the office knows it.
pub(in crate::office) struct Out {
    leash: Leash,
    /// Ends once the errand has let go of everything it took along.
    back: Receiver<()>,
}

/// What is to be done.
enum Task {
    /// Journal and store are proven.
    Verify {
        shown: Box<Store>,
    },
    /// Who has left is read from the whole journal.
    WhoLeft,
    FindHead {
        hash: String,
    },
    /// Another store is made.
    Rebuild {
        boot: String,
    },
    /// Whom a change would move is counted.
    Moves {
        shown: Box<Store>,
        meant: Meant,
        today: NaiveDate,
    },
    /// Rows are counted that rules have made otherwise.
    Rows {
        shown: Box<Store>,
        people: Vec<u32>,
        today: NaiveDate,
    },
}

/// Work on its way, for any thread.
pub struct Errand {
    asker: Asker,
    request: Request,
    task: Task,
    reader: JournalReader,
    folder: PathBuf,
    leash: Leash,
    out: Sender<()>,
}

/// What came of it.
enum Brought {
    Verified(Verified),
    WhoLeft(Left, Head),
    Found(Option<u64>),
    /// The folder goes with it unless it takes its place.
    Store(Box<Store>, Beside),
    Moves(Moves),
    Rows(Vec<RosterRow>),
}

/// An errand that is back, for the office to take up.
pub struct Returned {
    asker: Asker,
    request: Request,
    brought: Result<Brought, Trouble>,
    leash: Leash,
}

impl Errand {
    pub fn leash(&self) -> Leash {
        self.leash.clone()
    }

    /// Does the work. Everything it took along but its result is let go of.
    pub fn run(self, told: HearsErrand) -> Returned {
        let Self { asker, request, task, reader, folder, leash, out } = self;
        let mut heard = |work, done, total| told(work, done, total) && !leash.is_pulled();
        let brought = match task {
            Task::Verify { shown } => {
                check::verify(&reader, &shown, &folder, &mut heard).map(Brought::Verified)
            }
            Task::WhoLeft => who_left(&reader, Left::default(), None, &mut heard)
                .map(|left| Brought::WhoLeft(left, reader.head())),
            Task::FindHead { hash } => find_head(&reader, &hash, &mut heard).map(Brought::Found),
            Task::Moves { shown, meant, today } => {
                moves::count(&shown, &meant, today, &mut heard).map(Brought::Moves)
            }
            Task::Rows { shown, people, today } => {
                rows::count(&shown, &people, today, &mut heard).map(Brought::Rows)
            }
            Task::Rebuild { boot } => {
                let beside = Beside(folder.join(NEW));
                let made = beside.clear().map_err(|error| JournalError::Io(error).into());
                made.and_then(|()| {
                    let built = open::build_store(&beside.0, &boot, &reader, &mut heard);
                    Ok(Brought::Store(Box::new(built.map_err(check::fault)?), beside))
                })
            }
        };
        let brought = brought.map_err(|trouble| match trouble {
            _ if leash.is_overtaken() => Problem::Overtaken.into(),
            Trouble::Journal(JournalError::Cancelled) => Problem::Cancelled.into(),
            trouble => trouble,
        });
        // The result may lie unread for a while; nobody has to wait for that.
        drop((reader, folder, out));
        Returned { asker, request, brought, leash }
    }
}

impl Office {
    /// The errand a request needs before it can be answered, or why it is refused; `None`
    /// for a request that is answered at once.
    pub fn errand(&mut self, asker: &Asker, request: &Request) -> Option<Result<Errand, Answer>> {
        self.show();
        if !self.needs_errand(request) {
            return None;
        }
        let errand = match request {
            Request::Moves(tried) if !self.may_move(tried) => {
                return Some(Err(self.moves_nobody(asker, request, tried)));
            }
            _ => self.send_out(asker, request),
        };
        Some(errand.map_err(|trouble| self.answer_of(trouble)))
    }

    /// The answer for what could be saved and moves nobody.
    fn moves_nobody(&mut self, asker: &Asker, request: &Request, tried: &Tried) -> Answer {
        let tried = match self.rights(asker, request) {
            Ok(rights) => self.keep_up().and_then(|()| self.tried(asker, &rights, tried)),
            Err(problem) => Err(problem.into()),
        };
        match tried {
            Ok(_) => Answer::Moves(Box::default()),
            Err(trouble) => self.answer_of(trouble),
        }
    }

    /// Whether a request has to be answered by an errand.
    pub fn needs_errand(&self, request: &Request) -> bool {
        match request {
            Request::Verify
            | Request::Rebuild
            | Request::Moves(_)
            | Request::FindHead { seq: None, .. } => true,
            _ => self.needs_who_left(request) || self.needs_rows(request),
        }
    }

    /// Whether a request waits for rows that are counted beside the writer; while something else
    /// is out they are counted here, for that may take long.
    fn needs_rows(&self, request: &Request) -> bool {
        let free = self.out.is_none() || self.state.counts_beside();
        free && self.state.owes_many() && rows::waits_for(request)
    }

    fn needs_who_left(&self, request: &Request) -> bool {
        match request {
            Request::Report(query)
            | Request::ExplainCell { query, .. }
            | Request::Begin { query, .. } => {
                self.state.left.is_none() && reports::needs_who_left(&query.report)
            }
            _ => false,
        }
    }

    /// What the errand of a request does.
    fn task_for(
        &mut self,
        asker: &Asker,
        rights: &Rights,
        request: &Request,
    ) -> Result<Task, Trouble> {
        let shown = |office: &Self| Box::new(office.state.store.view());
        Ok(match request {
            Request::Verify => Task::Verify { shown: shown(self) },
            Request::Rebuild => Task::Rebuild { boot: self.boot.clone() },
            Request::Moves(tried) => {
                let meant = self.tried(asker, rights, tried)?;
                Task::Moves { shown: shown(self), meant, today: self.state.today }
            }
            Request::FindHead { hash, .. } => Task::FindHead { hash: hash.clone() },
            _ if !self.needs_who_left(request) => {
                let people = self.state.hand_rows_out();
                Task::Rows { shown: shown(self), people, today: self.state.today }
            }
            _ => Task::WhoLeft,
        })
    }

    fn send_out(&mut self, asker: &Asker, request: &Request) -> Result<Errand, Trouble> {
        let rights = self.rights(asker, request)?;
        self.await_proof();
        self.keep_up()?;
        self.call_off();
        let task = self.task_for(asker, &rights, request)?;
        if matches!(task, Task::Verify { .. } | Task::Rebuild { .. }) {
            // Another store is about as large as the journal.
            let journal = self.journal.stamps().iter().map(|stamp| stamp.len).sum();
            if !room::is_there(&self.folder, journal) {
                return Err(JournalError::Full.into());
            }
        }
        if self.ahead && matches!(task, Task::Rebuild { .. }) {
            return Err(self.why_read_only());
        }
        let (leash, (out, back)) = (Leash::default(), channel());
        self.out = Some(Out { leash: leash.clone(), back });
        Ok(Errand {
            asker: asker.clone(),
            request: request.clone(),
            task,
            reader: self.journal.reader(),
            folder: self.folder.clone(),
            leash,
            out,
        })
    }

    /// Stops the errand that is out, if one is, and waits until it and a proof under way have
    /// let go of the store and the journal: they are about to be otherwise.
    pub(in crate::office) fn call_off(&mut self) {
        if self.proving.take().is_some() {
            // Nobody knows what the store is good for, until another takes its place.
            self.behind = true;
        }
        if let Some(Out { leash, back }) = self.out.take() {
            leash.0.overtaken.store(true, Ordering::Relaxed);
            // An error says that the other end is gone, which is what is waited for.
            let _ = back.recv();
            self.state.rows_called_off();
        }
    }

    /// Gone as if killed; but what it has sent out ends first, while the folder is still held.
    pub fn end_in_panic(mut self) {
        self.call_off();
    }

    /// Takes up what an errand brought back, and answers what it was sent for.
    pub fn take_up(&mut self, returned: Returned) -> Answer {
        self.show();
        let Returned { asker, request, brought, leash } = returned;
        let asked = AskedFor::of(&request);
        let answer = if leash.is_overtaken() {
            // Called off after its end: what it brought is no longer so.
            if !rows::waits_for(&request) || self.needs_who_left(&request) {
                return Answer::Refused(Problem::Overtaken);
            }
            // Whoever only waited for rows is answered without them.
            self.read_mended(&asker, request)
        } else {
            self.out = None;
            brought.and_then(|brought| self.with_brought(&asker, request, brought))
        };
        if self.out.is_none() {
            self.state.rows_called_off();
        }
        let answer = answer.unwrap_or_else(|trouble| self.answer_of(trouble));
        self.leave(&asker, &asked, answer)
    }

    fn with_brought(
        &mut self,
        asker: &Asker,
        request: Request,
        brought: Brought,
    ) -> Result<Answer, Trouble> {
        // Meanwhile they may have become somebody else, or nobody.
        self.rights(asker, &request)?;
        Ok(match brought {
            Brought::Verified(_) if self.ahead => return Err(self.why_read_only()),
            Brought::Verified(verified) => Answer::Verified(verified),
            Brought::Found(found) => Answer::Found(found),
            Brought::Rows(rows) => {
                self.state.take_rows(rows)?;
                self.read_mended(asker, request)?
            }
            Brought::Moves(moves) => Answer::Moves(Box::new(moves)),
            Brought::WhoLeft(left, head) => {
                if self.state.left.is_none() {
                    // What has been written since is little.
                    let reader = self.journal.reader();
                    let left = who_left(&reader, left, Some(head), &mut |_, _, _| true)?;
                    self.state.left = Some(left);
                }
                self.read_mended(asker, request)?
            }
            Brought::Store(mut store, beside) => {
                open::catch_up(&mut store, &self.journal).map_err(check::fault)?;
                self.put_in_place(*store, &beside)?;
                Answer::Done
            }
        })
    }
}

/// When everybody who has left, or was deleted, did so, as the lines after `from` say.
pub(in crate::office) fn who_left(
    reader: &JournalReader,
    mut left: Left,
    from: Option<Head>,
    told: HearsErrand,
) -> Result<Left, Trouble> {
    let (mut lines, total) = (0_u64, reader.head().seq);
    reader.replay(from, &mut |line| {
        left.line(line.header.at, &line.changes, &line.header.erases);
        lines += 1;
        stopped(lines.is_multiple_of(TOLD_EVERY), told, line.header.seq, total)
    })?;
    Ok(left)
}

/// The entry whose last line bears a hash that begins so.
fn find_head(
    reader: &JournalReader,
    hash: &str,
    told: HearsErrand,
) -> Result<Option<u64>, Trouble> {
    let (mut found, mut lines, total) = (None, 0_u64, reader.head().seq);
    reader.entries_backwards(None, &mut |line| {
        let seq = line.header.seq;
        found = line.head().code().starts_with(hash).then_some(seq);
        lines += 1;
        stopped(lines.is_multiple_of(TOLD_EVERY), told, total - seq, total)?;
        Ok(found.is_none())
    })?;
    Ok(found)
}

fn stopped(now: bool, told: HearsErrand, done: u64, total: u64) -> Result<bool, JournalError> {
    if now && !told(Work::Searching, done, total) {
        return Err(JournalError::Cancelled);
    }
    Ok(true)
}

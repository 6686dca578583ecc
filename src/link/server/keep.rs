//! The office's own thread in a server: takes what waits from all connections together,
//! so that their saves share one sync, answers each and tells everybody what changed.
//! Never waits for a connection.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::outbox::Outbox;
use crate::link::protocol::{Answer, Notice, Problem, Request, Ticket};
use crate::office::{Ask, Asker, Office};

/// Requests handed over together.
const TOGETHER_MAX: usize = 64;

/// What connections tell the office; each connection's words come in their order.
pub(super) enum Message {
    Here(Asker, Arc<Outbox>),
    Ask {
        sitting: u64,
        ticket: Ticket,
        request: Request,
    },
    Gone(u64),
    /// End once every connection has gone.
    Close,
}

/// Keeps the office until it is told to close.
pub(super) fn keep(mut office: Office, receiver: &Receiver<Message>) {
    let mut here: HashMap<u64, (Asker, Arc<Outbox>)> = HashMap::new();
    let mut closing = false;
    while !(closing && here.is_empty()) {
        let mut asks: Vec<Ask> = Vec::new();
        let mut from: Vec<(Arc<Outbox>, Ticket)> = Vec::new();
        let mut gone = None;
        let mut message = receiver.recv().ok();
        if message.is_none() {
            break;
        }
        while let Some(next) = message.take() {
            match next {
                Message::Here(asker, outbox) => {
                    here.insert(asker.sitting, (asker, outbox));
                }
                Message::Ask { sitting, ticket, request } => {
                    if let Some((asker, outbox)) = here.get(&sitting) {
                        let asker = asker.clone();
                        asks.push(Ask { asker, ticket: Ticket(asks.len() as u64), request });
                        from.push((Arc::clone(outbox), ticket));
                    }
                }
                Message::Gone(sitting) => gone = Some(sitting),
                Message::Close => closing = true,
            }
            // What somebody left half done is forgotten before the next request is read.
            if gone.is_none() && asks.len() < TOGETHER_MAX {
                message = receiver.try_recv().ok();
            }
        }
        let carried = catch_unwind(AssertUnwindSafe(|| carry_out(&mut office, asks, &from, &here)));
        if carried.is_err() {
            tracing::error!("the office ended in a panic");
            // What is left of the office cannot be trusted. Whoever asked is answered, so
            // that what broke this server is not asked of the next one again.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(office)));
            for (outbox, ticket) in from {
                outbox.reply(ticket, Answer::Refused(Problem::Closed));
            }
            for (_, outbox) in here.values() {
                outbox.finish();
            }
            return;
        }
        if let Some(sitting) = gone {
            office.left(sitting);
            if let Some((_, outbox)) = here.remove(&sitting) {
                outbox.finish();
            }
        }
    }
    office.close();
}

fn carry_out(
    office: &mut Office,
    asks: Vec<Ask>,
    from: &[(Arc<Outbox>, Ticket)],
    here: &HashMap<u64, (Asker, Arc<Outbox>)>,
) {
    if asks.is_empty() {
        return;
    }
    let watching: Vec<Arc<Outbox>> = asks
        .iter()
        .zip(from)
        .filter(|(ask, _)| {
            matches!(ask.request, Request::Verify | Request::Rebuild | Request::Erase { .. })
        })
        .map(|(_, (outbox, _))| Arc::clone(outbox))
        .collect();
    let answers = office.handle(asks, &mut |work, done, total| {
        for outbox in &watching {
            outbox.notice(Notice::Progress { work, done, total });
        }
    });
    for (place, answer) in answers {
        if let Some((outbox, ticket)) = from.get(place.0 as usize) {
            outbox.reply(*ticket, answer);
        }
    }
    for notice in office.notices() {
        for (_, outbox) in here.values() {
            outbox.notice(notice.clone());
        }
    }
}

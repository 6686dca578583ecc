//! Bytes on the socket, in both directions: greeting, frames, requests, answers. They are
//! read or refused, and what is read is written as it was.

#![no_main]

use kompeten::codec;
use kompeten::link::frame::{self, ANSWER_MAX, REQUEST_MAX};
use kompeten::protocol::{Incoming, Request, Ticket};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = frame::knocked(&mut &bytes[..]);
    let _ = frame::welcomed(&mut &bytes[..]);
    let mut wire = bytes;
    while let Ok((ticket, request)) = frame::read::<(Ticket, Request)>(&mut wire, REQUEST_MAX) {
        let _ = request.step();
        let again = frame::frame(&(ticket, &request), REQUEST_MAX).expect("no longer than it was");
        let read: (Ticket, Request) = frame::read(&mut &again[..], REQUEST_MAX).expect("a frame");
        assert_eq!(read, (ticket, request));
    }
    // Without the length in front, so that a change of it does not cost every change within.
    let _ = codec::decode::<(Ticket, Request)>(bytes);
    let mut wire = bytes;
    while frame::read::<Incoming>(&mut wire, ANSWER_MAX).is_ok() {}
    let _ = codec::decode::<Incoming>(bytes);
});

//! `kompeten edit KIND ID FIELD=VALUE…`: some fields of a record said anew, the others left as
//! they stand; a field without a value is emptied. If somebody else has saved the record in
//! the meantime, nothing is changed.

use std::io::Write;

use super::Context;
use super::add::Put;
use super::args::EditArgs;
use super::fault::{Exit, Failure};

pub fn run(args: &EditArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let put = Put { kind: args.kind, values: &args.values, change: &args.change };
    put.run(context, &|client| client.find(args.kind, &args.id).map(Some), out)
}

//! The desk: one officer's sitting. Puts the office, the screen and the work between them
//! together, and takes them apart in order when the officer leaves or the line goes dead.
//!
//! Jobs ask the office through the same link as the screen; their tickets have the
//! highest bit set, and their answers are handed to them instead of to the screen.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::cli::{Opening, request_id};
use crate::domain::change::Via;
use crate::exchange::{Destination, Format};
use crate::i18n;
use crate::jobs::export::{self, ExportError};
use crate::jobs::import::{self, ImportError};
use crate::jobs::{self, Progress};
use crate::link::Link;
use crate::link::embedded::{self, Embedded, OpenError, OpenOptions};
use crate::link::protocol::{Answer, Incoming, PAGE_MAX, Problem, Request, Step, Ticket};
use crate::term::profile::Profile;
use crate::ui::event::{self, Event};
use crate::ui::job::{
    Export, ExportJob, ImportJob, Job, JobEnd, JobEvent, JobId, Jobs, PREVIEW_MAX, Preview,
    PreviewRow,
};
use crate::ui::keymap::{self, Preset};
use crate::ui::{Options, RunError};

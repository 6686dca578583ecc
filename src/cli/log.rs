//! The log file: `log/kompeten.log` in the data folder, for whoever looks after the
//! program. Codes, counts and versions only, never a person's data. Bounded: beyond 1 MB it
//! is set aside while the program runs, and what had been set aside before is gone; and
//! what can be caused again and again from outside is written so often a minute and no
//! more, then only counted.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::{Event, Subscriber, callsite};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Larger than this, a log is set aside.
const LOG_MAX: u64 = 1024 * 1024;
/// How often one place in the program is heard in how long.
const TIMES: u32 = 20;
const EVERY: Duration = Duration::from_secs(60);

/// Where the log of a data folder is.
pub fn file_of(data: &Path) -> PathBuf {
    data.join("log").join("kompeten.log")
}

/// Begins to log, once, if the folder is there. A log that cannot be written is no
/// reason to stop: the office works without one.
pub fn begin(data: &Path) {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    if BEGUN.load(Ordering::Relaxed) || !data.is_dir() {
        return;
    }
    let left_out = Arc::new(AtomicU64::new(0));
    let Ok(file) = LogFile::open(file_of(data), Arc::clone(&left_out)) else { return };
    BEGUN.store(true, Ordering::Relaxed);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(Mutex::new(file))
        .with_ansi(false)
        .with_target(false)
        .with_filter(tracing_subscriber::filter::LevelFilter::INFO);
    // Somebody else may already listen: a test, which then keeps its own.
    let seldom = Seldom { heard: Mutex::default(), left_out };
    let _ = tracing_subscriber::registry().with(seldom).with(lines).try_init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), pid = std::process::id(), "start");
}

/// A file that is set aside when it has grown, also by other programs at the same office.
struct LogFile {
    path: PathBuf,
    file: File,
    /// Lines that were left out since the last one.
    left_out: Arc<AtomicU64>,
}

impl LogFile {
    fn open(path: PathBuf, left_out: Arc<AtomicU64>) -> io::Result<Self> {
        let file = open(&path)?;
        Ok(Self { path, file, left_out })
    }

    /// Goes on in a new file where this one is full, or is not the log any more.
    fn turn(&mut self) -> io::Result<()> {
        let ours = self.file.metadata()?;
        let there = fs::metadata(&self.path).ok();
        let same =
            there.is_some_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino()));
        if !same || ours.len() > LOG_MAX {
            self.file = open(&self.path)?;
        }
        Ok(())
    }
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.turn()?;
        let left_out = self.left_out.swap(0, Ordering::Relaxed);
        if left_out > 0 {
            writeln!(self.file, "{left_out} lines of the last minutes were left out")?;
        }
        self.file.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        // The data folder itself is never made for the sake of a log.
        if !folder.is_dir() {
            fs::DirBuilder::new().mode(0o700).create(folder)?;
        }
    }
    if fs::metadata(path).is_ok_and(|found| found.len() > LOG_MAX) {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

/// Lets each place in the program be heard only so often.
struct Seldom {
    heard: Mutex<HashMap<callsite::Identifier, (Instant, u32)>>,
    left_out: Arc<AtomicU64>,
}

impl<S: Subscriber> Layer<S> for Seldom {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let (since, times) = heard.entry(event.metadata().callsite()).or_insert((now, 0));
        if now.duration_since(*since) >= EVERY {
            (*since, *times) = (now, 0);
        }
        *times += 1;
        let enabled = *times <= TIMES;
        if !enabled {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
        enabled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn log_of(data: &Path) -> LogFile {
        LogFile::open(file_of(data), Arc::default()).unwrap()
    }

    #[test]
    fn the_log_is_the_officers_own_and_is_set_aside_when_it_has_grown() {
        let data = tempfile::tempdir().unwrap();
        log_of(data.path());
        let path = file_of(data.path());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, vec![b'x'; 2 * 1024 * 1024]).unwrap();
        log_of(data.path());
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        assert!(path.with_extension("log.1").exists());
    }

    #[test]
    fn a_log_written_to_without_end_by_two_programs_takes_three_megabytes_at_most() {
        let data = tempfile::tempdir().unwrap();
        let (mut first, mut second) = (log_of(data.path()), log_of(data.path()));
        let line = [b'x'; 1000];
        for _ in 0..5_000 {
            first.write_all(&line).unwrap();
            second.write_all(&line).unwrap();
        }
        let folder = fs::read_dir(data.path().join("log")).unwrap();
        let bytes: u64 = folder.map(|file| file.unwrap().metadata().unwrap().len()).sum();
        println!("10 MB of lines: {bytes} bytes kept");
        assert!(bytes < 3 * LOG_MAX, "{bytes}");
    }

    #[test]
    fn what_is_said_again_and_again_is_written_a_few_times_and_then_counted() {
        let data = tempfile::tempdir().unwrap();
        let left_out: Arc<AtomicU64> = Arc::default();
        let file = LogFile::open(file_of(data.path()), Arc::clone(&left_out)).unwrap();
        let lines = tracing_subscriber::fmt::layer().with_writer(Mutex::new(file)).with_ansi(false);
        let seldom = Seldom { heard: Mutex::default(), left_out };
        let subscriber = tracing_subscriber::registry().with(seldom).with(lines);
        tracing::subscriber::with_default(subscriber, || {
            for number in 0..10_000 {
                tracing::warn!(number, "a stranger");
            }
            tracing::warn!("something else");
        });
        let text = fs::read_to_string(file_of(data.path())).unwrap();
        println!("10000 lines of one place: {} bytes", text.len());
        assert_eq!(text.lines().filter(|line| line.contains("a stranger")).count(), 20);
        assert!(text.contains("9980 lines") && text.contains("something else"), "{text}");
    }

    #[test]
    fn no_folder_no_log() {
        let base = tempfile::tempdir().unwrap();
        assert!(open(&file_of(&base.path().join("absent"))).is_err());
        assert!(!base.path().join("absent").exists());
    }
}

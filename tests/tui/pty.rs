//! The real program in a real terminal, for every end-to-end test.
//!
//! A thread feeds what the program writes to a vt100 emulator and wakes whoever waits for
//! the screen to show something; nothing here sleeps for a guessed time. A test that waits
//! in vain ends after `PATIENCE` and prints the screen. The program sees only the
//! environment it is given, so a test means the same on every machine.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use std::num::NonZeroU16;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};
use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

/// Far longer than anything takes on a loaded machine; only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// A question takes no key before a person can have read it; longer than that.
const READ_TIME: Duration = Duration::from_millis(200);
/// By which a question is known on the screen.
const QUESTIONS: [&str; 4] =
    ["Yakin?", "Sure?", "Data ini diubah orang lain", "Changed by somebody else"];
/// Between two looks at what the kernel only tells when asked.
const LOOK_AGAIN: Duration = Duration::from_millis(2);
/// What a slow line hands on at once: as much as the smallest buffer on its way.
const HANDED_ON: usize = 32;

/// A program in a terminal of its own; killed when dropped.
pub struct Pty {
    line: Option<Line>,
    tty: PathBuf,
    pid: Pid,
    shared: Arc<Shared>,
}

/// Our end of the terminal.
struct Line {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    reader: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
    /// Bytes the line takes in a second; 0 while it takes whatever comes.
    rate: AtomicU32,
}

#[derive(Default)]
struct Seen {
    terminal: vt100::Parser,
    output: Vec<u8>,
    hanging_up: bool,
    closed: bool,
    exit: Option<Exit>,
}

/// How the program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    Code(u32),
    /// By a signal, as the host names it.
    Killed(String),
}

impl Pty {
    /// Runs `kompeten` with these arguments. `env` comes on top of `TERM=xterm-256color` and
    /// `LANG=C.UTF-8`; set `HOME`, `XDG_*` or `KOMPETEN_DATA` in it to a folder of the test.
    pub fn spawn(args: &[&str], env: &[(&str, &str)], cols: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_kompeten"));
        command.args(args);
        Self::run(command, env, cols, rows)
    }

    /// An interactive shell with job control, in which `kompeten` can be stopped and
    /// continued; its prompt is `siap>`.
    pub fn shell(env: &[(&str, &str)], cols: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new("/bin/bash");
        command.args(["--noprofile", "--norc", "--noediting", "-i"]);
        let mut env = env.to_vec();
        env.push(("PS1", "siap> "));
        let pty = Self::run(command, &env, cols, rows);
        pty.wait_for("siap>");
        pty
    }

    /// Another program, with what `spawn` gives.
    pub fn other(program: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        Self::run(command, env, 80, 24)
    }

    fn run(mut command: CommandBuilder, env: &[(&str, &str)], cols: u16, rows: u16) -> Self {
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in env {
            command.env(name, value);
        }
        let pair = native_pty_system().openpty(size(cols, rows)).expect("a terminal");
        let mut child = pair.slave.spawn_command(command).expect("the program runs");
        drop(pair.slave);
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid.cast_signed()));

        let shared = Arc::new(Shared::default());
        shared.resize(cols, rows);
        let waits = Arc::clone(&shared);
        thread::spawn(move || {
            let exit = child.wait().expect("an exit status");
            let exit = exit
                .signal()
                .map_or(Exit::Code(exit.exit_code()), |signal| Exit::Killed(signal.to_owned()));
            waits.change(|seen| seen.exit = Some(exit));
        });
        let mut output = pair.master.try_clone_reader().expect("its output");
        let shows = Arc::clone(&shared);
        let reader = thread::spawn(move || shows.read_all(&mut *output));

        Self {
            tty: pair.master.tty_name().expect("a name"),
            line: Some(Line {
                writer: pair.master.take_writer().expect("its input"),
                master: pair.master,
                reader,
            }),
            pid: pid.expect("a process"),
            shared,
        }
    }

    /// Types: text, or the bytes a key sends (`"\x1b[B"`, `"\x13"`). A question is read first.
    pub fn send(&mut self, keys: impl AsRef<[u8]>) {
        let screen = self.screen();
        if QUESTIONS.iter().any(|question| screen.contains(question)) {
            thread::sleep(READ_TIME);
        }
        let line = self.line.as_mut().expect("the line is up");
        line.writer.write_all(keys.as_ref()).expect("typed");
        line.writer.flush().expect("typed");
    }

    /// Types unless the program has ended, and waits until it has read it; whether it was up.
    pub fn send_if_up(&mut self, keys: &str) -> bool {
        let line = self.line.as_mut().expect("the line is up");
        let ended = |shared: &Shared| shared.lock().exit.is_some();
        if ended(&self.shared) || line.writer.write_all(keys.as_bytes()).is_err() {
            return false;
        }
        let Ok(tty) = self.try_slave() else { return false };
        let shared = Arc::clone(&self.shared);
        self.until("its input read", || {
            ended(&shared) || rustix::io::ioctl_fionread(&tty).is_ok_and(|left| left == 0)
        });
        !ended(&self.shared)
    }

    /// Pastes the parts a few milliseconds apart, as a terminal sends what a network tore.
    pub fn paste_torn(&mut self, parts: &[String]) {
        let line = self.line.as_mut().expect("the line is up");
        for part in parts {
            line.writer.write_all(part.as_bytes()).expect("pasted");
            line.writer.flush().expect("pasted");
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Types the parts so that the program reads each before the next comes, as a network
    /// delivers what it tore.
    pub fn send_torn(&mut self, parts: &[&str]) {
        let tty = self.slave();
        for part in parts {
            self.send(part);
            self.until("its input read", || {
                rustix::io::ioctl_fionread(&tty).is_ok_and(|left| left == 0)
            });
        }
    }

    /// From here on the line takes so many bytes a second; 960 is 9,600 baud.
    pub fn slow_to(&self, rate: u32) {
        self.shared.rate.store(rate, Ordering::Relaxed);
    }

    /// Waits until the screen shows the text.
    pub fn wait_for(&self, text: &str) {
        self.wait_until_named(&format!("the text {text:?}"), |screen| {
            screen.contents().contains(text)
        });
    }

    /// Waits until the screen no longer shows the text.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until_named(&format!("the text {text:?} to go"), |screen| {
            !screen.contents().contains(text)
        });
    }

    /// Waits until the screen is as the test wants it.
    pub fn wait_until(&self, shows: impl Fn(&vt100::Screen) -> bool) {
        self.wait_until_named("what the test wants", shows);
    }

    fn wait_until_named(&self, what: &str, shows: impl Fn(&vt100::Screen) -> bool) {
        self.wait(what, |seen| shows(seen.terminal.screen()).then_some(()));
    }

    /// Waits for the end of the program, and until all it wrote has been read.
    pub fn wait_exit(&self) -> Exit {
        self.wait("the program to end", |seen| {
            let read = seen.closed || seen.hanging_up;
            seen.exit.clone().filter(|_| read)
        })
    }

    /// Waits until the program is stopped by the host (`T` in `ps`).
    pub fn wait_stopped(&self, pid: Pid) {
        self.until("the program to stop", || stat(pid)[0] == "T");
    }

    /// The screen as text, one line a row, without trailing blanks.
    pub fn screen(&self) -> String {
        self.shared.lock().terminal.screen().contents()
    }

    /// Whether anything on the row that shows `text` is in reverse video.
    pub fn is_reversed(&self, text: &str) -> bool {
        let seen = self.shared.lock();
        let screen = seen.terminal.screen();
        let (rows, cols) = screen.size();
        let row = screen.rows(0, cols.get()).position(|row| row.contains(text));
        row.and_then(|row| u16::try_from(row).ok()).filter(|row| *row < rows.get()).is_some_and(
            |row| {
                (0..cols.get()).any(|col| screen.cell(row, col).is_some_and(vt100::Cell::inverse))
            },
        )
    }

    /// Whether the screen is the alternate one, as it is while the program has it.
    pub fn is_alternate(&self) -> bool {
        self.shared.lock().terminal.screen().alternate_screen()
    }

    /// All bytes the program has written so far.
    pub fn output(&self) -> Vec<u8> {
        self.shared.lock().output.clone()
    }

    /// How many bytes the program has written so far.
    pub fn written(&self) -> usize {
        self.shared.lock().output.len()
    }

    /// Whether the program has ever written these bytes.
    pub fn has_written(&self, bytes: &str) -> bool {
        let output = self.output();
        output.windows(bytes.len()).any(|window| window == bytes.as_bytes())
    }

    pub fn resize(&self, cols: u16, rows: u16) {
        self.shared.resize(cols, rows);
        let line = self.line.as_ref().expect("the line is up");
        line.master.resize(size(cols, rows)).expect("resized");
    }

    /// The connection breaks: the terminal is gone for the program.
    pub fn hang_up(&mut self) {
        let line = self.line.take().expect("the line is up");
        self.shared.change(|seen| seen.hanging_up = true);
        let mut tty = self.slave();
        // The writer would say goodbye with an end-of-file key, which a broken line does not.
        let mut modes = tcgetattr(&tty).expect("its modes");
        modes.special_codes[SpecialCodeIndex::VEOF] = 0;
        tcsetattr(&tty, OptionalActions::Now, &modes).expect("its modes");
        // Wakes the thread that reads, which keeps the line up as long as it does.
        tty.write_all(b"\0").expect("the terminal is there");
        drop(tty);
        line.reader.join().expect("the output was read");
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program runs");
    }

    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// The process the program (a shell, say) started last.
    pub fn wait_child(&self) -> Pid {
        let path = format!("/proc/{0}/task/{0}/children", self.pid.as_raw_nonzero());
        let child = || {
            let line = fs::read_to_string(&path).ok()?;
            Pid::from_raw(line.split_whitespace().last()?.parse().ok()?)
        };
        self.until("a process to be started", || child().is_some());
        child().expect("a process")
    }

    /// Processor time the program has used, in ticks of usually 10 ms.
    pub fn cpu_ticks(&self) -> u64 {
        let stat = stat(self.pid);
        [&stat[11], &stat[12]].into_iter().map(|ticks| ticks.parse::<u64>().expect("ticks")).sum()
    }

    /// The program's end of the terminal.
    fn slave(&self) -> File {
        self.try_slave().expect("a tty")
    }

    fn try_slave(&self) -> std::io::Result<File> {
        let no_ctty = rustix::fs::OFlags::NOCTTY.bits().cast_signed();
        File::options().read(true).write(true).custom_flags(no_ctty).open(&self.tty)
    }

    fn until(&self, what: &str, is_so: impl FnMut() -> bool) {
        assert!(comes_to_be(is_so), "waited in vain for {what}\n{}", self.describe());
    }

    fn wait<T>(&self, what: &str, mut ready: impl FnMut(&Seen) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.shared.lock();
        loop {
            if let Some(found) = ready(&seen) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            // What has ended and been read to its end shows nothing new.
            if left.is_zero() || (seen.closed && seen.exit.is_some()) {
                drop(seen);
                panic!("waited in vain for {what}\n{}", self.describe());
            }
            seen = self.shared.changed.wait_timeout(seen, left).expect("no panic elsewhere").0;
        }
    }

    fn describe(&self) -> String {
        let seen = self.shared.lock();
        let screen = seen.terminal.screen();
        let (rows, cols) = screen.size();
        let mut text = format!("exit: {:?}, {} bytes written\n", seen.exit, seen.output.len());
        let edge = "-".repeat(cols.get().into());
        let _ = writeln!(text, "+{edge}+ {cols}x{rows}");
        for row in screen.rows(0, cols.get()) {
            let _ = writeln!(text, "|{row:<width$}|", width = cols.get().into());
        }
        let _ = writeln!(text, "+{edge}+");
        text
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if let Ok(seen) = self.shared.seen.lock()
            && seen.exit.is_none()
        {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no panic elsewhere")
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn resize(&self, cols: u16, rows: u16) {
        let at_least_one = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
        self.change(|seen| seen.terminal.set_size(at_least_one(rows), at_least_one(cols)));
    }

    fn read_all(&self, output: &mut dyn Read) {
        let mut bytes = [0; 8192];
        loop {
            let rate = self.rate.load(Ordering::Relaxed);
            let most = if rate == 0 { bytes.len() } else { HANDED_ON };
            // The end of a terminal is an error on Linux.
            let Ok(n @ 1..) = output.read(&mut bytes[..most]) else { break };
            if rate > 0 {
                thread::sleep(Duration::from_secs(1) * n as u32 / rate);
            }
            self.change(|seen| {
                seen.terminal.process(&bytes[..n]);
                seen.output.extend_from_slice(&bytes[..n]);
            });
            if self.lock().hanging_up {
                return;
            }
        }
        self.change(|seen| seen.closed = true);
    }
}

/// Waits for what the kernel does not announce.
pub fn until(what: &str, is_so: impl FnMut() -> bool) {
    assert!(comes_to_be(is_so), "waited in vain for {what}");
}

/// Waits until this process has ended, whoever its parent is by now.
pub fn wait_ended(pid: Pid) {
    let stat = format!("/proc/{}/stat", pid.as_raw_nonzero());
    until("the process to end", || {
        // One that nobody fetches stays as a zombie.
        fs::read_to_string(&stat).map_or(true, |line| line.contains(") Z "))
    });
}

fn comes_to_be(mut is_so: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(LOOK_AGAIN);
    }
    true
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// What `/proc` says of a process, from its state on.
fn stat(pid: Pid) -> Vec<String> {
    let line = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).expect("it runs");
    let (_, rest) = line.rsplit_once(')').expect("a name in parentheses");
    rest.split_whitespace().map(str::to_owned).collect()
}

//! kompeten: competency management for Indonesian local government, in a terminal.
//!
//! # The tour
//!
//! A person touches [`ui`] (the screen) or [`cli`] (the command line); both ask through
//! [`link`], one small protocol of requests and answers. Behind it stands the [`office`],
//! the only door to the [`journal`] (the truth: lines on the disk) and the [`store`] (fast
//! and disposable, derived from the journal). What a competency, a post or a training *is*
//! stands in [`domain`], which knows neither files nor clocks nor screens.
//!
//! ```text
//! cli    ui            what a person touches          jobs   long work, watched and stopped
//!   \    /                                            i18n   every word a person reads
//!    link              to an office here or in        term   the terminal, and only it
//!     |                another process
//!   office             authorise, validate, journal,  codec  bincode, and only it
//!    /   \             store, tell everybody          protocol  requests, answers, notices
//! journal store        truth; a projection of it      exchange  officers' files, in and out
//!    \   /                                            backup    an office in one sealed file
//!   domain             what HR means
//! ```
//!
//! What an office keeps is in [`domain::kinds`], one file a kind, with the registry that makes
//! them known to everything else. Begin with [`domain::record`] (what all records have in common) and [`protocol`]
//! (everything one can ask), then follow a save through [`office`]. `tests/tidy.rs` holds
//! which floor may name which.
//!
//! # The field's words
//!
//! | Indonesian | here |
//! |---|---|
//! | pegawai ASN (PNS, PPPK) | [`domain::kinds::employee::Employee`], [`domain::kinds::employee::EmploymentKind`] |
//! | NIP, NI PPPK | [`domain::number::EmployeeNumber`] |
//! | instansi, satuan kerja, UNOR, kecamatan, kelurahan | [`domain::kinds::unit::Unit`] |
//! | jabatan; jenjang jabatan | [`domain::kinds::position::Position`]; [`domain::kinds::position::JobLevel`] |
//! | golongan, pangkat | [`domain::grade::Grade`] |
//! | kompetensi (manajerial, sosial kultural, teknis) | [`domain::kinds::competency::Competency`] |
//! | standar kompetensi jabatan (SKJ) | [`domain::kinds::standard::Standard`] |
//! | penilaian | [`domain::kinds::rating::Rating`] |
//! | JPM, kesenjangan | [`domain::gap::Figures`], [`domain::gap::Cell`] |
//! | program pelatihan; kegiatan; peserta; kehadiran | [`domain::kinds::programme::Programme`]; [`domain::kinds::session::Session`]; [`domain::kinds::enrolment::Enrolment`]; [`domain::kinds::enrolment::Presence`] |
//! | JP (jam pelajaran) | [`domain::jp::JpByYear`], [`domain::jp::JpStanding`] |
//! | langkah (what undo takes back) | [`domain::change::Entry`] |
//!
//! # The house's own words
//!
//! | word | what it means here |
//! |---|---|
//! | kind, record | a kind of thing an office keeps, and one of them; a record is the unit of change |
//! | belongs, owner | whose a record is: everybody's, a unit's, a person's, an officer's ([`domain::belongs`]) |
//! | pack | everything that is kept with one person, as one value of the store |
//! | still, awake | a store whose files are read as they lie; one that sled is opened for |
//! | trail | the journal lines that wrote a record, kept beside it, so that its history is not searched for |
//! | entry, step | one change to the journal; what one undo takes back |
//! | batch, part | a step too large for one line: its parts, and the line that commits them |
//! | head | how far the journal goes: its last step and that line's hash |
//! | draft | a record or form as typed and not yet saved |
//! | catalogue | the small tables every answer needs, in memory |
//! | roster | one short row a person, in memory, for lists, search and the matrix |
//! | view | whatever is derived from records and kept up with every change |
//! | asker | who asks the office: an account, as the kernel says |
//! | rights, reach | what an asker may do, and the units for which they may |
//! | permit | the one check of what is about to be changed |
//! | place, footprint | where a record belongs in the office; all the places an entry touches, so that only those concerned are told |
//! | witness | how much of a past entry an asker may see |
//! | sought | what a question to the history asks for |
//! | intake | rows of an officer's file on their way in |
//! | named, known | what a file only names (a unit, a post), and what of it the office has already |
//! | traces | what drafts still say of a person who is erased |
//! | presence | who has which record open |
//! | mended | what the office set right by itself on opening |
//! | errand | work that grows with the journal, done beside the writer on a fixed head |
//! | seat | a sitting's place at a server; there are so many, and so many for one user |
//! | sitting | one officer at one screen, from coming to leaving |
//! | command, key context | what a key does, and the place in which it does it |
//! | pane, overlay | a page of the screen; what lies over it for a moment |
//! | list pane, listing | a list of one kind's records as it is defined; one at work |

pub mod backup;
pub mod cli;
pub mod codec;
pub mod domain;
pub mod exchange;
pub mod i18n;
pub mod jobs;
pub mod journal;
pub mod link;
pub mod office;
pub mod protocol;
pub mod store;
pub mod term;
pub mod ui;

// At the root because the words are looked up through it; the catalogue is `src/i18n/*.yml`.
rust_i18n::i18n!("src/i18n", fallback = "id");

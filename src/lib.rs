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
//! cli    ui            what a person touches          desk   one officer's sitting
//!   \    /                                            jobs   long work, watched and stopped
//!    link              requests, answers, notices     i18n   every word a person reads
//!     |                                               term   the terminal, and only it
//!   office             authorise, validate, journal,  codec  bincode, and only it
//!    /   \             store, tell everybody
//! journal store        truth; a projection of it      exchange  officers' files, in and out
//!    \   /                                            backup    an office in one sealed file
//!   domain             what HR means
//! ```
//!
//! Begin with [`domain::record`] (what all records have in common) and [`protocol`]
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

pub mod backup;
pub mod cli;
pub mod codec;
pub mod desk;
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

//! A line cut in the middle of an import, at the command line.

use std::path::{Path, PathBuf};

use super::between::{Cut, go_between};
use super::served::{Place, said};

fn between(place: &Place, cut: Cut) -> PathBuf {
    let path = place.socket().with_file_name("between.sock");
    go_between(&path, &place.socket(), cut);
    path
}

fn staff(place: &Place) -> PathBuf {
    let file = place.data().with_file_name("staff.csv");
    let rows = "NIP BARU;NAMA\n'198001012005012901;Ayu\n'199002012015121902;Budi\n'1;Salah\n";
    std::fs::write(&file, rows).unwrap();
    file
}

fn import(place: &Place, socket: &Path, file: &Path) -> std::process::Output {
    let file = file.to_str().unwrap();
    let args = ["import", "employees", file, "--json", "--lang", "en"];
    place.command(&args).env("KOMPETEN_SOCKET", socket).output().unwrap()
}

fn steps(place: &Place) -> usize {
    let (out, _) = said(&place.shared(&["history", "--format", "json"]), 0);
    let steps: serde_json::Value = serde_json::from_str(&out).unwrap();
    steps.as_array().unwrap().len()
}

#[test]
fn an_import_whose_line_is_cut_after_it_was_saved_is_reported_as_saved() {
    let place = Place::new();
    let _server = place.serve();
    let file = staff(&place);
    let output = import(&place, &between(&place, Cut::After), &file);
    let err = String::from_utf8_lossy(&output.stderr);
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(err.contains("connection to the office server is lost"), "{err}");
    let told: serde_json::Value =
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
    assert_eq!((&told["added"], &told["seq"]), (&2.into(), &1.into()), "{out}");
    assert_eq!(steps(&place), 1);
    // Nothing is left of it that keeps another from importing.
    let (out, _) = said(&import(&place, &place.socket(), &file), output.status.code().unwrap());
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["unchanged"], 2, "{out}");
}

#[test]
fn an_import_whose_line_is_cut_before_it_was_saved_is_reported_as_not_saved() {
    let place = Place::new();
    let _server = place.serve();
    let file = staff(&place);
    let output = import(&place, &between(&place, Cut::Before), &file);
    let (_, err) = said(&output, 1);
    assert!(err.contains("nothing was saved"), "{err}");
    assert_eq!(steps(&place), 0);
    let (out, _) = {
        let again = import(&place, &place.socket(), &file);
        let code = again.status.code().unwrap();
        said(&again, code)
    };
    assert!(out.contains("\"added\": 2") || out.contains("\"added\":2"), "{out}");
    assert_eq!(steps(&place), 1);
}

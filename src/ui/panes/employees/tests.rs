use super::*;
use crate::ui::testing::{Desk, Office};

fn office() -> Office {
    Office::new()
        .with(Kind::Units, 1001, r#"{"name":"Kecamatan Plaju"}"#)
        .with(Kind::Units, 1002, r#"{"name":"Kelurahan Plaju Ulu","parent":1001}"#)
        .with(Kind::Positions, 1003, r#"{"title":"Lurah","eselon":"IV.a"}"#)
        .with(
            Kind::Employees,
            1004,
            r#"{"number":"198503152010012003","name":"Siti Aminah","kind":"PNS","status":"active",
            "grade":"III/c","unit":1002,"position":1003,"sex":"P"}"#,
        )
        .with(
            Kind::Employees,
            1005,
            r#"{"number":"197812012005011002","name":"Budi Santoso","kind":"PNS","status":"active",
            "grade":"IV/a","unit":1001}"#,
        )
        .with(
            Kind::Employees,
            1006,
            r##"{"number":"#K-7","name":"Mila Kartika","kind":"LAINNYA","status":"active"}"##,
        )
}

fn desk() -> Desk {
    Desk::new(vec![Box::new(Employees::new())], office())
}

#[test]
fn the_list_stands_at_once_with_the_cursor_on_the_first_person() {
    let desk = desk();
    insta::assert_snapshot!(desk.screen());
}

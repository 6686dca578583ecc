//! What a person's record refers to stays while the record stands.

use super::*;

/// How many records a deletion is refused for; none when it would be carried out.
fn in_the_way(answer: &Answer) -> Option<u32> {
    match answer {
        Answer::Saved(_) => Some(0),
        Answer::Refused(Problem::DependedOn { count, .. }) => Some(*count),
        Answer::Refused(Problem::HasHistory { .. }) => Some(1),
        _ => None,
    }
}

#[test]
fn nothing_a_persons_record_refers_to_is_deleted() {
    for kind in kinds() {
        for field in kind.fields() {
            let Some(other) = field.shape.refers_to() else { continue };
            let delete = |districts: &mut Districts| {
                let number = match other {
                    Kind::Employees => districts.person.0,
                    _ => districts.one_of(other),
                };
                in_the_way(&districts.delete_as("siti", RecordId::new(other, number)))
            };
            let mut without = Districts::new();
            let before = delete(&mut without).expect("deleted, or depended on");
            let mut with = Districts::new();
            with.add(kind);
            assert_eq!(delete(&mut with), Some(before + 1), "{kind} {}", field.name);
        }
    }
}

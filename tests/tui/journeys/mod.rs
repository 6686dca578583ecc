//! What officers do, from the first key to the last, each named by what they do. Waits
//! are for what the screen shows; what was saved is asked of the command line afterwards.

mod first_day;
mod importing;
mod interrupted;
mod rating;
mod training;

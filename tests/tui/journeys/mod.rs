//! What officers do, from the first key to the last, each named by what they do. Waits
//! are for what the screen shows; what was saved is asked of the command line afterwards.

mod bad_input;
mod bulk;
mod captive;
mod cycles;
mod damaged;
mod desk;
mod development;
mod files;
mod first_day;
mod history;
mod importing;
mod interrupted;
mod listing;
mod monkey;
mod orientation;
mod pasting;
mod personal;
mod rating;
mod remembered;
mod reports;
mod sharing;
mod slow_line;
mod ssh;
mod standards;
mod terminals;
mod training;
mod typing;

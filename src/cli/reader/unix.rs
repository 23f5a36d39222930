use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::stdio::stdout;

/// Tells, without writing, whether the program at the other end of our standard output ended. A
/// pipe without a reader is in error (Linux) or hung up (macOS); a file or a terminal is neither.
pub(crate) fn is_gone() -> bool {
    let mut ours = [PollFd::from_borrowed_fd(stdout(), PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let asked = poll(&mut ours, Some(&now));
    let gone = PollFlags::ERR | PollFlags::HUP;
    asked.is_ok() && ours.iter().any(|it| it.revents().intersects(gone))
}

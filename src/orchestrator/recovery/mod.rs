//! VMs that came to harm: what is wrong, and the way back.
//!
//! A recovery is one task: it looks at the VM, takes the steps that its state needs, and may be
//! tried again at any point, because every attempt begins by looking.

mod diagnose;
mod recover;
mod steps;

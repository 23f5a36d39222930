//! The simulator: VMs that exist in a file.

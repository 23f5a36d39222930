//! Which hypervisor: the registry of drivers.

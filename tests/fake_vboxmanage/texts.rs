//! The words in which VirtualBox 7.2 fails (see `tests/fixtures/virtualbox`).

/// Somebody holds the lock of the VM that is named by the second argument.
pub(crate) fn locked(arguments: &[String]) -> String {
    let verb = arguments.first().map_or("", String::as_str);
    let vm = arguments.get(1).map_or("", String::as_str);
    let (what, call) = match verb {
        "startvm" => (
            "is already locked by a session (or being locked or unlocked)",
            r#""LaunchVMProcess(a->session, sessionType.raw(), ComSafeArrayAsInParam(aBstrEnv), progress.asOutParam())" at line 920 of file VBoxManageMisc.cpp"#,
        ),
        "showvminfo" | "controlvm" | "snapshot" | "guestproperty" => (
            "already has a lock request pending",
            r#""LockMachine(a->session, LockType_Shared)" at line 3328 of file VBoxManageInfo.cpp"#,
        ),
        _ => (
            "is already locked for a session (or being unlocked)",
            r#""LockMachine(a->session, LockType_Write)" at line 901 of file VBoxManageModifyVM.cpp"#,
        ),
    };
    format!(
        "VBoxManage: error: The machine '{vm}' {what}\n\
         VBoxManage: error: Details: code VBOX_E_INVALID_OBJECT_STATE (0x80bb0007), \
         component MachineWrap, interface IMachine, callee nsISupports\n\
         VBoxManage: error: Context: {call}\n"
    )
}

/// An object is not ready, as two readers of one VM see it.
pub(crate) const NOT_READY: &str = "\
VBoxManage: error: The object is not ready
VBoxManage: error: Details: code E_ACCESSDENIED (0x80070005), component SessionMachine, interface IMachine, callee nsISupports
VBoxManage: error: Context: \"GetMemoryBalloonSize(&u32)\" at line 3094 of file VBoxManageInfo.cpp
";

/// The server does not come up.
pub(crate) const SERVICE: &str = "\
VBoxManage: error: Failed to create the VirtualBox object!
VBoxManage: error: Code CO_E_SERVER_EXEC_FAILURE (0x80080005) - Server execution failed (extended info not available)
VBoxManage: error: Most likely, the VirtualBox COM server is not running or failed to start.
";

/// A failure that has no name of its own.
pub(crate) const UNNAMED: &str = "\
VBoxManage: error: Something went wrong
VBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component ConsoleWrap, interface IConsole
";

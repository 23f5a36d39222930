//! What is answered without a real VBoxManage: an installation with no VMs.

use std::process;

/// Answers a call and ends.
pub(crate) fn answer(arguments: &[String]) -> ! {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--version" | "-v"] => println!("7.2.22r175245"),
        ["list", "vms" | "runningvms"] => {}
        [verb, vm, ..] if !verb.starts_with('-') && *verb != "list" => {
            eprintln!("VBoxManage: error: Could not find a registered machine named '{vm}'");
            eprintln!(
                "VBoxManage: error: Details: code VBOX_E_OBJECT_NOT_FOUND (0x80bb0001), \
                 component VirtualBoxWrap, interface IVirtualBox, callee nsISupports"
            );
            process::exit(1);
        }
        _ => {
            eprintln!("VBoxManage: error: Syntax error: no canned answer to: {}", words.join(" "));
            process::exit(2);
        }
    }
    process::exit(0)
}

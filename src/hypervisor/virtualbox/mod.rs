//! VirtualBox, through VBoxManage.

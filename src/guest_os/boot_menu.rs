use super::answer_media::AnswerFile;
use crate::iso::{Kernel, LinuxMedium};

/// Returns the boot menus of a medium, each with the one entry that installs by itself.
pub(super) fn files(medium: &LinuxMedium, kernel: &Kernel, arguments: &str) -> Vec<AnswerFile> {
    let Kernel { kernel, initial } = kernel;
    let menu = |path: &'static str| {
        let text = if path.ends_with("grub.cfg") {
            // `;` parts commands there.
            let arguments = arguments.replace(';', "\\;");
            format!(
                "set default=0\nset timeout=1\nmenuentry \"Install by itself\" {{\n\
                 \tlinux /{kernel} {arguments}\n\tinitrd /{initial}\n}}\n"
            )
        } else {
            format!(
                "default install\nprompt 0\ntimeout 1\nlabel install\n\
                 \tkernel /{kernel}\n\tappend initrd=/{initial} {arguments}\n"
            )
        };
        AnswerFile::new(path, text)
    };
    medium.boot_menus.iter().map(|path| menu(path)).collect()
}

use super::answer_media::{AnswerFile, AnswerMedia, Delivery};
use crate::iso::{Kernel, LinuxMedium};

/// Puts answers into a medium, with boot menus that begin the installation with these arguments.
pub(super) fn within(
    medium: &LinuxMedium,
    kernel: &Kernel,
    arguments: &str,
    answers: impl IntoIterator<Item = AnswerFile>,
) -> AnswerMedia {
    let mut all = files(medium, kernel, arguments);
    all.extend(answers);
    AnswerMedia {
        files: all,
        delivery: Delivery::WithinMedium(medium.boot_menus.clone()),
        next: "attach `answers.viso` as the disc to boot from: it is the ISO, with the answers",
    }
}

/// Returns the boot menus of a medium, each with the one entry that installs by itself.
fn files(medium: &LinuxMedium, kernel: &Kernel, arguments: &str) -> Vec<AnswerFile> {
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

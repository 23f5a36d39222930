use super::fault::Fault;
use super::image::Image;

/// How much of a file its marks are in.
const LOOKED_AT: usize = 512;

/// What files begin with that are taken for ISOs: where, what, and what has it.
const MARKS: [(usize, &[u8], &str); 21] = [
    (0, b"MSWIM\0\0\0", "a Windows image without its medium"),
    (64, &[0x7F, 0x10, 0xDA, 0xBE], "a VDI disk"),
    (0, b"KDMV", "a VMDK disk"),
    (0, b"# Disk DescriptorFile", "a VMDK disk's description"),
    (0, b"conectix", "a VHD disk"),
    (0, b"vhdxfile", "a VHDX disk"),
    (0, b"QFI\xFB", "a qcow2 disk"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, &[0x1F, 0x8B], "compressed with gzip"),
    (0, b"\xFD7zXZ\0", "compressed with xz"),
    (0, b"BZh", "compressed with bzip2"),
    (0, &[0x28, 0xB5, 0x2F, 0xFD], "compressed with Zstandard"),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"<!", "a page of the web"),
    (0, b"<html", "a page of the web"),
    (0, b"%PDF", "a PDF document"),
    (0, b"MZ", "a program for Windows"),
    (0, b"\x7FELF", "a program for Linux"),
    (0, b"--iprt-iso-maker-file-marker", "a VISO, the description of a disc"),
    (510, &[0x55, 0xAA], "the image of a disk"),
];

/// Tells what a file is that holds no file system of discs.
pub(super) fn fault(image: &mut Image<'_>) -> Fault {
    let length = usize::try_from(image.length()).unwrap_or(LOOKED_AT).min(LOOKED_AT);
    let bytes = match image.read(0, length) {
        Ok(bytes) => bytes,
        Err(fault) => return fault,
    };
    Fault::Foreign(recognised(&bytes))
}

/// Tells what a file is that begins so, as far as it is known.
pub fn recognised(bytes: &[u8]) -> &'static str {
    let has = |at: usize, mark: &[u8]| bytes.get(at..).is_some_and(|there| there.starts_with(mark));
    let known = MARKS.iter().find(|(at, mark, _)| has(*at, mark));
    match known {
        Some((_, _, name)) => name,
        None if bytes.is_empty() => "empty",
        None if bytes.iter().all(|byte| *byte == 0) => "full of zeros",
        None => "of an unknown kind",
    }
}

//! Builds an ISO as Windows media are: ISO 9660 with a note, UDF with everything. It is written
//! here from the standards, apart from the readers that it tests.

use std::io::{Seek, SeekFrom, Write};

const SECTOR: u64 = 2048;
/// Where the UDF partition begins, in sectors.
const PARTITION: u64 = 257;
/// What one extent of UDF has at most, in whole sectors.
const EXTENT: u64 = 0x3FFF_F800;
/// Where the bytes of `install.wim` begin, in blocks of the partition.
const INSTALL: u64 = 64;

/// A medium of Windows that is all holes but for what an inspection looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bridge<'a> {
    /// The size of `sources/install.wim`, in bytes; its description is at its end.
    pub(crate) install: u64,
    /// The description of its images.
    pub(crate) xml: &'a str,
}

impl Bridge<'_> {
    /// Writes it, and returns its length.
    pub(crate) fn write(&self, to: &mut (impl Write + Seek)) -> u64 {
        let xml = utf16(self.xml);
        let boot = wim(208, &xml);
        let boot_at = INSTALL + self.install.div_ceil(SECTOR);
        let length = (PARTITION + boot_at) * SECTOR + (208 + size(&xml)).next_multiple_of(SECTOR);
        let mut at = |sector: u64, bytes: &[u8]| {
            to.seek(SeekFrom::Start(sector * SECTOR)).unwrap();
            to.write_all(bytes).unwrap();
        };
        at(16, &primary(length));
        at(17, &boot_record(22));
        at(18, &volume(255, b"CD001"));
        at(19, &volume(0, b"BEA01"));
        at(20, &volume(0, b"NSR02"));
        at(21, &volume(0, b"TEA01"));
        at(22, &catalogue());
        at(24, &iso_folder());
        at(25, b"This disc contains a \"UDF\" file system.\r\n");
        at(32, &partition(length));
        at(33, &logical_volume());
        at(34, &tag(8, vec![0; 512]));
        at(256, &anchor());
        let mut block = |block: u64, bytes: &[u8]| at(PARTITION + block, bytes);
        block(0, &file_set());
        let names = [name("", 1, 8 | 2), name("sources", 3, 2)].concat();
        block(1, &file_entry(4, size(&names), &[2]));
        block(2, &names);
        let inside =
            [name("", 1, 8 | 2), name("install.wim", 5, 0), name("boot.wim", 6, 0)].concat();
        block(3, &file_entry(4, size(&inside), &[4]));
        block(4, &inside);
        block(5, &file_entry(5, self.install, &extents(INSTALL, self.install)));
        let boot_blocks: Vec<u32> = vec![u32::try_from(boot_at).unwrap()];
        block(6, &file_entry(5, size(&boot), &boot_blocks));
        let xml_at = self.install - size(&xml);
        block(INSTALL, &wim(xml_at, &xml)[..208]);
        block(boot_at, &boot);
        to.seek(SeekFrom::Start((PARTITION + INSTALL) * SECTOR + xml_at)).unwrap();
        to.write_all(&xml).unwrap();
        to.seek(SeekFrom::Start(length - 1)).unwrap();
        to.write_all(&[0]).unwrap();
        length
    }
}

fn size(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// The header of a WIM whose description lies there, and the description.
fn wim(xml_at: u64, xml: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 208];
    put(&mut header, 0, b"MSWIM\0\0\0");
    put(&mut header, 8, &208u32.to_le_bytes());
    put(&mut header, 12, &0x10D00u32.to_le_bytes());
    put(&mut header, 40, &[1, 0, 1, 0]);
    put(&mut header, 72, &size(xml).to_le_bytes());
    put(&mut header, 80, &xml_at.to_le_bytes());
    put(&mut header, 88, &size(xml).to_le_bytes());
    header.extend(xml);
    header
}

fn volume(kind: u8, mark: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 2048];
    bytes[0] = kind;
    put(&mut bytes, 1, mark);
    bytes[6] = 1;
    bytes
}

fn both(value: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&value.to_le_bytes());
    bytes[4..].copy_from_slice(&value.to_be_bytes());
    bytes
}

fn iso_record(name: &[u8], sector: u32, length: u32, flags: u8) -> Vec<u8> {
    let whole = (33 + name.len()).next_multiple_of(2);
    let mut record = vec![0; whole];
    record[0] = u8::try_from(whole).unwrap();
    put(&mut record, 2, &both(sector));
    put(&mut record, 10, &both(length));
    record[25] = flags;
    record[28] = 1;
    record[32] = u8::try_from(name.len()).unwrap();
    put(&mut record, 33, name);
    record
}

fn iso_folder() -> Vec<u8> {
    let records = [
        iso_record(&[0], 24, 2048, 2),
        iso_record(&[1], 24, 2048, 2),
        iso_record(b"README.TXT;1", 25, 42, 0),
    ];
    let mut bytes = records.concat();
    bytes.resize(2048, 0);
    bytes
}

fn primary(length: u64) -> Vec<u8> {
    let mut bytes = volume(1, b"CD001");
    put(&mut bytes, 40, format!("{:32}", "CCCOMA_X64FRE_EN-US_DV9").as_bytes());
    put(&mut bytes, 80, &both(u32::try_from(length / SECTOR).unwrap()));
    put(&mut bytes, 128, &[0, 8, 8, 0]);
    put(&mut bytes, 156, &iso_record(&[0], 24, 2048, 2));
    bytes
}

fn boot_record(catalogue: u32) -> Vec<u8> {
    let mut bytes = volume(0, b"CD001");
    put(&mut bytes, 7, b"EL TORITO SPECIFICATION");
    put(&mut bytes, 71, &catalogue.to_le_bytes());
    bytes
}

fn catalogue() -> Vec<u8> {
    let mut bytes = vec![0; 2048];
    put(&mut bytes, 0, &[1, 0]);
    put(&mut bytes, 30, &[0x55, 0xAA]);
    bytes[32] = 0x88;
    put(&mut bytes, 64, &[0x91, 0xEF, 1, 0]);
    bytes[96] = 0x88;
    bytes
}

/// Puts a tag of UDF before what follows it.
fn tag(kind: u16, mut bytes: Vec<u8>) -> Vec<u8> {
    put(&mut bytes, 0, &kind.to_le_bytes());
    put(&mut bytes, 2, &[2, 0, 0]);
    let sum = bytes[..16].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    bytes[4] = sum;
    bytes
}

fn anchor() -> Vec<u8> {
    let mut bytes = vec![0; 512];
    put(&mut bytes, 16, &(3u32 * 2048).to_le_bytes());
    put(&mut bytes, 20, &32u32.to_le_bytes());
    tag(2, bytes)
}

fn partition(length: u64) -> Vec<u8> {
    let mut bytes = vec![0; 512];
    put(&mut bytes, 188, &u32::try_from(PARTITION).unwrap().to_le_bytes());
    let sectors = u32::try_from(length / SECTOR - PARTITION).unwrap();
    put(&mut bytes, 192, &sectors.to_le_bytes());
    tag(5, bytes)
}

fn logical_volume() -> Vec<u8> {
    let mut bytes = vec![0; 512];
    let label = b"CCCOMA_X64FRE_EN-US_DV9";
    bytes[84] = 8;
    put(&mut bytes, 85, label);
    bytes[84 + 127] = u8::try_from(label.len() + 1).unwrap();
    put(&mut bytes, 212, &2048u32.to_le_bytes());
    put(&mut bytes, 248, &2048u32.to_le_bytes());
    put(&mut bytes, 264, &6u32.to_le_bytes());
    put(&mut bytes, 268, &1u32.to_le_bytes());
    put(&mut bytes, 440, &[1, 6, 1, 0, 0, 0]);
    tag(6, bytes)
}

fn file_set() -> Vec<u8> {
    let mut bytes = vec![0; 512];
    put(&mut bytes, 400, &2048u32.to_le_bytes());
    put(&mut bytes, 404, &1u32.to_le_bytes());
    tag(256, bytes)
}

fn name(name: &str, block: u32, traits: u8) -> Vec<u8> {
    let text = if name.is_empty() { Vec::new() } else { [b"\x08", name.as_bytes()].concat() };
    let mut bytes = vec![0; (38 + text.len()).next_multiple_of(4)];
    bytes[18] = traits;
    bytes[19] = u8::try_from(text.len()).unwrap();
    put(&mut bytes, 20, &2048u32.to_le_bytes());
    put(&mut bytes, 24, &block.to_le_bytes());
    put(&mut bytes, 38, &text);
    tag(257, bytes)
}

/// The blocks at which the extents of a file begin.
fn extents(first: u64, length: u64) -> Vec<u32> {
    let count = length.div_ceil(EXTENT);
    (0..count).map(|n| u32::try_from(first + n * EXTENT / SECTOR).unwrap()).collect()
}

fn file_entry(kind: u8, size: u64, blocks: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0; 2048];
    bytes[27] = kind;
    put(&mut bytes, 56, &size.to_le_bytes());
    put(&mut bytes, 172, &u32::try_from(blocks.len() * 8).unwrap().to_le_bytes());
    let mut left = size;
    for (place, block) in blocks.iter().enumerate() {
        let here = left.min(EXTENT);
        left -= here;
        put(&mut bytes, 176 + place * 8, &u32::try_from(here).unwrap().to_le_bytes());
        put(&mut bytes, 180 + place * 8, &block.to_le_bytes());
    }
    tag(261, bytes)
}

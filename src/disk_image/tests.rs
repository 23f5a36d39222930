use std::io::Cursor;

use proptest::prelude::*;

use super::{Fault, examine};
use crate::model::DiskFormat;

fn put(image: &mut [u8], at: usize, bytes: &[u8]) {
    image[at..at + bytes.len()].copy_from_slice(bytes);
}

/// A qcow2 of 64 KiB clusters: header, first table, second table, one cluster of data.
fn qcow2() -> Vec<u8> {
    let mut image = vec![0; 4 << 16];
    put(&mut image, 0, b"QFI\xFB\0\0\0\x03");
    put(&mut image, 20, &16_u32.to_be_bytes());
    put(&mut image, 24, &(10_u64 << 30).to_be_bytes());
    put(&mut image, 36, &20_u32.to_be_bytes());
    put(&mut image, 40, &(1_u64 << 16).to_be_bytes());
    put(&mut image, 1 << 16, &(1_u64 << 63 | 2 << 16).to_be_bytes());
    put(&mut image, 2 << 16, &(1_u64 << 63 | 3 << 16).to_be_bytes());
    image
}

fn raw() -> Vec<u8> {
    let mut image = vec![0; 1 << 20];
    put(&mut image, 510, &[0x55, 0xAA]);
    put(&mut image, 446 + 4, &[0x83]);
    put(&mut image, 446 + 8, &64_u32.to_le_bytes());
    put(&mut image, 446 + 12, &1984_u32.to_le_bytes());
    image
}

fn vdi() -> Vec<u8> {
    let mut image = vec![0; 3 << 20];
    put(&mut image, 64, &[0x7F, 0x10, 0xDA, 0xBE, 1, 0, 1, 0]);
    put(&mut image, 76, &1_u32.to_le_bytes());
    put(&mut image, 344, &(1_u32 << 20).to_le_bytes());
    put(&mut image, 368, &(5_u64 << 30).to_le_bytes());
    put(&mut image, 376, &(1_u32 << 20).to_le_bytes());
    put(&mut image, 388, &2_u32.to_le_bytes());
    image
}

fn vhd() -> Vec<u8> {
    let mut image = vec![0; 4096];
    put(&mut image, 0, b"conectix");
    put(&mut image, 3584, b"conectix");
    put(&mut image, 3584 + 48, &(7_u64 << 30).to_be_bytes());
    put(&mut image, 3584 + 60, &3_u32.to_be_bytes());
    image
}

fn vmdk() -> Vec<u8> {
    let mut image = vec![0; 64 * 512];
    put(&mut image, 0, b"KDMV\x01\0\0\0");
    put(&mut image, 12, &2048_u64.to_le_bytes());
    put(&mut image, 20, &128_u64.to_le_bytes());
    put(&mut image, 28, &1_u64.to_le_bytes());
    put(&mut image, 36, &2_u64.to_le_bytes());
    put(&mut image, 44, &512_u32.to_le_bytes());
    put(&mut image, 56, &10_u64.to_le_bytes());
    put(&mut image, 512, b"# Disk DescriptorFile\nparentCID=ffffffff\n");
    put(&mut image, 5120, &20_u32.to_le_bytes());
    put(&mut image, 10240, &63_u32.to_le_bytes());
    image
}

fn told(image: Vec<u8>) -> Result<(DiskFormat, u64), String> {
    examine(Cursor::new(image)).map_err(|fault| fault.to_string())
}

#[test]
fn every_format_tells_its_size() {
    assert_eq!(told(qcow2()), Ok((DiskFormat::Qcow2, 10 << 30)));
    assert_eq!(told(vmdk()), Ok((DiskFormat::Vmdk, 1 << 20)));
    assert_eq!(told(vdi()), Ok((DiskFormat::Vdi, 5 << 30)));
    assert_eq!(told(vhd()), Ok((DiskFormat::Vhd, 7 << 30)));
    assert_eq!(told(raw()), Ok((DiskFormat::Raw, 1 << 20)));
}

#[test]
fn what_is_cut_off_is_refused_in_every_format() {
    for (name, mut image) in
        [("qcow2", qcow2()), ("vmdk", vmdk()), ("vdi", vdi()), ("vhd", vhd()), ("raw", raw())]
    {
        image.truncate(image.len() * 2 / 3);
        let fault = examine(Cursor::new(image)).unwrap_err();
        assert!(matches!(fault, Fault::Cut { .. }), "{name}: {fault}");
    }
}

#[test]
fn what_needs_another_file_or_a_key_is_refused_with_the_reason() {
    let changed = |mut image: Vec<u8>, at: usize, byte: u8, why: &str| {
        image[at] = byte;
        let fault = told(image).unwrap_err();
        assert!(fault.contains(why), "{fault}");
    };
    changed(qcow2(), 15, 104, "a backing file");
    changed(qcow2(), 35, 2, "is encrypted");
    changed(qcow2(), 7, 4, "neither 2 nor 3");
    changed(qcow2(), 79, 4, "in another file");
    changed(qcow2(), 79, 8, "another method than deflate");
    changed(qcow2(), 79, 16, "extended tables");
    changed(qcow2(), 78, 1, "not known here");
    changed(qcow2(), 23, 40, "cluster size");
    changed(vmdk(), 512 + 32, b'0', "a parent");
    changed(vdi(), 76, 4, "its parent");
    changed(vhd(), 3584 + 63, 4, "its parent");
}

#[test]
fn what_is_no_disk_is_told() {
    let mut iso = vec![0; 0x8800];
    put(&mut iso, 510, &[0x55, 0xAA]);
    put(&mut iso, 0x8001, b"CD001");
    put(&mut iso, 0x8050, &17_u32.to_le_bytes());
    for (bytes, why) in [
        (iso, "it is an ISO"),
        (b"\xFD7zXZ\0 and more".to_vec(), "compressed with xz"),
        (b"<!DOCTYPE html>".to_vec(), "a page of the web"),
        (Vec::new(), "it is empty"),
        (vec![0; 4096], "full of zeros"),
        (b"# Disk DescriptorFile\nx".to_vec(), "in other files"),
    ] {
        let fault = told(bytes).unwrap_err();
        assert!(fault.contains(why), "{fault}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_stumble(
        which in 0_usize..5,
        places in prop::collection::vec((0_usize..600, any::<u8>()), 0..12),
        length in 0_usize..300_000,
    ) {
        let mut image = [qcow2, vmdk, vdi, vhd, raw][which]();
        for (at, byte) in places {
            image[at] = byte;
        }
        image.truncate(length.max(1));
        examine(Cursor::new(image)).ok();
    }
}

use super::{Scene, png};
use crate::hypervisor::simulated::moment::Pace;
use crate::model::{
    ExecutionEngine, Firmware, Gibibytes, GraphicsController, Mebibytes, Nic, ProcessPriority,
    Switch, VmConfiguration,
};

/// The settings of a small VM.
pub(in crate::hypervisor::simulated) fn settings(name: &str) -> VmConfiguration {
    VmConfiguration {
        name: name.parse().unwrap(),
        os_type: "Linux26_64".into(),
        memory: Mebibytes(512),
        video_memory: Mebibytes(16),
        cpus: 1,
        disk: Some(Gibibytes(8)),
        disk_image: None,
        discs: Vec::new(),
        firmware: Firmware::Bios,
        tpm: Switch::Off,
        secure_boot: Switch::Off,
        graphics: GraphicsController::Vmsvga,
        accelerate_3d: Switch::Off,
        execution_engine: ExecutionEngine::Default,
        hardware_acceleration: Switch::On,
        nested_virtualization: Switch::Off,
        nic: Nic::Nat,
        forwards: Vec::new(),
        remote_display: None,
        groups: Vec::new(),
        description: String::new(),
        balloon: Mebibytes(0),
        process_priority: ProcessPriority::Default,
        folder: None,
        snapshots_folder: None,
    }
}

fn picture(name: &str, uptime: u64) -> image::RgbImage {
    let png = png(&Scene::of(&settings(name), uptime, Pace::default())).unwrap();
    image::load_from_memory(&png).unwrap().into_rgb8()
}

#[test]
fn a_booting_guest_shows_more_and_more_text_in_two_colours_on_black() {
    let lit = |uptime| picture("web", uptime).pixels().filter(|it| it.0 != [0; 3]).count();
    assert_eq!(picture("web", 300).dimensions(), (720, 400));
    assert!(lit(300) < lit(1_000) && lit(1_000) < lit(1_900));
}

#[test]
fn a_guest_that_is_up_shows_its_desktop_and_always_the_same_one() {
    let desktop = picture("web", 2_000);
    assert_eq!(desktop.dimensions(), (1024, 768));
    assert_eq!(desktop, picture("web", 999_999));
    assert_ne!(desktop, picture("wet", 2_000));
}

#[test]
fn a_long_name_in_any_script_is_drawn_as_far_as_it_fits() {
    picture(&"Ω".repeat(100), 2_000);
    picture(&"x".repeat(200), 1_999);
}

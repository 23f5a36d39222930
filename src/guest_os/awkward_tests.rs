//! Whatever a person types is refused, or stands in the answers as it was typed.

use proptest::prelude::*;
use serde_json::Value;

use super::tests::{every_linux, wanted};
use super::{CloudImage, GuestOs, Installation, PostInstall};

fn awkward() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,24}", "[a-zA-Z0-9_.;'\"$`\n -]{1,12}", "[a-z][a-z0-9-]{0,9}"]
}

/// Returns whether a text holds a word between characters that belong to no word.
fn holds(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_+.".contains(c)).any(|it| it == word)
}

proptest! {
    #[test]
    fn what_linux_takes_stands_in_its_answers(
        user in awkward(), host in awkward(), package in awkward(),
    ) {
        let parsed = (user.parse(), host.parse(), package.parse());
        let (Ok(user_name), Ok(host_name), Ok(package_name)) = parsed else { return Ok(()) };
        let wanted = Installation {
            user: user_name, host_name, packages: vec![package_name], ..wanted()
        };
        for system in every_linux() {
            let Ok(media) = system.answers(&wanted) else { continue };
            let text: String = media.files.iter().map(|it| it.text.as_str()).collect();
            for word in [&user, &host, &package] {
                prop_assert!(holds(&text, word), "{}: {word:?} in {text}", system.name());
            }
        }
    }

    #[test]
    fn any_script_reaches_a_cloud_image_as_it_was_written(text in "[\\PC\n\t]{0,200}") {
        let script = PostInstall { name: "mine.sh".to_owned(), text: text.clone() };
        let wanted = Installation { post_install: Some(script), ..wanted() };
        let media = CloudImage.answers(&wanted).unwrap();
        let said: Value = serde_yaml_ng::from_str(&media.files[0].text).unwrap();
        prop_assert_eq!(said["write_files"][0]["content"].as_str(), Some(text.as_str()));
    }

    #[test]
    fn a_locale_or_zone_that_is_taken_reads_back(locale in awkward(), zone in awkward()) {
        if let Ok(taken) = locale.parse::<super::Locale>() {
            prop_assert_eq!(taken.to_string().parse::<super::Locale>(), Ok(taken));
        }
        if let Ok(taken) = zone.parse::<super::TimeZone>() {
            prop_assert_eq!(taken.as_str(), zone);
        }
    }
}

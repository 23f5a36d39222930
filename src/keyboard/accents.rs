//! What a dead key and the letter after it make.

/// The letters that an accent goes on, each followed by what it makes with it.
pub(super) fn compositions(accent: char) -> &'static str {
    match accent {
        '´' => "aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝ",
        '`' => "aàeèiìoòuùAÀEÈIÌOÒUÙ",
        '^' => "aâeêiîoôuûAÂEÊIÎOÔUÛ",
        '¨' => "aäeëiïoöuüyÿAÄEËIÏOÖUÜ",
        '~' => "aãnñoõAÃNÑOÕ",
        _ => "",
    }
}

/// Returns the accent and the letter that make a character.
pub(super) fn decompose(made: char) -> impl Iterator<Item = (char, char)> {
    ['´', '`', '^', '¨', '~'].into_iter().filter_map(move |accent| {
        let mut letters = compositions(accent).chars();
        while let (Some(letter), Some(result)) = (letters.next(), letters.next()) {
            if result == made {
                return Some((accent, letter));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::decompose;

    #[test]
    fn accented_letters_are_taken_apart_and_others_are_not() {
        assert_eq!(decompose('é').collect::<Vec<_>>(), [('´', 'e')]);
        assert_eq!(decompose('Ñ').collect::<Vec<_>>(), [('~', 'N')]);
        assert_eq!(decompose('e').count(), 0);
        assert_eq!(decompose('ß').count(), 0);
    }
}

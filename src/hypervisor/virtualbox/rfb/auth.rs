use des::Des;
use des::cipher::{BlockCipherEncrypt, KeyInit};

/// Returns a password's answer to a challenge: the challenge, encrypted by DES with the first eight
/// bytes of the password, the bits of each in the other order.
pub(super) fn answer(challenge: [u8; 16], password: &str) -> [u8; 16] {
    let mut key = [0; 8];
    for (slot, byte) in key.iter_mut().zip(password.bytes()) {
        *slot = byte.reverse_bits();
    }
    let cipher = Des::new(&key.into());
    let mut answer = challenge;
    for half in answer.as_chunks_mut::<8>().0 {
        cipher.encrypt_block(half.into());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn a_challenge_is_answered_as_openssl_does() {
        // printf '\0\1\2..\17' | openssl enc -des-ecb -nopad -provider legacy -provider default \
        //   -K cea6c64ea62eeeee  (`secretww`, its bits turned around; here the password is longer)
        let challenge = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let expected = [
            0x8f, 0xf6, 0x47, 0x96, 0x03, 0xaf, 0x4e, 0x79, 0x1d, 0x6a, 0x3e, 0x8b, 0xd0, 0xa8,
            0x25, 0x8e,
        ];
        assert_eq!(answer(challenge, "secretww-and-more"), expected);
    }
}

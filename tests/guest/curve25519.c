/* Dropbear's elliptic curves by libsodium: its own take five seconds a login on an interpreter. Stands in
 * for dropbear's src/curve25519.c. */
#include "includes.h"
#include "dbrandom.h"
#include "curve25519.h"
#include <sodium.h>

void dropbear_curve25519_scalarmult(unsigned char *q, const unsigned char *n, const unsigned char *p)
{
    if (crypto_scalarmult_curve25519(q, n, p) != 0)
        memset(q, 0, crypto_scalarmult_curve25519_BYTES); /* which dropbear refuses */
}

void dropbear_ed25519_make_key(unsigned char *pk, unsigned char *sk)
{
    unsigned char both[crypto_sign_ed25519_SECRETKEYBYTES];
    genrandom(sk, crypto_sign_ed25519_SEEDBYTES);
    crypto_sign_ed25519_seed_keypair(pk, both, sk);
}

void dropbear_ed25519_sign(const unsigned char *m, unsigned long mlen, unsigned char *s, unsigned long *slen,
                           const unsigned char *sk, const unsigned char *pk)
{
    unsigned char both[crypto_sign_ed25519_SECRETKEYBYTES];
    memcpy(both, sk, crypto_sign_ed25519_SEEDBYTES);
    memcpy(both + crypto_sign_ed25519_SEEDBYTES, pk, crypto_sign_ed25519_PUBLICKEYBYTES);
    crypto_sign_ed25519_detached(s, NULL, m, mlen, both);
    *slen = crypto_sign_ed25519_BYTES;
}

int dropbear_ed25519_verify(const unsigned char *m, unsigned long mlen, const unsigned char *s, unsigned long slen,
                            const unsigned char *pk)
{
    return slen == crypto_sign_ed25519_BYTES ? crypto_sign_ed25519_verify_detached(s, m, mlen, pk) : -1;
}

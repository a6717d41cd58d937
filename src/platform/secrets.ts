// Keys and credentials at rest: AES-256-GCM under a key from the environment. A print is a keyed hash, by which two equal
// secrets can be found without being read.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { invariant } from '#kernel/failure.ts'

export type Secrets = {
  /** `purpose` binds the ciphertext to its place: what was sealed for one purpose opens for no other. */
  seal(plain: string | Uint8Array, purpose: string): Uint8Array
  open(sealed: Uint8Array, purpose: string): string
  openBytes(sealed: Uint8Array, purpose: string): Uint8Array
  print(plain: string, purpose: string): Uint8Array
}

const VERSION = 1

export function openSecrets(masterKey: Uint8Array): Secrets {
  invariant(masterKey.length === 32, 'the encryption key has 32 bytes')
  const sealKey = new Uint8Array(hkdfSync('sha256', masterKey, '', 'emporion seal', 32))
  const printKey = new Uint8Array(hkdfSync('sha256', masterKey, '', 'emporion print', 32))

  function openBytes(sealed: Uint8Array, purpose: string): Uint8Array {
    invariant(sealed[0] === VERSION, 'a sealed value of a known version')
    const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(1, 13))
    decipher.setAAD(Buffer.from(purpose))
    decipher.setAuthTag(sealed.subarray(13, 29))
    return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()])
  }
  return {
    seal(plain, purpose) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce)
      cipher.setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body])
    },
    open: (sealed, purpose) => Buffer.from(openBytes(sealed, purpose)).toString('utf8'),
    openBytes,
    print: (plain, purpose) => createHmac('sha256', printKey).update(`${purpose}\0${plain}`).digest(),
  }
}

/** A token nobody can guess, for sessions, resets and API keys; only its hash is stored. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function tokenHash(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

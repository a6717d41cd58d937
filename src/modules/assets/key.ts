// How a licence key is kept: sealed, with a mask to show and a print to find it by. One place names the purposes.
import type { Secrets } from '#platform/secrets.ts'

export const KEY_PURPOSE = 'licence key'
export const ACTIVATION_LINK_PURPOSE = 'activation link'

/** As keys are written: upper case, without space around. */
export function cleanKey(key: string): string {
  return key.trim().toUpperCase()
}

/** `TEST1-TEST2-TEST3-TEST4-TEST5` → `TEST1-xxxxx-xxxxx-xxxxx-TEST5`; of any other form, only the last three characters. */
export function maskKey(key: string): string {
  const groups = cleanKey(key).split('-')
  if (groups.length < 3) return key.replace(/[^-]/g, 'x').slice(0, -3) + key.slice(-3)
  return groups
    .map((group, index) => (index === 0 || index === groups.length - 1 ? group : 'x'.repeat(group.length)))
    .join('-')
}

export type SealedKey = {
  readonly keyCipher: Uint8Array
  readonly keyMask: string
  readonly keyPrint: Uint8Array
  readonly activationLinkCipher: Uint8Array | undefined
}

/** By which two equal keys are found without being read. */
export function keyPrint(secrets: Secrets, key: string): Uint8Array {
  return secrets.print(cleanKey(key), KEY_PURPOSE)
}

export function sealKey(
  secrets: Secrets,
  licence: { key: string; activationLink: string | undefined },
): SealedKey {
  const { key, activationLink } = licence
  return {
    keyCipher: secrets.seal(key, KEY_PURPOSE),
    keyMask: maskKey(key),
    keyPrint: keyPrint(secrets, key),
    activationLinkCipher:
      activationLink === undefined ? undefined : secrets.seal(activationLink, ACTIVATION_LINK_PURPOSE),
  }
}

export function openKey(
  secrets: Secrets,
  sealed: { keyCipher: Uint8Array; activationLinkCipher: Uint8Array | null | undefined },
): { key: string; activationLink: string | undefined } {
  return {
    key: secrets.open(sealed.keyCipher, KEY_PURPOSE),
    activationLink: sealed.activationLinkCipher
      ? secrets.open(sealed.activationLinkCipher, ACTIVATION_LINK_PURPOSE)
      : undefined,
  }
}

// Reads the certificate file (PFX, PKCS#12) a distributor uploads: the certificate with its private key. node:crypto reads no
// PFX, so node-forge takes it apart; everything after that is node:crypto.
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { Refusal } from '#kernel/failure.ts'
import type { CertificateFacts } from '#modules/instances'

export type Identity = {
  readonly certificatePem: string
  readonly key: KeyObject
  readonly keyPem: string
  /** SHA-256 of the certificate as a JWT header carries it. */
  readonly thumbprintBase64url: string
  readonly facts: CertificateFacts
}

function refused(message: string, field: 'pfx' | 'password' = 'pfx'): Refusal {
  return new Refusal('instance/bad-certificate', message, {}, [
    { pointer: `/${field}`, code: 'unusable', message },
  ])
}

function contents(pfx: Uint8Array, password: string): forge.pkcs12.Pkcs12Pfx {
  let tree: forge.asn1.Asn1
  try {
    tree = forge.asn1.fromDer(Buffer.from(pfx).toString('binary'))
  } catch {
    throw refused('This file is no certificate file. Upload the .pfx file with the private key.')
  }
  try {
    return forge.pkcs12.pkcs12FromAsn1(tree, password)
  } catch (error) {
    const isPassword = error instanceof Error && /password|MAC could not be verified/i.test(error.message)
    throw refused(
      isPassword
        ? 'The password does not open this certificate file.'
        : 'This certificate file cannot be read. Upload a .pfx file with the private key.',
      isPassword ? 'password' : 'pfx',
    )
  }
}

function bagsOf(pfx: forge.pkcs12.Pkcs12Pfx, type: string | undefined): forge.pkcs12.Bag[] {
  return type ? (pfx.getBags({ bagType: type })[type] ?? []) : []
}

/** forge leaves kinds it does not know (EC) as their bytes; those it knows it can write out again. */
function keyBytes(bag: forge.pkcs12.Bag): Buffer {
  const tree = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1
  return Buffer.from(forge.asn1.toDer(tree).getBytes(), 'binary')
}

function certificateBytes(bag: forge.pkcs12.Bag): Buffer {
  const tree = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1
  return Buffer.from(forge.asn1.toDer(tree).getBytes(), 'binary')
}

/** Opens a certificate file; a wrong password or a missing private key is refused as `instance/bad-certificate`. */
export function readIdentity(pfx: Uint8Array, password: string): Identity {
  const opened = contents(pfx, password)
  const { keyBag, pkcs8ShroudedKeyBag, certBag } = forge.pki.oids
  const [keyFound] = [...bagsOf(opened, pkcs8ShroudedKeyBag), ...bagsOf(opened, keyBag)]
  if (!keyFound)
    throw refused(
      'This certificate file holds no private key. Export it again together with its private key.',
    )
  try {
    const key = createPrivateKey({ key: keyBytes(keyFound), format: 'der', type: 'pkcs8' })
    // A file may bring the issuers along; ours is the one the key belongs to.
    const chain = bagsOf(opened, certBag).map((bag) => new X509Certificate(certificateBytes(bag)))
    const own = chain.find((each) => each.checkPrivateKey(key))
    if (!own) throw refused('The private key in this file does not belong to its certificate.')
    const print = createHash('sha256').update(own.raw).digest()
    return {
      certificatePem: [own, ...chain.filter((each) => each !== own)].map((each) => each.toString()).join(''),
      key,
      keyPem: String(key.export({ format: 'pem', type: 'pkcs8' })),
      thumbprintBase64url: print.toString('base64url'),
      facts: {
        thumbprint: print.toString('hex').toUpperCase(),
        subject: own.subject.split('\n').join(', '),
        notAfter: Temporal.Instant.fromEpochMilliseconds(own.validToDate.getTime()),
      },
    }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw refused('The certificate in this file cannot be used. Ask for one with an RSA or EC key.')
  }
}

// The port a vendor's connector implements. What a vendor makes and what it must know about an account are nouns of other
// modules, so they stand here as parameters; flows/app.ts names them.
import type { InstanceId } from '#kernel/ids.ts'
import type { CertificateFacts } from './instance.ts'

/** One kind of vendor we can be connected to, as the applications of Applications Setup list them. */
export type VendorConnector<Vendor, SyncOption> = {
  readonly code: string
  readonly name: string
  /** What the form of an instance asks for, in order. */
  readonly fields: readonly ConnectionField[]
  /** Signs in with a certificate that must be uploaded before an instance can be activated. */
  readonly needsCertificate: boolean
  /** What it must know about an account (product.md "Synchronization options"). */
  readonly syncOptions: readonly SyncOption[]
  /** The vendor's side of one configured instance; credentials are opened only here. */
  open(instance: ConnectorSettings, keeper: SecretKeeper): Vendor
  /** What a certificate file says about itself; a wrong password or a missing key is refused as `instance/bad-certificate`. */
  readCertificate(pfx: Uint8Array, password: string): CertificateFacts
}

/** One field of an instance's form. */
export type ConnectionField = {
  /** A field every connection has (`serviceUrl`, `tenant`, …), or one of the connector's own. */
  readonly id: string
  readonly name: string
  readonly hint: string
  /** A secret is kept encrypted and never shown again. */
  readonly type: 'text' | 'address' | 'secret' | 'percent'
  readonly isRequired: boolean
  /** What stands there at first. */
  readonly preset: string
}

/** Where a connector keeps secrets that change by themselves, such as a rotating refresh token. */
export type SecretKeeper = {
  read(name: string): Promise<string | undefined>
  save(name: string, value: string): Promise<void>
}

/** An instance's settings as a connector needs them, credentials in clear. */
export type ConnectorSettings = {
  readonly id: InstanceId
  readonly systemName: string
  readonly serviceUrl: string
  readonly resourceApi: string
  readonly authorityUrl: string
  readonly tenant: string
  readonly channelId: string
  readonly clientId: string
  readonly country: string
  readonly language: string
  readonly currency: string
  /** The connector's own fields. */
  readonly more: Readonly<Record<string, string>>
  /** The connector's secrets, in clear. */
  readonly secrets: Readonly<Record<string, string>>
  readonly certificate:
    | { readonly pfx: Uint8Array; readonly password: string; readonly thumbprint: string }
    | undefined
}

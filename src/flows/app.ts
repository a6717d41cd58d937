// What flows need from the outside, passed by hand and narrowed to what is used.
import type { Now } from '#kernel/time.ts'
import type { InstanceId } from '#kernel/ids.ts'
import type { Database, Tx } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Mailer } from '#platform/mail.ts'
import type { Secrets } from '#platform/secrets.ts'
import type { LicenceVendor } from '#modules/assets'
import type { SyncOption } from '#modules/accounts'

/** One kind of vendor we can be connected to, as the applications of Applications Setup list them. */
export type Connector = {
  readonly code: string
  readonly name: string
  /** What it must know about an account (product.md "Synchronization options"). */
  readonly syncOptions: readonly SyncOption[]
  /** The vendor's side of one configured instance; credentials are opened only here. */
  open(instance: ConnectorSettings): LicenceVendor
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
  readonly certificate: { readonly pfx: Uint8Array; readonly password: string; readonly thumbprint: string } | undefined
}

export type App = {
  readonly db: Database | Tx
  readonly now: Now
  readonly log: Log
  readonly secrets: Secrets
  readonly mailer: Mailer
  readonly connectors: readonly Connector[]
  readonly settings: {
    /** Where people reach us, e.g. https://shop.example; no slash at the end. */
    readonly publicUrl: string
    readonly vendorTimeoutMs: number
    /** Pauses between the five tries of a vendor call (microsoft-esd.md 2.4). */
    readonly vendorBackoffMs: readonly number[]
    /** An order that has not settled by then is invoiced for what was delivered (product.md E13). */
    readonly settleWithinMinutes: number
  }
}

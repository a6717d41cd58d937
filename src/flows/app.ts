// What flows need from the outside, passed by hand and narrowed to what is used.
import type { Now } from '#kernel/time.ts'
import type { SyncOption } from '#modules/accounts'
import type { LicenceVendor } from '#modules/assets'
import type { VendorConnector } from '#modules/instances'
import type { BulkSource, ExportSource } from '#modules/lists'
import type { PriceSheetSource } from '#modules/price-sheets'
import type { SubscriptionVendor } from '#modules/subscriptions'
import type { Right, Staff } from '#modules/users'
import type { Database, Tx } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Mailer } from '#platform/mail.ts'
import type { Secrets } from '#platform/secrets.ts'

export type { ConnectorSettings } from '#modules/instances'
export type { Actor } from '#modules/users'

/** The port of instances/connector.ts, with the nouns it leaves open: a vendor of licences, or one of subscriptions with its price sheets. */
export type Connector =
  | (VendorConnector<LicenceVendor, SyncOption> & { readonly sells: 'licences' })
  | (VendorConnector<SubscriptionVendor & PriceSheetSource, SyncOption> & { readonly sells: 'subscriptions' })

/** What can be done to a row of a list (lists/row-actions.ts). */
export type RowAction = {
  readonly list: string
  readonly intent: string
  readonly label: string
  readonly right: Right
  /** `key`: what the list says of a row, its id unless it says otherwise. Joins the transaction it is given. */
  readonly run: (app: App, actor: Staff, key: string, reason: string) => Promise<unknown>
  /** It needs to be told why; the flow says what a reason must be. */
  readonly asksReason?: true
  /** What is said of a row it was done to. */
  readonly done: string
  /** Why there is nothing to do for a row, where the flow would quietly agree; for the report. */
  readonly skips?: (tx: Tx, key: string) => Promise<string | undefined>
}

export type App = {
  readonly db: Database | Tx
  readonly now: Now
  readonly log: Log
  readonly secrets: Secrets
  readonly mailer: Mailer
  readonly connectors: readonly Connector[]
  /** What an export of a list reads; the lists themselves are views, which flows do not know. */
  readonly exportSource: (
    db: Database | Tx,
    actor: Staff,
    asked: { readonly list: string; readonly query: string },
  ) => ExportSource
  /** All there are. Handed over by main: some are about jobs, and what runs them is a job itself. */
  readonly rowActions: readonly RowAction[]
  /** Which rows an action on a whole list is about. */
  readonly bulkSource: (
    db: Database | Tx,
    actor: Staff,
    asked: { readonly list: string; readonly query: string },
  ) => BulkSource
  readonly settings: {
    /** Where people reach us, e.g. https://shop.example; no slash at the end. */
    readonly publicUrl: string
    readonly vendorTimeoutMs: number
    /** Pauses between the five tries of a vendor call (microsoft-esd.md 2.4). */
    readonly vendorBackoffMs: readonly number[]
    /** An order that has not settled by then is invoiced for what was delivered (product.md E13). */
    readonly settleWithinMinutes: number
    /** Webhooks may call addresses of this machine and of private networks, without TLS too. */
    readonly webhooksMayBePrivate: boolean
  }
}

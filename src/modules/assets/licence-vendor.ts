// The port behind which licences are made: in our words, whatever the vendor's are. The Microsoft ESD connector speaks it to
// the gateway, the key pool to our own tables (product.md E14). Contract tests run against this port, not against a wire.
// Every call may throw an Outage: nobody knows whether it happened; the caller looks it up before asking again.
import type { TransactionId } from '#kernel/ids.ts'

export type LicenceOrder = {
  /** Ours, stored before the call; the same id never makes a second key. */
  readonly transactionId: TransactionId
  /** New for every attempt, and stored with it. */
  readonly requestId: string
  readonly sku: string
  readonly language: string
  readonly orderNumber: string
  readonly orderPosition: number
  /** The ids the vendor knows the end customer and the reseller by. */
  readonly customerExternalId: string
  readonly resellerExternalId: string | undefined
}

export type Licence = {
  readonly key: string
  readonly serviceTransactionId: string
  readonly activationLink: string | undefined
  readonly downloadLink: string | undefined
  readonly downloadExpiresAt: Temporal.Instant | undefined
  readonly returnableUntil: Temporal.Instant | undefined
  readonly tokenStatus: TokenStatus
}

export type TokenStatus = 'Activated' | 'Redeemed' | 'ReturnAccepted'

export type IssueAnswer =
  | { readonly outcome: 'issued'; readonly licence: Licence }
  /** The vendor works on it; look it up after a while. */
  | { readonly outcome: 'pending'; readonly retryAfterMs: number }
  /** There is no key at the moment; ask again slowly. */
  | { readonly outcome: 'out-of-keys'; readonly retryAfterMs: number }
  /** No, and asking again with the same id will not help until somebody repairs the cause. `reason` is in plain words. */
  | {
      readonly outcome: 'refused'
      readonly code: string
      readonly reason: string
      readonly transactionIsDead: boolean
    }

export type LookupAnswer = IssueAnswer | { readonly outcome: 'unknown' }

export type ReturnAnswer =
  | { readonly outcome: 'returned' }
  | { readonly outcome: 'refused'; readonly code: string; readonly reason: string }

export type AccountAnswer =
  | { readonly outcome: 'synchronized' }
  | {
      readonly outcome: 'refused'
      readonly code: string
      readonly reason: string
      readonly field: string | undefined
    }

export type VendorAccount = {
  readonly externalId: string
  readonly requestId: string
  readonly role: 'Reseller' | 'User'
  readonly parentAccount: string
  readonly name: string
  readonly email: string
  readonly country: string
}

export type CatalogueEntry = {
  readonly sku: string
  readonly upc: string
  readonly name: string
  readonly description: string
  readonly fulfilmentType: 'Token' | 'TokenAndLink'
  readonly isReturnable: boolean
  readonly isDiscontinued: boolean
}

export type LicenceVendor = {
  syncAccount(account: VendorAccount): Promise<AccountAnswer>
  issue(order: LicenceOrder): Promise<IssueAnswer>
  /** The truth after a lost answer; also the token's state now. */
  lookUp(transactionId: TransactionId, requestId: string): Promise<LookupAnswer>
  returnLicence(request: {
    readonly transactionId: TransactionId
    readonly returnTransactionId: string
    readonly requestId: string
  }): Promise<ReturnAnswer>
  renewLinks(transactionId: TransactionId, requestId: string): Promise<IssueAnswer>
  /** The whole catalogue, in parts as they come; `total` where it is known. */
  catalogue(): AsyncIterable<{
    readonly entries: readonly CatalogueEntry[]
    readonly total: number | undefined
  }>
  /** Asks for nothing but whether we are known: a token and one page. */
  test(): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>
}

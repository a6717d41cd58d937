// An asset is one licence: bought, provisioned with a key, perhaps cancelled. It is asked for with one transaction id for ever,
// and only a synchronized asset holds a key.

import { Refusal } from '#kernel/failure.ts'
import type {
  AccountId,
  AssetId,
  InstanceId,
  OrderId,
  OrderItemId,
  PlanId,
  ProductId,
  TransactionId,
} from '#kernel/ids.ts'
import type { Money } from '#kernel/money.ts'
import { type Moves, mayMove, move } from '#kernel/moves.ts'
import type { TokenStatus } from './licence-vendor.ts'

export type Provisioning = 'unsynchronised' | 'synchronized' | 'failed'
export type AssetState = 'active' | 'cancelled'
export type ReturnStatus = 'None' | 'Successful' | 'Rejected'

/** unsynchronised: asked for, or about to be; failed: the reason is kept and a person can retry with the same id. */
export const provisioningMoves = {
  deliver: { from: ['unsynchronised', 'failed'], to: 'synchronized' },
  fail: { from: ['unsynchronised'], to: 'failed' },
  retry: { from: ['failed'], to: 'unsynchronised' },
} as const satisfies Moves<Provisioning, string>

export type Asset = {
  readonly id: AssetId
  readonly number: string
  readonly orderId: OrderId
  readonly orderItemId: OrderItemId
  readonly billingToId: AccountId
  readonly endCustomerId: AccountId
  readonly productId: ProductId
  readonly planId: PlanId
  readonly instanceId: InstanceId
  readonly name: string
  readonly sku: string
  /** Net, what was charged for it. */
  readonly price: Money
  readonly purchasedAt: Temporal.Instant
  readonly state: AssetState
  readonly provisioning: Provisioning
  readonly isAwaitingKey: boolean
  readonly failureCode: string | undefined
  readonly failureReason: string | undefined
  /** Vendor calls made in vain since the last retry; five and it is failed. */
  readonly tries: number
  /** When a person last asked to try again. */
  readonly retriedAt: Temporal.Instant | undefined
  readonly transactionId: TransactionId
  readonly serviceTransactionId: string | undefined
  readonly keyMask: string | undefined
  readonly downloadLink: string | undefined
  readonly downloadExpiresAt: Temporal.Instant | undefined
  readonly synchronizedAt: Temporal.Instant | undefined
  readonly returnableUntil: Temporal.Instant | undefined
  readonly isReturnable: boolean
  readonly tokenStatus: TokenStatus | undefined
  readonly returnStatus: ReturnStatus
  readonly checkedAt: Temporal.Instant | undefined
  readonly cancelledAt: Temporal.Instant | undefined
  /** Why somebody gave up on delivering it; it has no key then, and is never charged. */
  readonly givenUpBecause: string | undefined
  readonly givenUpBy: string | undefined
  /** The order that took its place. */
  readonly replacedByOrderId: OrderId | undefined
}

/** Code of a failure after which the vendor will never fulfil this id: only a new one, by an operator, helps. */
export const DEAD_TRANSACTION = 'vendor/transaction-dead'

export function retried(asset: Asset, newTransactionId: () => TransactionId, at: Temporal.Instant): Asset {
  if (asset.state === 'cancelled')
    throw new Refusal('state/illegal-move', 'A cancelled licence cannot be provisioned again.')
  return {
    ...asset,
    provisioning: move(provisioningMoves, asset.provisioning, 'retry'),
    transactionId: asset.failureCode === DEAD_TRANSACTION ? newTransactionId() : asset.transactionId,
    failureCode: undefined,
    failureReason: undefined,
    isAwaitingKey: false,
    tries: 0,
    retriedAt: at,
  }
}

/** Only what failed and is still wanted; its vendor must have said so, or a key may exist that nobody would get. */
export function giveUp(
  asset: Asset,
  { because, by, isOutcomeUnknown }: { because: string; by: string; isOutcomeUnknown: boolean },
  at: Temporal.Instant,
): Asset {
  if (asset.givenUpBecause !== undefined)
    throw new Refusal(
      'asset/given-up',
      `${asset.givenUpBy} has given up on licence ${asset.number} already: ${asset.givenUpBecause}`,
    )
  if (asset.state !== 'active' || asset.provisioning !== 'failed')
    throw new Refusal(
      'state/illegal-move',
      asset.provisioning === 'synchronized'
        ? `Licence ${asset.number} has its key. Cancel it instead.`
        : `Licence ${asset.number} is being made. Only what failed is given up.`,
    )
  if (isOutcomeUnknown)
    throw new Refusal(
      'asset/outcome-unknown',
      `The vendor's answer about licence ${asset.number} was lost, so its key may exist. Retry it first: the answer is looked up, and nothing is bought twice.`,
    )
  return { ...asset, state: 'cancelled', cancelledAt: at, givenUpBecause: because, givenUpBy: by }
}

export function failed(asset: Asset, code: string, reason: string): Asset {
  return {
    ...asset,
    provisioning: move(provisioningMoves, asset.provisioning, 'fail'),
    failureCode: code,
    failureReason: reason,
    isAwaitingKey: false,
  }
}

/** Nothing more will happen to it by itself: it has its key, or somebody must repair it, or it was given back. */
export function isSettled(asset: Pick<Asset, 'state' | 'provisioning'>): boolean {
  return asset.state === 'cancelled' || asset.provisioning !== 'unsynchronised'
}

/** Why a licence cannot be given back, in plain words; undefined when it can be asked for. The vendor decides (E12). */
export function whyNotReturnable(asset: Asset, now: Temporal.Instant): string | undefined {
  if (asset.state === 'cancelled') return 'This licence is cancelled already.'
  if (asset.provisioning !== 'synchronized') return 'This licence has no key yet.'
  if (!asset.isReturnable) return 'This product cannot be returned.'
  if (asset.tokenStatus === 'Redeemed')
    return 'The key has been redeemed; a redeemed licence cannot be returned.'
  if (asset.returnableUntil && Temporal.Instant.compare(now, asset.returnableUntil) > 0)
    return `The return window closed on ${asset.returnableUntil.toString().slice(0, 10)}.`
  return undefined
}

export function assertReturnable(asset: Asset, now: Temporal.Instant): void {
  const reason = whyNotReturnable(asset, now)
  if (reason) throw new Refusal('asset/not-returnable', reason)
}

export function mayRetry(asset: Asset): boolean {
  return asset.state === 'active' && mayMove(provisioningMoves, asset.provisioning, 'retry')
}

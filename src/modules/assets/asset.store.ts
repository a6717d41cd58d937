// Every statement that writes the tables of assets: asset, vendor_attempt, return_request.
import { invariant, Refusal } from '#kernel/failure.ts'
import type {
  AccountId,
  AssetId,
  InstanceId,
  InvoiceId,
  OrderId,
  OrderItemId,
  PlanId,
  ProductId,
  ReturnRequestId,
  TransactionId,
  UserId,
} from '#kernel/ids.ts'
import { type Currency, money } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Asset, Provisioning, ReturnStatus } from './asset.ts'
import type { TokenStatus } from './licence-vendor.ts'
import type { ReturnRequest, ReturnRequestState } from './return-request.ts'

type Row = {
  id: AssetId
  number: string
  orderId: OrderId
  orderItemId: OrderItemId
  billingToId: AccountId
  endCustomerId: AccountId
  productId: ProductId
  planId: PlanId
  instanceId: InstanceId
  name: string
  sku: string
  currency: Currency
  priceMinor: bigint
  purchasedAt: Temporal.Instant
  state: Asset['state']
  provisioning: Provisioning
  isAwaitingKey: boolean
  failureCode: string | null
  failureReason: string | null
  tries: number
  retriedAt: Temporal.Instant | null
  transactionId: TransactionId
  serviceTransactionId: string | null
  keyMask: string | null
  downloadLink: string | null
  downloadExpiresAt: Temporal.Instant | null
  synchronizedAt: Temporal.Instant | null
  returnableUntil: Temporal.Instant | null
  isReturnable: boolean
  tokenStatus: TokenStatus | null
  returnStatus: ReturnStatus
  checkedAt: Temporal.Instant | null
  cancelledAt: Temporal.Instant | null
  givenUpBecause: string | null
  givenUpBy: string | null
  replacedByOrderId: OrderId | null
}

function assetOf({ currency, priceMinor, ...row }: Row): Asset {
  return {
    ...row,
    price: money(priceMinor, currency),
    failureCode: row.failureCode ?? undefined,
    failureReason: row.failureReason ?? undefined,
    retriedAt: row.retriedAt ?? undefined,
    serviceTransactionId: row.serviceTransactionId ?? undefined,
    keyMask: row.keyMask ?? undefined,
    downloadLink: row.downloadLink ?? undefined,
    downloadExpiresAt: row.downloadExpiresAt ?? undefined,
    synchronizedAt: row.synchronizedAt ?? undefined,
    returnableUntil: row.returnableUntil ?? undefined,
    tokenStatus: row.tokenStatus ?? undefined,
    checkedAt: row.checkedAt ?? undefined,
    cancelledAt: row.cancelledAt ?? undefined,
    givenUpBecause: row.givenUpBecause ?? undefined,
    givenUpBy: row.givenUpBy ?? undefined,
    replacedByOrderId: row.replacedByOrderId ?? undefined,
  }
}

const columns = (sql: Sql) => sql.part`
  id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, name, sku, currency, price_minor,
  purchased_at, state, provisioning, is_awaiting_key, failure_code, failure_reason, tries, retried_at, transaction_id,
  service_transaction_id, key_mask, download_link, download_expires_at, synchronized_at, returnable_until, is_returnable, token_status, return_status,
  checked_at, cancelled_at, given_up_because, given_up_by, replaced_by_order_id`

export async function loadAsset(sql: Sql, id: AssetId): Promise<Asset> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from asset where id = ${id}`
  if (!row) throw new Refusal('asset/not-found', 'This licence does not exist.', { id })
  return assetOf(row)
}

/** Loads and locks: what follows is decided on what stands here. */
export async function lockAsset(tx: Tx, id: AssetId): Promise<Asset> {
  const row = await tx.maybe<Row>`select ${columns(tx)} from asset where id = ${id} for update`
  if (!row) throw new Refusal('asset/not-found', 'This licence does not exist.', { id })
  return assetOf(row)
}

export async function listAssetsOfOrder(sql: Sql, orderId: OrderId): Promise<Asset[]> {
  const rows =
    await sql.many<Row>`select ${columns(sql)} from asset where order_id = ${orderId} order by number`
  return rows.map(assetOf)
}

export type NewAsset = Pick<
  Asset,
  | 'id'
  | 'orderId'
  | 'orderItemId'
  | 'billingToId'
  | 'endCustomerId'
  | 'productId'
  | 'planId'
  | 'instanceId'
  | 'name'
  | 'sku'
  | 'price'
  | 'purchasedAt'
  | 'isReturnable'
  | 'transactionId'
>

/** All assets of an order in one statement; numbers come from the sequence. */
export async function insertAssets(tx: Tx, assets: readonly NewAsset[]): Promise<void> {
  if (assets.length === 0) return
  const rows = assets.map(({ price, purchasedAt, ...asset }) => ({
    ...asset,
    currency: price.currency,
    priceMinor: price.amountMinor.toString(),
    purchasedAt: purchasedAt.toString(),
  }))
  await tx.run`
    insert into asset (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, name, sku,
      currency, price_minor, purchased_at, is_returnable, transaction_id)
    select id, 'LIC-' || (100000 + nextval('asset_number')), "orderId", "orderItemId", "billingToId", "endCustomerId", "productId", "planId",
      "instanceId", name, sku, currency, "priceMinor", "purchasedAt", "isReturnable", "transactionId"
    from jsonb_to_recordset(${tx.json(rows)}) as given (id uuid, "orderId" uuid, "orderItemId" uuid, "billingToId" uuid, "endCustomerId" uuid,
      "productId" uuid, "planId" uuid, "instanceId" uuid, name text, sku text, currency text, "priceMinor" bigint,
      "purchasedAt" timestamptz, "isReturnable" boolean, "transactionId" uuid)`
}

/** Saves where provisioning stands; the caller holds the lock. */
export async function saveProvisioning(tx: Tx, asset: Asset): Promise<void> {
  await tx.run`
    update asset set provisioning = ${asset.provisioning}, is_awaiting_key = ${asset.isAwaitingKey}, failure_code = ${asset.failureCode ?? null},
      failure_reason = ${asset.failureReason ?? null}, tries = ${asset.tries}, retried_at = ${asset.retriedAt ?? null}, transaction_id = ${asset.transactionId}
    where id = ${asset.id}`
}

export type Delivery = {
  readonly keyCipher: Uint8Array
  readonly keyMask: string
  readonly keyPrint: Uint8Array
  readonly activationLinkCipher: Uint8Array | undefined
  readonly serviceTransactionId: string
  readonly downloadLink: string | undefined
  readonly downloadExpiresAt: Temporal.Instant | undefined
  readonly returnableUntil: Temporal.Instant | undefined
  readonly tokenStatus: TokenStatus
}

/** The key arrives: once, on an asset that has none. Answers whether it was this call that delivered it. */
export async function saveDelivery(
  tx: Tx,
  id: AssetId,
  delivery: Delivery,
  at: Temporal.Instant,
): Promise<boolean> {
  const touched = await tx.run`
    update asset set provisioning = 'synchronized', is_awaiting_key = false, failure_code = null, failure_reason = null,
      key_cipher = ${delivery.keyCipher}, key_mask = ${delivery.keyMask}, key_print = ${delivery.keyPrint},
      activation_link_cipher = ${delivery.activationLinkCipher ?? null}, service_transaction_id = ${delivery.serviceTransactionId},
      download_link = ${delivery.downloadLink ?? null}, download_expires_at = ${delivery.downloadExpiresAt ?? null},
      returnable_until = ${delivery.returnableUntil ?? null}, token_status = ${delivery.tokenStatus}, synchronized_at = ${at}, checked_at = ${at}
    where id = ${id} and provisioning <> 'synchronized' and state = 'active'`
  return touched === 1
}

/** What the vendor says of a token we hold; links may have been renewed. */
export async function saveTokenState(
  tx: Tx,
  id: AssetId,
  seen: {
    tokenStatus: TokenStatus
    downloadLink: string | undefined
    downloadExpiresAt: Temporal.Instant | undefined
  },
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    update asset set token_status = ${seen.tokenStatus}, checked_at = ${at},
      download_link = coalesce(${seen.downloadLink ?? null}, download_link),
      download_expires_at = coalesce(${seen.downloadExpiresAt ?? null}, download_expires_at)
    where id = ${id} and state = 'active'`
}

export async function saveCancelled(tx: Tx, id: AssetId, at: Temporal.Instant): Promise<boolean> {
  const touched = await tx.run`
    update asset set state = 'cancelled', return_status = 'Successful', token_status = 'ReturnAccepted', cancelled_at = ${at}, checked_at = ${at}
    where id = ${id} and state = 'active'`
  return touched === 1
}

/** The caller holds the lock. */
export async function saveGivenUp(tx: Tx, asset: Asset): Promise<void> {
  await tx.run`
    update asset set state = ${asset.state}, cancelled_at = ${asset.cancelledAt ?? null}, given_up_because = ${asset.givenUpBecause ?? null},
      given_up_by = ${asset.givenUpBy ?? null}
    where id = ${asset.id}`
}

/** Which order took the place of a licence that was given up. */
export async function saveReplacement(tx: Tx, id: AssetId, orderId: OrderId): Promise<void> {
  await tx.run`update asset set replaced_by_order_id = ${orderId} where id = ${id}`
}

/** Inside the transaction that makes the invoice: a licence that was invoiced meanwhile is a bug of the caller. */
export async function markAssetsInvoiced(
  tx: Tx,
  ids: readonly AssetId[],
  invoiceId: InvoiceId,
): Promise<void> {
  if (ids.length === 0) return
  const touched = await tx.run`
    update asset set invoice_id = ${invoiceId} where id = any(${[...ids]}::uuid[]) and invoice_id is null`
  invariant(touched === ids.length, 'a licence is invoiced once')
}

export async function saveReturnRejected(tx: Tx, id: AssetId, at: Temporal.Instant): Promise<void> {
  await tx.run`update asset set return_status = 'Rejected', checked_at = ${at} where id = ${id} and state = 'active'`
}

/** Sealed key and link of an asset; open them only for an eye that may see them, and audit it. */
export async function findSealedKey(
  sql: Sql,
  id: AssetId,
): Promise<{ keyCipher: Uint8Array; activationLinkCipher: Uint8Array | null } | undefined> {
  return sql.maybe`select key_cipher, activation_link_cipher from asset where id = ${id} and key_cipher is not null`
}

// Attempts

export type AttemptKind = 'purchase' | 'lookup' | 'return' | 'links'

/** Written and committed before the call, so that a call whose answer is lost is known to have been made. */
export async function insertAttempt(
  tx: Tx,
  attempt: {
    id: string
    assetId: AssetId
    kind: AttemptKind
    transactionId: string
    startedAt: Temporal.Instant
  },
): Promise<void> {
  await tx.run`
    insert into vendor_attempt (id, asset_id, kind, transaction_id, started_at)
    values (${attempt.id}, ${attempt.assetId}, ${attempt.kind}, ${attempt.transactionId}, ${attempt.startedAt})`
}

export async function closeAttempt(
  tx: Tx,
  id: string,
  outcome: string,
  detail: string,
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`update vendor_attempt set ended_at = ${at}, outcome = ${outcome}, detail = ${detail} where id = ${id} and ended_at is null`
}

/** True when a purchase with this id was asked for and nobody knows what became of it, or the vendor is still working on it. */
export async function hasUnknownOutcome(
  sql: Sql,
  assetId: AssetId,
  transactionId: TransactionId,
): Promise<boolean> {
  const last = await sql.maybe<{ outcome: string | null }>`
    select outcome from vendor_attempt
    where asset_id = ${assetId} and transaction_id = ${transactionId} and kind in ('purchase', 'lookup') order by id desc limit 1`
  return (
    last !== undefined && (last.outcome === null || last.outcome === 'outage' || last.outcome === 'pending')
  )
}

/** True when the vendor was asked to take a licence back under this id. */
export async function wasReturnAsked(
  sql: Sql,
  { assetId, transactionId }: Pick<ReturnRequest, 'assetId' | 'transactionId'>,
): Promise<boolean> {
  const attempt = await sql.maybe`
    select 1 from vendor_attempt where asset_id = ${assetId} and transaction_id = ${transactionId} and kind = 'return' limit 1`
  return attempt !== undefined
}

// Return requests

type RequestRow = {
  id: ReturnRequestId
  assetId: AssetId
  transactionId: TransactionId
  state: ReturnRequestState
  comment: string
  requestedBy: UserId
  requestedAt: Temporal.Instant
  decidedBy: UserId | null
  decidedAt: Temporal.Instant | null
  answer: string
  answerCode: string | null
}

const requestOf = (row: RequestRow): ReturnRequest => ({
  ...row,
  decidedBy: row.decidedBy ?? undefined,
  decidedAt: row.decidedAt ?? undefined,
  answerCode: row.answerCode ?? undefined,
})

export async function insertReturnRequest(tx: Tx, request: ReturnRequest): Promise<void> {
  await tx.run`
    insert into return_request (id, asset_id, transaction_id, state, comment, requested_by, requested_at, decided_by, decided_at)
    values (${request.id}, ${request.assetId}, ${request.transactionId}, ${request.state}, ${request.comment}, ${request.requestedBy},
      ${request.requestedAt}, ${request.decidedBy ?? null}, ${request.decidedAt ?? null})`
}

export async function findOpenReturnRequest(sql: Sql, assetId: AssetId): Promise<ReturnRequest | undefined> {
  const row = await sql.maybe<RequestRow>`
    select id, asset_id, transaction_id, state, comment, requested_by, requested_at, decided_by, decided_at, answer, answer_code
    from return_request where asset_id = ${assetId} and state in ('requested', 'sent')`
  return row && requestOf(row)
}

export async function loadReturnRequest(sql: Sql, id: ReturnRequestId): Promise<ReturnRequest> {
  const row = await sql.maybe<RequestRow>`
    select id, asset_id, transaction_id, state, comment, requested_by, requested_at, decided_by, decided_at, answer, answer_code
    from return_request where id = ${id}`
  if (!row) throw new Refusal('return-request/not-found', 'This request does not exist.', { id })
  return requestOf(row)
}

/** Saves a move; answers false when somebody else has moved it meanwhile. */
export async function saveReturnRequest(
  tx: Tx,
  request: ReturnRequest,
  from: ReturnRequestState,
): Promise<boolean> {
  const touched = await tx.run`
    update return_request set state = ${request.state}, decided_by = ${request.decidedBy ?? null}, decided_at = ${request.decidedAt ?? null},
      answer = ${request.answer}, answer_code = ${request.answerCode ?? null}
    where id = ${request.id} and state = ${from}`
  return touched === 1
}

/** Licences whose token may have changed since it was last looked at: active, not redeemed, not seen since `before`. */
export async function listAssetsToCheck(
  sql: Sql,
  before: Temporal.Instant,
  limit: number,
): Promise<AssetId[]> {
  const rows = await sql.many<{ id: AssetId }>`
    select id from asset where state = 'active' and provisioning = 'synchronized' and token_status = 'Activated' and checked_at < ${before}
    order by checked_at limit ${limit}`
  return rows.map((row) => row.id)
}

/** Licences that wait for a key of a plan: the ones to serve first when the pool is filled. */
export async function listAwaitingAssets(sql: Sql, planId: PlanId, most: number): Promise<AssetId[]> {
  const rows = await sql.many<{ id: AssetId }>`
    select id from asset where plan_id = ${planId} and is_awaiting_key and provisioning = 'unsynchronised' order by id limit ${most}`
  return rows.map((row) => row.id)
}

/** Locks every licence an account is part of, in the order of their ids. */
export async function lockAssetsOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.run`
    select 1 from asset where billing_to_id = ${accountId} or end_customer_id = ${accountId} order by id for no key update`
}

/** Orders of licences that are not there yet, or that are being given back. */
export async function listOrdersOfOpenAssets(sql: Sql, accountId: AccountId): Promise<OrderId[]> {
  const rows = await sql.many<{ orderId: OrderId }>`
    select distinct order_id from asset
    where (billing_to_id = ${accountId} or end_customer_id = ${accountId}) and state = 'active'
      and (provisioning <> 'synchronized'
        or exists (select 1 from return_request where asset_id = asset.id and state in ('requested', 'sent')))
    order by order_id limit 20`
  return rows.map(({ orderId }) => orderId)
}

export async function moveAssets(tx: Tx, from: AccountId, into: AccountId): Promise<void> {
  await tx.run`
    update asset set billing_to_id = case when billing_to_id = ${from} then ${into}::uuid else billing_to_id end,
      end_customer_id = case when end_customer_id = ${from} then ${into}::uuid else end_customer_id end
    where billing_to_id = ${from} or end_customer_id = ${from}`
}

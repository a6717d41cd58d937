// The tables webhook and webhook_delivery. What is told is inserted by triggers (migrations/0043), except a test.
import { Refusal } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { Webhook, WebhookDeliveryId, WebhookId } from './webhook.ts'

type Optional = 'pausedBecause' | 'failingSince' | 'formerSecretUntil'
type Row = Omit<Webhook, Optional> & { readonly [Field in Optional]: NonNullable<Webhook[Field]> | null }

/** With its secrets, sealed. */
export type SealedWebhook = Webhook & {
  readonly secretCipher: Uint8Array
  readonly formerSecretCipher: Uint8Array | undefined
}

const columns = (sql: Sql) => sql.part`
  id, name, url, events, state, paused_because, failing_since, former_secret_until, created_at, updated_at, updated_by`

const webhookOf = (row: Row): Webhook => ({
  ...row,
  pausedBecause: row.pausedBecause ?? undefined,
  failingSince: row.failingSince ?? undefined,
  formerSecretUntil: row.formerSecretUntil ?? undefined,
})

/** All of them, by name: a seller has a few. */
export async function listWebhooks(sql: Sql): Promise<Webhook[]> {
  const rows = await sql.many<Row>`select ${columns(sql)} from webhook order by lower(name), id limit 1000`
  return rows.map(webhookOf)
}

export async function loadWebhook(sql: Sql, id: WebhookId): Promise<Webhook> {
  const row = await sql.maybe<Row>`select ${columns(sql)} from webhook where id = ${id}`
  if (!row) throw notFound(id)
  return webhookOf(row)
}

export const lockWebhook = (tx: Tx, id: WebhookId): Promise<SealedWebhook> =>
  loadSealed(tx, id, tx.part`for update`)

/** As `lockWebhook`, for whoever only reads it. */
export const loadSealedWebhook = (sql: Sql, id: WebhookId): Promise<SealedWebhook> =>
  loadSealed(sql, id, sql.part``)

async function loadSealed(sql: Sql, id: WebhookId, lock: unknown): Promise<SealedWebhook> {
  const row = await sql.maybe<Row & { secretCipher: Uint8Array; formerSecretCipher: Uint8Array | null }>`
    select ${columns(sql)}, secret_cipher, former_secret_cipher from webhook where id = ${id} ${lock}`
  if (!row) throw notFound(id)
  const { secretCipher, formerSecretCipher, ...webhook } = row
  return { ...webhookOf(webhook), secretCipher, formerSecretCipher: formerSecretCipher ?? undefined }
}

const notFound = (id: WebhookId) => new Refusal('webhook/not-found', 'This webhook does not exist.', { id })

export async function insertWebhook(tx: Tx, webhook: Webhook, secretCipher: Uint8Array): Promise<void> {
  await tx.run`
    insert into webhook (id, name, url, events, state, secret_cipher, created_at, updated_at, updated_by)
    values (${webhook.id}, ${webhook.name}, ${webhook.url}, ${[...webhook.events]}::text[], ${webhook.state}, ${secretCipher},
      ${webhook.createdAt}, ${webhook.updatedAt}, ${webhook.updatedBy})`
}

export async function saveWebhook(tx: Tx, webhook: SealedWebhook): Promise<void> {
  await tx.run`
    update webhook set name = ${webhook.name}, url = ${webhook.url}, events = ${[...webhook.events]}::text[], state = ${webhook.state},
      paused_because = ${webhook.pausedBecause ?? null}, failing_since = ${webhook.failingSince ?? null},
      secret_cipher = ${webhook.secretCipher}, former_secret_cipher = ${webhook.formerSecretCipher ?? null},
      former_secret_until = ${webhook.formerSecretUntil ?? null}, updated_at = ${webhook.updatedAt}, updated_by = ${webhook.updatedBy}
    where id = ${webhook.id}`
}

/** With everything it was told, and what waits to be told. */
export async function deleteWebhook(tx: Tx, id: WebhookId): Promise<void> {
  await tx.run`delete from webhook where id = ${id}`
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed'

export type Delivery = {
  readonly id: WebhookDeliveryId
  readonly webhookId: WebhookId
  readonly eventId: string
  readonly eventType: string
  /** Null: a test, which is about no record. */
  readonly recordType: string | null
  readonly recordId: string | null
  readonly facts: Readonly<Record<string, unknown>>
  readonly happenedAt: Temporal.Instant
  readonly state: DeliveryState
  readonly tries: number
  readonly lastTriedAt: Temporal.Instant | null
  readonly nextTryAt: Temporal.Instant | null
  /** Of the last answer; null where none came. */
  readonly status: number | null
  readonly answer: string
  readonly deliveredAt: Temporal.Instant | null
}

const deliveryColumns = (sql: Sql) => sql.part`
  id, webhook_id, event_id, event_type, record_type, record_id, facts, happened_at, state, tries, last_tried_at, next_try_at, status,
  answer, delivered_at`

export type DeliveriesAsk = {
  readonly webhookId: WebhookId
  readonly state?: DeliveryState | undefined
  /** Those before this one. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listDeliveries(sql: Sql, ask: DeliveriesAsk): Promise<Delivery[]> {
  return sql.many<Delivery>`
    select ${deliveryColumns(sql)} from webhook_delivery where webhook_id = ${ask.webhookId}
      and ${ask.state ? sql.part`state = ${ask.state}` : sql.part`true`}
      and ${ask.before ? sql.part`id < ${ask.before}::uuid` : sql.part`true`}
    order by id desc limit ${ask.limit}`
}

export async function findDelivery(sql: Sql, id: WebhookDeliveryId): Promise<Delivery | undefined> {
  return sql.maybe<Delivery>`select ${deliveryColumns(sql)} from webhook_delivery where id = ${id}`
}

/** Undefined where it is gone with its webhook. */
export async function lockDelivery(tx: Tx, id: WebhookDeliveryId): Promise<Delivery | undefined> {
  return tx.maybe<Delivery>`select ${deliveryColumns(tx)} from webhook_delivery where id = ${id} for update`
}

/** An event of our own making, on its way to this webhook alone. */
export async function insertDelivery(
  tx: Tx,
  given: Pick<Delivery, 'webhookId' | 'eventType' | 'facts' | 'happenedAt'>,
): Promise<WebhookDeliveryId> {
  const id = newId<WebhookDeliveryId>()
  await tx.run`
    insert into webhook_delivery (id, webhook_id, event_id, event_type, facts, happened_at)
    values (${id}, ${given.webhookId}, ${newId<never>() as string}, ${given.eventType}, ${tx.json(given.facts)}, ${given.happenedAt})`
  return id
}

export async function saveDeliveryTried(tx: Tx, id: WebhookDeliveryId, at: Temporal.Instant): Promise<void> {
  await tx.run`
    update webhook_delivery set tries = tries + 1, last_tried_at = ${at}, next_try_at = null where id = ${id}`
}

export async function saveDeliveryOutcome(
  tx: Tx,
  id: WebhookDeliveryId,
  outcome: Pick<Delivery, 'state' | 'status' | 'answer' | 'nextTryAt' | 'deliveredAt'>,
): Promise<void> {
  await tx.run`
    update webhook_delivery set state = ${outcome.state}, status = ${outcome.status}, answer = ${outcome.answer},
      next_try_at = ${outcome.nextTryAt}, delivered_at = ${outcome.deliveredAt}
    where id = ${id}`
}

/** Those that are to be sent from the beginning again: one, or all that failed since a moment. Answers which. */
export async function restartDeliveries(
  tx: Tx,
  webhookId: WebhookId,
  which: { readonly id: WebhookDeliveryId } | { readonly failedSince: Temporal.Instant },
): Promise<WebhookDeliveryId[]> {
  const condition =
    'id' in which
      ? tx.part`id = ${which.id} and state <> 'waiting'`
      : tx.part`state = 'failed' and happened_at >= ${which.failedSince}`
  const rows = await tx.many<{ id: WebhookDeliveryId }>`
    update webhook_delivery set state = 'waiting', tries = 0, next_try_at = null, delivered_at = null
    where webhook_id = ${webhookId} and ${condition} returning id`
  return rows.map(({ id }) => id)
}

/** What waits, for a run of its own now: a later one that is planned finds it done or leaves it alone. */
export async function wakeDeliveries(tx: Tx, webhookId: WebhookId): Promise<WebhookDeliveryId[]> {
  const rows = await tx.many<{ id: WebhookDeliveryId }>`
    update webhook_delivery set next_try_at = null where webhook_id = ${webhookId} and state = 'waiting' returning id`
  return rows.map(({ id }) => id)
}

/** What has been told or given up and happened before this moment. */
export async function deleteOldDeliveries(tx: Tx, before: Temporal.Instant): Promise<number> {
  return tx.run`delete from webhook_delivery where happened_at < ${before} and state <> 'waiting'`
}

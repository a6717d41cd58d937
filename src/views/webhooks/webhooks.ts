// Webhooks with how they fare, and what each was told, newest first. Never a secret.
import { Refusal } from '#kernel/failure.ts'
import { type Actor, assertMay } from '#modules/users'
import {
  type Delivery,
  type DeliveryState,
  findDelivery,
  listDeliveries,
  listWebhooks,
  loadWebhook,
  type Webhook,
  type WebhookDeliveryId,
  type WebhookId,
} from '#modules/webhooks'
import { type Database, reading, sellerScope, type Tx } from '#platform/db.ts'
import { idCursor, pageSize } from '../accounts/search-text.ts'

export type ListedWebhook = Webhook & {
  readonly waiting: number
  readonly failed: number
}

type Troubles = { readonly webhookId: WebhookId; readonly waiting: number; readonly failed: number }

/** By name. */
export async function listShownWebhooks(db: Database | Tx, actor: Actor): Promise<readonly ListedWebhook[]> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, async (sql) => {
    const [webhooks, troubles] = await Promise.all([
      listWebhooks(sql),
      sql.many<Troubles>`
        select webhook_id, count(*) filter (where state = 'waiting')::int as waiting,
          count(*) filter (where state = 'failed')::int as failed
        from webhook_delivery where state <> 'delivered' group by webhook_id`,
    ])
    const known = new Map(troubles.map((each) => [each.webhookId, each]))
    return webhooks.map((webhook) => {
      const { waiting = 0, failed = 0 } = known.get(webhook.id) ?? {}
      return { ...webhook, waiting, failed }
    })
  })
}

export async function viewWebhook(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: WebhookId },
): Promise<Webhook> {
  assertMay(actor, 'manage-setup')
  return reading(db, sellerScope, (sql) => loadWebhook(sql, ask.id))
}

export async function listShownDeliveries(
  db: Database | Tx,
  actor: Actor,
  {
    webhookId,
    state,
    cursor,
    limit = 50,
  }: {
    readonly webhookId: WebhookId
    readonly state?: DeliveryState | undefined
    readonly cursor?: string | undefined
    readonly limit?: number
  },
): Promise<{ items: readonly Delivery[]; nextCursor: string | undefined }> {
  assertMay(actor, 'manage-setup')
  const size = pageSize(limit)
  const rows = await reading(db, sellerScope, async (sql) => {
    const [found] = await Promise.all([
      listDeliveries(sql, { webhookId, state, before: idCursor(cursor), limit: size + 1 }),
      loadWebhook(sql, webhookId),
    ])
    return found
  })
  const items = rows.slice(0, size)
  return { items, nextCursor: rows.length > size ? items.at(-1)?.id : undefined }
}

export async function viewDelivery(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly webhookId: WebhookId; readonly id: WebhookDeliveryId },
): Promise<Delivery> {
  assertMay(actor, 'manage-setup')
  const delivery = await reading(db, sellerScope, (sql) => findDelivery(sql, ask.id))
  if (delivery?.webhookId !== ask.webhookId)
    throw new Refusal('delivery/not-found', 'This webhook was told no such thing.', { id: ask.id })
  return delivery
}

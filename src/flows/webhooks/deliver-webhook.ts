// Tells a webhook of one event: at least once, because an answer can be lost, and with the same id each time, so that a receiver can
// drop what it has had. The database wrote what happened (migrations/0043); nothing here decides what is told.
import { Outage } from '#kernel/failure.ts'
import {
  type Delivery,
  deleteOldDeliveries,
  loadSealedWebhook,
  lockDelivery,
  lockWebhook,
  type SealedWebhook,
  saveDeliveryOutcome,
  saveDeliveryTried,
  saveWebhook,
  signedHeaders,
  type WebhookDeliveryId,
} from '#modules/webhooks'
import { sellerScope, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import { outbound } from '#platform/outbound.ts'
import type { App } from '../app.ts'

/** What a webhook's secret is sealed for. */
export const WEBHOOK_SECRET_PURPOSE = 'webhook secret'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Pauses between tries, almost two days in all; after the last the delivery has failed and waits for a person. */
const pausesMs = [
  5 * SECOND,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  24 * HOUR,
] as const
/** An address that has answered nothing good for so long is called no more. */
const PATIENCE = { hours: 5 * 24 }
const TIMEOUT_MS = 15_000
/** Of an answer so much is kept, for whoever looks for the trouble. */
const MOST_ANSWER_BYTES = 1024

export const deliverWebhook = job<App, { deliveryId: WebhookDeliveryId }>('deliver-webhook', deliver, {
  concurrency: 4,
})

export const tidyWebhooks = job<App, object>(
  'tidy-webhooks',
  (app) =>
    transaction(app.db, sellerScope, async (tx) => {
      await deleteOldDeliveries(tx, app.now().subtract({ hours: 30 * 24 }))
    }),
  { cron: '23 3 * * *', concurrency: 1, retryLimit: 2 },
)

async function deliver(app: App, { deliveryId }: { deliveryId: WebhookDeliveryId }): Promise<void> {
  const prepared = await transaction(app.db, sellerScope, async (tx) => {
    const delivery = await lockDelivery(tx, deliveryId)
    if (delivery?.state !== 'waiting' || isLater(delivery, app.now())) return undefined
    const webhook = await loadSealedWebhook(tx, delivery.webhookId)
    // It waits until somebody lets it go on.
    if (webhook.state === 'paused') return undefined
    await saveDeliveryTried(tx, deliveryId, app.now())
    return { delivery: { ...delivery, tries: delivery.tries + 1 }, webhook }
  })
  if (!prepared) return
  const outcome = await call(app, prepared.webhook, prepared.delivery)
  await keep(app, prepared, outcome)
}

/** Another run is planned for it: this one was enqueued before somebody changed that. A minute, because clocks differ. */
function isLater({ nextTryAt }: Delivery, now: Temporal.Instant): boolean {
  return nextTryAt !== null && Temporal.Instant.compare(nextTryAt, now.add({ minutes: 1 })) > 0
}

type Outcome = { readonly status: number | null; readonly answer: string }

async function call(
  app: Pick<App, 'now' | 'secrets' | 'settings'>,
  webhook: SealedWebhook,
  delivery: Delivery,
): Promise<Outcome> {
  const at = app.now()
  const body = bodyOf(app.settings.publicUrl, delivery)
  try {
    const response = await outbound('The address', webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Emporion-Webhooks',
        ...signedHeaders({ id: delivery.eventId, at, body }, secretsAt(app, webhook, at)),
      },
      body,
      timeoutMs: TIMEOUT_MS,
      mostBytes: MOST_ANSWER_BYTES,
      publicOnly: !app.settings.webhooksMayBePrivate,
    })
    return { status: response.status, answer: plain(await response.text()) }
  } catch (error) {
    if (error instanceof Outage) return { status: null, answer: error.message }
    throw error
  }
}

/** What no database holds and no screen shows is left out of what a stranger answered. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '').trim()
}

/** The present secret, and the one before it while both are valid. */
function secretsAt(app: Pick<App, 'secrets'>, webhook: SealedWebhook, at: Temporal.Instant): string[] {
  const { secretCipher, formerSecretCipher, formerSecretUntil } = webhook
  const isFormerValid = formerSecretUntil && Temporal.Instant.compare(at, formerSecretUntil) < 0
  return [secretCipher, ...(formerSecretCipher && isFormerValid ? [formerSecretCipher] : [])].map((sealed) =>
    app.secrets.open(sealed, WEBHOOK_SECRET_PURPOSE),
  )
}

const paths: Readonly<Record<string, string>> = {
  order: 'orders',
  asset: 'assets',
  subscription: 'subscriptions',
  invoice: 'invoices',
  account: 'accounts',
}

/** The body of a call: what happened and where to read on, and nothing that only some may see. The same at every try. */
export function bodyOf(publicUrl: string, delivery: Delivery): string {
  const { eventId, eventType, happenedAt, recordType, recordId, facts } = delivery
  const url = recordType && paths[recordType] && `${publicUrl}/api/v1/${paths[recordType]}/${recordId}`
  const data = { ...(recordId ? { id: recordId } : {}), ...facts, ...(url ? { url } : {}) }
  return JSON.stringify({ id: eventId, type: eventType, timestamp: happenedAt.toString(), data })
}

async function keep(
  app: App,
  { webhook, delivery }: { webhook: SealedWebhook; delivery: Delivery },
  { status, answer }: Outcome,
): Promise<void> {
  const at = app.now()
  const isTaken = status !== null && status >= 200 && status < 300
  const pause = isTaken || status === 410 ? undefined : pausesMs[delivery.tries - 1]
  const nextTryAt = pause === undefined ? null : at.add({ milliseconds: pause })
  await transaction(app.db, sellerScope, async (tx) => {
    // The webhook before its delivery, as whoever deletes it takes them; and only where something is to be written there.
    if (!isTaken || webhook.failingSince)
      await keepHealth(tx, delivery, { at, isTaken, isGone: status === 410 })
    await saveDeliveryOutcome(tx, delivery.id, {
      state: isTaken ? 'delivered' : nextTryAt ? 'waiting' : 'failed',
      status,
      answer,
      nextTryAt,
      deliveredAt: isTaken ? at : null,
    })
    if (nextTryAt) await enqueue(tx, deliverWebhook, [{ deliveryId: delivery.id }], { startAfter: nextTryAt })
  })
}

async function keepHealth(
  tx: Parameters<typeof lockWebhook>[0],
  { webhookId }: Delivery,
  { at, isTaken, isGone }: { at: Temporal.Instant; isTaken: boolean; isGone: boolean },
): Promise<void> {
  const webhook = await lockWebhook(tx, webhookId)
  const failingSince = isTaken ? undefined : (webhook.failingSince ?? at)
  const isHopeless = failingSince && Temporal.Instant.compare(failingSince.add(PATIENCE), at) <= 0
  const because = isGone
    ? 'The address answered 410: it is gone for good.'
    : isHopeless
      ? 'Every call has failed for five days.'
      : undefined
  await saveWebhook(tx, {
    ...webhook,
    failingSince,
    ...(because && webhook.state === 'active' ? { state: 'paused', pausedBecause: because } : {}),
  })
}

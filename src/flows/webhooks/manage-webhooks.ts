// Webhooks are made, changed, paused and removed by whoever manages the setup. A secret is shown once, when it is made or rolled.
import { newId } from '#kernel/ids.ts'
import { differences, recordAudit } from '#modules/audit'
import { type Actor, assertMay } from '#modules/users'
import {
  deleteWebhook,
  insertDelivery,
  insertWebhook,
  lockWebhook,
  newWebhookSecret,
  readWebhook,
  restartDeliveries,
  type SealedWebhook,
  saveWebhook,
  TEST_EVENT,
  type Webhook,
  type WebhookDeliveryId,
  type WebhookId,
  type WebhookInput,
  wakeDeliveries,
} from '#modules/webhooks'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { deliverWebhook, WEBHOOK_SECRET_PURPOSE } from './deliver-webhook.ts'

/** How long both secrets sign after one was rolled. */
export const BOTH_SECRETS_HOURS = 24

type Needs = Pick<App, 'db' | 'now' | 'secrets' | 'settings'>

/** `secret` cannot be had again. */
export async function createWebhook(
  app: Needs,
  actor: Actor,
  input: WebhookInput,
): Promise<{ id: WebhookId; secret: string }> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  const values = readWebhook(input, app.settings.webhooksMayBePrivate)
  const secret = newWebhookSecret()
  const webhook: Webhook = {
    ...values,
    id: newId(),
    state: 'active',
    pausedBecause: undefined,
    failingSince: undefined,
    formerSecretUntil: undefined,
    createdAt: at,
    updatedAt: at,
    updatedBy: actor.name,
  }
  await transaction(app.db, sellerScope, async (tx) => {
    await insertWebhook(tx, webhook, app.secrets.seal(secret, WEBHOOK_SECRET_PURPOSE))
    await audit(tx, actor, at, webhook.id, 'webhook/created', { after: values })
  })
  return { id: webhook.id, secret }
}

export async function changeWebhook(
  app: Needs,
  actor: Actor,
  { id, ...input }: Partial<WebhookInput> & { readonly id: WebhookId },
): Promise<void> {
  await change(app, actor, id, 'webhook/changed', (before) =>
    readWebhook({ ...before, ...input }, app.settings.webhooksMayBePrivate),
  )
}

/** Paused it is told nothing, and what happens meanwhile is not kept for it; what already waits goes on when it is active again. */
export async function setWebhookState(
  app: Needs,
  actor: Actor,
  { id, state }: { readonly id: WebhookId; readonly state: Webhook['state'] },
): Promise<void> {
  const action = state === 'active' ? 'webhook/resumed' : 'webhook/paused'
  await change(app, actor, id, action, () => ({
    state,
    pausedBecause: undefined,
    ...(state === 'active' ? { failingSince: undefined } : {}),
  }))
}

/** A new secret, which cannot be had again; for a day the former one signs too. */
export async function rollWebhookSecret(
  app: Needs,
  actor: Actor,
  { id }: { readonly id: WebhookId },
): Promise<{ secret: string }> {
  const secret = newWebhookSecret()
  await change(app, actor, id, 'webhook/secret-rolled', ({ secretCipher }) => ({
    secretCipher: app.secrets.seal(secret, WEBHOOK_SECRET_PURPOSE),
    formerSecretCipher: secretCipher,
    formerSecretUntil: app.now().add({ hours: BOTH_SECRETS_HOURS }),
  }))
  return { secret }
}

export async function removeWebhook(
  app: Needs,
  actor: Actor,
  { id }: { readonly id: WebhookId },
): Promise<void> {
  assertMay(actor, 'manage-setup')
  await transaction(app.db, sellerScope, async (tx) => {
    const webhook = await lockWebhook(tx, id)
    await deleteWebhook(tx, id)
    await audit(tx, actor, app.now(), id, 'webhook/deleted', { before: told(webhook) })
  })
}

/** An event about no record, to try the address with. A paused webhook keeps it until it is active. */
export async function sendTestEvent(
  app: Needs,
  actor: Actor,
  { id }: { readonly id: WebhookId },
): Promise<{ deliveryId: WebhookDeliveryId }> {
  assertMay(actor, 'manage-setup')
  return transaction(app.db, sellerScope, async (tx) => {
    const webhook = await lockWebhook(tx, id)
    const facts = { message: `A test of the webhook "${webhook.name}".` }
    const happenedAt = app.now()
    const deliveryId = await insertDelivery(tx, { webhookId: id, eventType: TEST_EVENT, facts, happenedAt })
    await enqueue(tx, deliverWebhook, [{ deliveryId }])
    return { deliveryId }
  })
}

/** Sends one again, or all that failed since a moment; answers how many. What is on its way already is left alone. */
export async function sendAgain(
  app: Needs,
  actor: Actor,
  {
    webhookId,
    ...which
  }: { readonly webhookId: WebhookId } & (
    | { readonly id: WebhookDeliveryId }
    | { readonly failedSince: Temporal.Instant }
  ),
): Promise<{ count: number }> {
  assertMay(actor, 'manage-setup')
  return transaction(app.db, sellerScope, async (tx) => {
    await lockWebhook(tx, webhookId)
    const ids = await restartDeliveries(tx, webhookId, which)
    await send(tx, ids)
    if (ids.length > 0)
      await audit(tx, actor, app.now(), webhookId, 'webhook/sent-again', {
        after: { deliveries: ids.length },
      })
    return { count: ids.length }
  })
}

async function send(tx: Tx, ids: readonly WebhookDeliveryId[]): Promise<void> {
  await enqueue(
    tx,
    deliverWebhook,
    ids.map((deliveryId) => ({ deliveryId })),
  )
}

/** What the audit log tells of it: everything but the secrets. */
const told = ({ name, url, events, state }: Webhook) => ({ name, url, events, state })

async function change(
  app: Needs,
  actor: Actor,
  id: WebhookId,
  action: string,
  changed: (before: SealedWebhook) => Partial<SealedWebhook>,
): Promise<void> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    const before = await lockWebhook(tx, id)
    const webhook = { ...before, ...changed(before), updatedAt: at, updatedBy: actor.name }
    await saveWebhook(tx, webhook)
    if (before.state === 'paused' && webhook.state === 'active') await send(tx, await wakeDeliveries(tx, id))
    await audit(tx, actor, at, id, action, differences(told(before), told(webhook)))
  })
}

async function audit(
  tx: Tx,
  actor: Actor,
  at: Temporal.Instant,
  id: WebhookId,
  action: string,
  facts: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): Promise<void> {
  await recordAudit(tx, { at, actor, action, subjectType: 'webhook', subjectId: id, ...facts })
}

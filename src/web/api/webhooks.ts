// Webhooks: addresses of other systems that are told what becomes of records, and what each was told.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { bodyOf } from '#flows/webhooks/deliver-webhook.ts'
import {
  changeWebhook,
  createWebhook,
  removeWebhook,
  rollWebhookSecret,
  sendAgain,
  sendTestEvent,
  setWebhookState,
} from '#flows/webhooks/manage-webhooks.ts'
import { invalid } from '#kernel/failure.ts'
import { asId } from '#kernel/ids.ts'
import type { Actor } from '#modules/users'
import {
  type Delivery,
  type Webhook,
  type WebhookDeliveryId,
  type WebhookEvent,
  type WebhookId,
  webhookEvents,
} from '#modules/webhooks'
import {
  listShownDeliveries,
  listShownWebhooks,
  viewDelivery,
  viewWebhook,
} from '#views/webhooks/webhooks.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import {
  Id,
  IdParams,
  ListQuery,
  listOf,
  Moment,
  momentIn,
  momentOf,
  momentOrNull,
  pageOf,
  pageOfShort,
} from './schemas.ts'

const tags = ['Webhooks']

const names = Object.keys(webhookEvents) as [WebhookEvent, ...WebhookEvent[]]
const events = z
  .array(z.string().max(60))
  .max(100)
  .describe(
    `What it is told of: ${Object.entries(webhookEvents)
      .map(([name, about]) => `\`${name}\` (${about.toLowerCase()})`)
      .join(', ')}.`,
  )

const WebhookBody = z
  .object({
    id: Id,
    name: z.string(),
    url: z.string(),
    events: z.array(z.enum(names)),
    state: z.enum(['active', 'paused']),
    pausedBecause: z.string().nullable().describe('Where nobody paused it but what its address answered.'),
    failingSince: Moment.nullable().describe('The first failure after the last success.'),
    formerSecretUntil: Moment.nullable().describe('Until then the secret before the present one signs too.'),
    createdAt: Moment,
    updatedAt: Moment,
    updatedBy: z.string(),
  })
  .meta({ id: 'Webhook' })

const Secret = z
  .string()
  .describe(
    '`whsec_…`, by which your side checks that a call is ours. It is never answered again: keep it now.',
  )

const CreatedWebhook = WebhookBody.extend({ secret: Secret }).meta({ id: 'CreatedWebhook' })

const fields = {
  name: z.string().max(500).describe('What listens there.'),
  url: z
    .string()
    .max(4000)
    .describe(
      'An https address. This machine and private networks are not called, unless the seller allowed it.',
    ),
  events,
}

const DeliveryBody = z
  .object({
    id: Id,
    event: z.string(),
    eventId: Id.describe('The same at every try, in the header `webhook-id`.'),
    happenedAt: Moment,
    state: z.enum(['waiting', 'delivered', 'failed']),
    tries: z.int(),
    lastTriedAt: Moment.nullable(),
    nextTryAt: Moment.nullable(),
    status: z.int().nullable().describe('Of the last answer; null where none came.'),
    answer: z.string().describe('Its first kilobyte, or why there was none.'),
    body: z.string().describe('What is sent.'),
  })
  .meta({ id: 'WebhookDelivery' })

const webhookBody = (webhook: Webhook): z.infer<typeof WebhookBody> => ({
  id: webhook.id,
  name: webhook.name,
  url: webhook.url,
  events: [...webhook.events],
  state: webhook.state,
  pausedBecause: webhook.pausedBecause ?? null,
  failingSince: momentOrNull(webhook.failingSince),
  formerSecretUntil: momentOrNull(webhook.formerSecretUntil),
  createdAt: momentOf(webhook.createdAt),
  updatedAt: momentOf(webhook.updatedAt),
  updatedBy: webhook.updatedBy,
})

const deliveryBody = (app: Pick<App, 'settings'>, delivery: Delivery): z.infer<typeof DeliveryBody> => ({
  id: delivery.id,
  event: delivery.eventType,
  eventId: delivery.eventId,
  happenedAt: momentOf(delivery.happenedAt),
  state: delivery.state,
  tries: delivery.tries,
  lastTriedAt: momentOrNull(delivery.lastTriedAt),
  nextTryAt: momentOrNull(delivery.nextTryAt),
  status: delivery.status,
  answer: delivery.answer,
  body: bodyOf(app.settings.publicUrl, delivery),
})

const DeliveryParams = z.object({ id: Id, deliveryId: Id })

export function webhookRoutes(api: Api, app: App): void {
  const idIn = ({ id }: { id: string }) => asId<WebhookId>(id, 'webhook')
  const deliveryIn = ({ deliveryId }: { deliveryId: string }) =>
    asId<WebhookDeliveryId>(deliveryId, 'delivery')
  const read = async (inside: Pick<App, 'db'>, actor: Actor, id: WebhookId) =>
    webhookBody(await viewWebhook(inside.db, actor, { id }))

  api.get(
    '/webhooks',
    {
      schema: {
        tags,
        summary: 'List webhooks',
        description: 'For the seller.',
        querystring: ListQuery,
        response: { 200: listOf(WebhookBody, 'WebhookList') },
      },
    },
    async (request) => {
      const webhooks = await listShownWebhooks(app.db, await staffIn(request))
      return pageOfShort(webhooks, ({ id }) => id, request.query, webhookBody)
    },
  )

  api.post(
    '/webhooks',
    {
      schema: {
        tags,
        summary: 'Make a webhook',
        description:
          'From now on its address is told of these events, signed with `secret`, which is answered this once. How a call looks and how to check it stands at the beginning of this page.',
        body: z.strictObject(fields).meta({
          id: 'WebhookCreation',
          examples: [
            {
              name: 'ERP',
              url: 'https://erp.example.com/emporion',
              events: ['order.executed', 'invoice.issued'],
            },
          ],
        }),
        response: { 201: CreatedWebhook },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = await staffIn(request)
        const { id, secret } = await createWebhook(inside, actor, request.body)
        return { status: 201, body: { ...(await read(inside, actor, id)), secret } }
      }),
  )

  api.get(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Read a webhook',
        description: 'For the seller.',
        params: IdParams,
        response: { 200: WebhookBody },
      },
    },
    async (request) => read(app, staffFor(request, 'webhook'), idIn(request.params)),
  )

  api.patch(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Change a webhook',
        description:
          'Fields left out stay as they are; `events` is the whole list of them. Paused it is told nothing, and what happens meanwhile is not kept for it.',
        params: IdParams,
        body: z
          .strictObject({
            ...z.strictObject(fields).partial().shape,
            state: z.enum(['active', 'paused']).optional(),
          })
          .meta({ id: 'WebhookChange' }),
        response: { 200: WebhookBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'webhook')
        const id = idIn(request.params)
        const { state, ...given } = request.body
        const input = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        if (Object.keys(input).length > 0) await changeWebhook(inside, actor, { id, ...input })
        if (state) await setWebhookState(inside, actor, { id, state })
        return { body: await read(inside, actor, id) }
      }),
  )

  api.delete(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Delete a webhook',
        description: 'With what it was told, and what it was still to be told.',
        params: IdParams,
        response: { 200: z.object({ id: Id }).meta({ id: 'DeletedWebhook' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const id = idIn(request.params)
        await removeWebhook(inside, staffFor(request, 'webhook'), { id })
        return { body: { id } }
      }),
  )

  api.post(
    '/webhooks/:id/roll-secret',
    {
      schema: {
        tags,
        summary: 'Roll the secret of a webhook',
        description: 'Answers a new one, this once. For 24 hours calls are signed with both.',
        params: IdParams,
        response: { 200: CreatedWebhook },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'webhook')
        const id = idIn(request.params)
        const { secret } = await rollWebhookSecret(inside, actor, { id })
        return { body: { ...(await read(inside, actor, id)), secret } }
      }),
  )

  api.post(
    '/webhooks/:id/test-event',
    {
      schema: {
        tags,
        summary: 'Send a test event',
        description: '`webhook.test`, about no record.',
        params: IdParams,
        response: { 202: z.object({ deliveryId: Id }).meta({ id: 'WebhookTest' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'webhook')
        return { status: 202, body: await sendTestEvent(inside, actor, { id: idIn(request.params) }) }
      }),
  )

  api.post(
    '/webhooks/:id/send-again',
    {
      schema: {
        tags,
        summary: 'Send again what failed',
        description: 'Everything that happened since a moment and could not be delivered.',
        params: IdParams,
        body: z.strictObject({ since: Moment }).meta({ id: 'WebhookSendAgain' }),
        response: { 202: z.object({ count: z.int() }).meta({ id: 'WebhookSentAgain' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'webhook')
        const webhookId = idIn(request.params)
        const failedSince = momentIn(request.body.since, '/since')
        if (!failedSince) throw invalid({ pointer: '/since', code: 'required', message: 'Say since when.' })
        return { status: 202, body: await sendAgain(inside, actor, { webhookId, failedSince }) }
      }),
  )

  api.get(
    '/webhooks/:id/deliveries',
    {
      schema: {
        tags,
        summary: 'List what a webhook was told',
        description: 'Newest first; 30 days are kept.',
        params: IdParams,
        querystring: ListQuery.extend({ state: z.enum(['waiting', 'delivered', 'failed']).optional() }),
        response: { 200: listOf(DeliveryBody, 'WebhookDeliveryList') },
      },
    },
    async (request) => {
      const ask = { ...request.query, webhookId: idIn(request.params) }
      const page = await listShownDeliveries(app.db, staffFor(request, 'webhook'), ask)
      return pageOf(page, (delivery) => deliveryBody(app, delivery))
    },
  )

  api.get(
    '/webhooks/:id/deliveries/:deliveryId',
    {
      schema: {
        tags,
        summary: 'Read one thing a webhook was told',
        description: 'With what was sent and what was answered.',
        params: DeliveryParams,
        response: { 200: DeliveryBody },
      },
    },
    async (request) => {
      const ask = { webhookId: idIn(request.params), id: deliveryIn(request.params) }
      return deliveryBody(app, await viewDelivery(app.db, staffFor(request, 'webhook'), ask))
    },
  )

  api.post(
    '/webhooks/:id/deliveries/:deliveryId/send-again',
    {
      schema: {
        tags,
        summary: 'Send one thing again',
        description: 'The same event with the same id; what is on its way already is left alone.',
        params: DeliveryParams,
        response: { 202: z.object({ count: z.int() }).meta({ id: 'WebhookDeliverySentAgain' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'webhook')
        const which = { webhookId: idIn(request.params), id: deliveryIn(request.params) }
        await viewDelivery(inside.db, actor, which)
        return { status: 202, body: await sendAgain(inside, actor, which) }
      }),
  )
}

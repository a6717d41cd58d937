import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { replaceSubscription } from '#flows/ordering/replace-failed.ts'
import { approveRenewal } from '#flows/subscriptions/approve-renewal.ts'
import {
  cancelSubscription,
  previewRefund,
  undoSubscriptionCancellation,
} from '#flows/subscriptions/cancel-subscription.ts'
import { priceRenewals } from '#flows/subscriptions/price-renewals.ts'
import { dropSubscription, retrySubscription } from '#flows/subscriptions/repair-subscription.ts'
import { setAutoRenew } from '#flows/subscriptions/set-auto-renew.ts'
import { asId, type SubscriptionId } from '#kernel/ids.ts'
import type { Portal, Staff } from '#modules/users'
import { listRenewals } from '#views/subscriptions/list-renewals.ts'
import { listSubscriptions, subscriptionFilters } from '#views/subscriptions/list-subscriptions.ts'
import { viewSubscription } from '#views/subscriptions/view-subscription.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { ReplacementOrder, Replacing, replacementIn, replacementOrder, replacing } from './replacing.ts'
import { Id, IdParams, ListQuery, listOf, pageOf, Search } from './schemas.ts'
import {
  Refund,
  Renewal,
  refundBody,
  renewalBody,
  Subscription,
  SubscriptionItem,
  subscriptionBody,
  subscriptionItem,
} from './subscription-body.ts'

const tags = ['Subscriptions']

export function subscriptionRoutes(api: Api, app: App): void {
  const idIn = (params: { id: string }) => asId<SubscriptionId>(params.id, 'subscription')
  const look = (inside: Pick<App, 'db'>, actor: Staff | Portal, id: SubscriptionId) =>
    viewSubscription(inside.db, actor, { id, now: app.now() })
  const read = async (inside: Pick<App, 'db'>, actor: Staff | Portal, id: SubscriptionId) =>
    subscriptionBody(await look(inside, actor, id))

  api.get(
    '/subscriptions',
    {
      schema: {
        tags,
        summary: 'List subscriptions',
        description:
          'Newest first, perpetual licences among them. `filter`: `pending` the vendor is setting it up, `trouble` it could not be provisioned or renewed, `ending` active and not renewing, `ended` cancelled, expired or dropped.',
        querystring: ListQuery.extend({
          q: Search,
          filter: z.enum(subscriptionFilters).optional(),
          kind: z.enum(['subscription', 'perpetual']).optional(),
          accountId: Id.optional().describe('Paid by it, or for it.'),
          orderId: Id.optional(),
        }),
        response: { 200: listOf(SubscriptionItem, 'SubscriptionList') },
      },
    },
    async (request) =>
      pageOf(await listSubscriptions(app.db, actorIn(request), request.query as never), subscriptionItem),
  )

  api.get(
    '/subscriptions/:id',
    {
      schema: {
        tags,
        summary: 'Read a subscription',
        description:
          'With its charges, the history of amendments, every step at the vendor, and its invoices.',
        params: IdParams,
        response: { 200: Subscription },
      },
    },
    async (request) => read(app, actorIn(request), idIn(request.params)),
  )

  api.get(
    '/subscriptions/:id/refund',
    {
      schema: {
        tags,
        summary: 'What cancelling would give back',
        description:
          'If it were cancelled now: everything in the first hours of a term, then the whole days that remain, nothing after the window.',
        params: IdParams,
        response: { 200: Refund },
      },
    },
    async (request) =>
      refundBody(await previewRefund(app, actorIn(request), { subscriptionId: idIn(request.params) })),
  )

  api.get(
    '/renewals',
    {
      schema: {
        tags,
        summary: 'What renews soon',
        description:
          'Subscriptions that renew by themselves within 30, 60 or 90 days, the soonest first, those that could not be renewed before them; with what the next term would cost at the prices of now.',
        querystring: ListQuery.extend({
          days: z.coerce
            .number()
            .refine((days) => days === 30 || days === 60 || days === 90, { error: '30, 60 or 90.' })
            .default(30)
            .describe('30, 60 or 90.'),
          q: Search,
          accountId: Id.optional().describe('Paid by it, or for it.'),
        }),
        response: { 200: listOf(Renewal, 'RenewalList') },
      },
    },
    async (request) => {
      const actor = actorIn(request)
      const found = await listRenewals(app.db, actor, { ...(request.query as object), now: app.now() })
      const prices = await priceRenewals(app, actor, found.items)
      return pageOf(found, (row) => renewalBody(row, prices.get(row.id)))
    },
  )

  api.post(
    '/subscriptions/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a subscription',
        description:
          'The whole of it, inside its window. The vendor’s answer decides; then what was charged is credited as `…/refund` says for the moment of the request. After the window, switch off the automatic renewal instead.',
        params: IdParams,
        body: z
          .strictObject({
            comment: z.string().max(2000).optional(),
            undoSeconds: z
              .int()
              .min(0)
              .max(300)
              .optional()
              .describe(
                'For the seller: so long the vendor is not asked yet, and `undo-cancel` takes it back. Ignored where the window ends within minutes.',
              ),
          })
          .meta({ id: 'SubscriptionCancellation' })
          .optional(),
        response: { 202: Subscription },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = actorIn(request)
        const subscriptionId = idIn(request.params)
        await cancelSubscription(inside, actor, {
          subscriptionId,
          comment: request.body?.comment ?? '',
          undoSeconds: request.body?.undoSeconds ?? 0,
        })
        return { status: 202, body: await read(inside, actor, subscriptionId) }
      }),
  )

  api.post(
    '/subscriptions/:id/undo-cancel',
    {
      schema: {
        tags,
        summary: 'Take a cancellation back',
        description:
          'For the seller, as long as the vendor has not been asked: see `undoSeconds` of the cancellation. Refused with `subscription/cancellation-not-undoable` afterwards.',
        params: IdParams,
        response: { 200: Subscription },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const subscriptionId = idIn(request.params)
        const actor = staffFor(request, 'subscription')
        await undoSubscriptionCancellation(inside, actor, { subscriptionId })
        return { body: await read(inside, actor, subscriptionId) }
      }),
  )

  api.post(
    '/subscriptions/:id/auto-renew',
    {
      schema: {
        tags,
        summary: 'Switch the automatic renewal on or off',
        description: 'The vendor is told; where it refuses, the switch goes back and the history says why.',
        params: IdParams,
        body: z.strictObject({ autoRenew: z.boolean() }).meta({ id: 'AutoRenewal' }),
        response: { 202: Subscription },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = actorIn(request)
        const subscriptionId = idIn(request.params)
        await setAutoRenew(inside, actor, { subscriptionId, autoRenew: request.body.autoRenew })
        return { status: 202, body: await read(inside, actor, subscriptionId) }
      }),
  )

  api.post(
    '/subscriptions/:id/retry',
    {
      schema: {
        tags,
        summary: 'Retry a subscription that could not be provisioned',
        description:
          'For the seller. With the same reference at the vendor, so that no second order comes of it. `acceptsCost` goes on although the vendor asks more than the quoted cost.',
        params: IdParams,
        body: z
          .strictObject({ acceptsCost: z.boolean().optional() })
          .meta({ id: 'SubscriptionRetry' })
          .optional(),
        response: { 202: Subscription },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const subscriptionId = idIn(request.params)
        const actor = await staffIn(request, (portal) => look(inside, portal, subscriptionId))
        await retrySubscription(inside, actor, {
          subscriptionId,
          acceptsCost: request.body?.acceptsCost ?? false,
        })
        return { status: 202, body: await read(inside, actor, subscriptionId) }
      }),
  )

  api.post(
    '/subscriptions/:id/approve-renewal',
    {
      schema: {
        tags,
        summary: 'Let the next term be below its cost',
        description: 'For the seller, with a reason; needs the right to. It holds for one term.',
        params: IdParams,
        body: z.strictObject({ reason: z.string().min(1).max(500) }).meta({ id: 'RenewalApproval' }),
        response: { 202: Subscription },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const subscriptionId = idIn(request.params)
        const actor = await staffIn(request, (portal) => look(inside, portal, subscriptionId))
        await approveRenewal(inside, actor, { subscriptionId, reason: request.body.reason })
        return { status: 202, body: await read(inside, actor, subscriptionId) }
      }),
  )

  api.post(
    '/subscriptions/:id/drop',
    {
      schema: {
        tags,
        summary: 'Give up a subscription that could not be provisioned',
        description:
          'For the seller. Nothing is ordered and nothing is charged, and the customer is told, with the reason; refused once the vendor has an order of it, and with `subscription/outcome-unknown` while it may have one: retry it first.',
        params: IdParams,
        body: z.strictObject({ reason: z.string().min(1).max(500) }).meta({ id: 'SubscriptionDrop' }),
        response: { 200: Subscription },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const subscriptionId = idIn(request.params)
        const actor = await staffIn(request, (portal) => look(inside, portal, subscriptionId))
        await dropSubscription(inside, actor, { subscriptionId, reason: request.body.reason })
        return { body: await read(inside, actor, subscriptionId) }
      }),
  )
  api.post(
    '/subscriptions/:id/replace',
    {
      schema: {
        tags,
        summary: 'Replace a subscription that could not be provisioned by another product',
        description: `For the seller. ${replacing} Refused as dropping it is while the vendor may have an order of it.`,
        params: IdParams,
        body: Replacing,
        response: { 201: ReplacementOrder },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const subscriptionId = idIn(request.params)
        const actor = await staffIn(request, (portal) => look(inside, portal, subscriptionId))
        const order = await replaceSubscription(inside, actor, {
          ...replacementIn(request.body),
          subscriptionId,
        })
        return { status: 201, body: replacementOrder(order) }
      }),
  )
}

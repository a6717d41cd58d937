import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { replaceLicence } from '#flows/ordering/replace-failed.ts'
import {
  cancelLicence,
  decideCancellation,
  requestCancellation,
  undoCancellation,
  withdrawCancellation,
} from '#flows/provisioning/cancel-licence.ts'
import { requestTokenCheck } from '#flows/provisioning/check-token.ts'
import { skipLicence } from '#flows/provisioning/give-up-licence.ts'
import { resendKey } from '#flows/provisioning/resend-key.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { revealKey } from '#flows/provisioning/reveal-key.ts'
import { Refusal } from '#kernel/failure.ts'
import { type AssetId, asId } from '#kernel/ids.ts'
import { assertMay, mayDo, type Portal, type Staff } from '#modules/users'
import { assetFilters, assetSorts, listAssets } from '#views/assets/list-assets.ts'
import { viewAsset } from '#views/assets/view-asset.ts'
import { Asset, AssetItem, assetBody, assetItem } from './asset-body.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { ReplacementOrder, Replacing, replacementIn, replacementOrder, replacing } from './replacing.ts'
import { Id, IdParams, ListQuery, listOf, pageOf, Search } from './schemas.ts'

const tags = ['Assets']
const comment = z.string().max(2000).optional()
const CommentBody = z.strictObject({ comment }).meta({ id: 'CancellationComment' }).optional()

export function assetRoutes(api: Api, app: App): void {
  const assetIn = (params: { id: string }) => asId<AssetId>(params.id, 'asset')
  const look = (inside: Pick<App, 'db'>, actor: Staff | Portal, id: AssetId) =>
    viewAsset(inside.db, actor, { id, now: app.now() })
  const read = async (inside: Pick<App, 'db'>, actor: Staff | Portal, id: AssetId) =>
    assetBody(await look(inside, actor, id), actor.kind === 'staff' && mayDo(actor, 'see-costs'))

  api.get(
    '/assets',
    {
      schema: {
        tags,
        summary: 'List licences',
        description:
          'Newest first, keys masked. `filter`: `trouble` failed or waits for a key, `return-requested` waits for a decision.',
        querystring: ListQuery.extend({
          q: Search,
          filter: z.enum(assetFilters).optional(),
          accountId: Id.optional().describe('Paid by it, or for it.'),
          orderId: Id.optional(),
          sort: z.enum(assetSorts).optional().describe('With a minus: from the end. `-bought` unless told.'),
        }),
        response: { 200: listOf(AssetItem, 'AssetList') },
      },
    },
    async (request) => pageOf(await listAssets(app.db, actorIn(request), request.query as never), assetItem),
  )

  api.get(
    '/assets/:id',
    {
      schema: {
        tags,
        summary: 'Read a licence',
        description:
          'With its mails, every step and attempt, and the wishes to cancel it. The key is masked.',
        params: IdParams,
        response: { 200: Asset },
      },
    },
    async (request) => read(app, actorIn(request), assetIn(request.params)),
  )

  api.post(
    '/assets/:id/reveal',
    {
      schema: {
        tags,
        summary: 'Reveal a key',
        description:
          'Needs the right to; who looked is written into the audit log. Once the licence was given back, the key is shown to the seller alone (`asset/cancelled`).',
        params: IdParams,
        response: {
          200: z
            .object({ key: z.string(), activationLink: z.string().nullable() })
            .meta({ id: 'RevealedKey' }),
        },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { key, activationLink } = await revealKey(inside, actorIn(request), {
          assetId: assetIn(request.params),
        })
        return { body: { key, activationLink: activationLink ?? null } }
      }),
  )

  api.post(
    '/assets/:id/resend',
    {
      schema: {
        tags,
        summary: 'Send the key again',
        description: 'To where keys go, or to another address.',
        params: IdParams,
        body: z
          .strictObject({ to: z.string().max(254).optional() })
          .meta({ id: 'Resending' })
          .optional(),
        response: { 202: z.object({ mailId: Id }).meta({ id: 'QueuedMail' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const to = request.body?.to
        const assetId = assetIn(request.params)
        const { mailId } = await resendKey(inside, actorIn(request), { assetId, ...(to ? { to } : {}) })
        return { status: 202, body: { mailId } }
      }),
  )

  api.post(
    '/assets/:id/retry',
    {
      schema: {
        tags,
        summary: 'Retry a failed licence',
        description: 'With the same id at the vendor, so that no second key comes of it.',
        params: IdParams,
        response: { 202: Asset },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const assetId = assetIn(request.params)
        await retryLicence(inside, actorIn(request), { assetId })
        return { status: 202, body: await read(inside, actorIn(request), assetId) }
      }),
  )

  api.post(
    '/assets/:id/skip',
    {
      schema: {
        tags,
        summary: 'Give up a failed licence',
        description:
          'Its order is complete without it and it is never charged; the customer is told, with the reason. Refused with `asset/outcome-unknown` while a key may exist at the vendor: retry it first.',
        params: IdParams,
        body: z.strictObject({ reason: z.string().max(1000) }).meta({ id: 'GivingUp' }),
        response: { 200: Asset },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'asset')
        const assetId = assetIn(request.params)
        await skipLicence(inside, actor, { assetId, reason: request.body.reason })
        return { body: await read(inside, actor, assetId) }
      }),
  )

  api.post(
    '/assets/:id/replace',
    {
      schema: {
        tags,
        summary: 'Replace a failed licence by another product',
        description: replacing,
        params: IdParams,
        body: Replacing,
        response: { 201: ReplacementOrder },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const order = await replaceLicence(inside, staffFor(request, 'asset'), {
          ...replacementIn(request.body),
          assetId: assetIn(request.params),
        })
        return { status: 201, body: replacementOrder(order) }
      }),
  )

  api.post(
    '/assets/:id/undo-cancel',
    {
      schema: {
        tags,
        summary: 'Take a cancellation back',
        description:
          'As long as the vendor has not been asked: see `undoSeconds` of the cancellation. Refused with `asset/cancellation-not-undoable` afterwards.',
        params: IdParams,
        response: { 200: Asset },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'asset')
        const assetId = assetIn(request.params)
        await undoCancellation(inside, actor, { assetId })
        return { body: await read(inside, actor, assetId) }
      }),
  )

  api.post(
    '/assets/:id/check',
    {
      schema: {
        tags,
        summary: 'Ask the vendor about a key',
        description: 'Whether it is redeemed; read the licence again for the answer.',
        params: IdParams,
        response: { 202: Asset },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const assetId = assetIn(request.params)
        await requestTokenCheck(inside, actorIn(request), { assetId })
        return { status: 202, body: await read(inside, actorIn(request), assetId) }
      }),
  )

  api.post(
    '/assets/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a licence',
        description:
          'A buyer asks for it, and may withdraw until it is decided. For the seller it is sent at once. The vendor’s answer decides; on success it is credited in full.',
        params: IdParams,
        body: z
          .strictObject({
            comment,
            undoSeconds: z
              .int()
              .min(0)
              .max(300)
              .optional()
              .describe(
                'For the seller: so long the vendor is not asked yet, and `undo-cancel` takes it back.',
              ),
          })
          .meta({ id: 'LicenceCancellation' })
          .optional(),
        response: { 202: Asset },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = actorIn(request)
        const assetId = assetIn(request.params)
        const input = { assetId, comment: request.body?.comment ?? '' }
        const undoSeconds = request.body?.undoSeconds ?? 0
        if (actor.kind === 'portal') await requestCancellation(inside, actor, input)
        else await cancelLicence(inside, actor, { ...input, undoSeconds })
        return { status: 202, body: await read(inside, actor, assetId) }
      }),
  )

  api.post(
    '/assets/:id/withdraw',
    {
      schema: {
        tags,
        summary: 'Withdraw a wish to cancel',
        description: 'For buyers, until the seller has decided.',
        params: IdParams,
        response: { 200: Asset },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = actorIn(request)
        const assetId = assetIn(request.params)
        const view = await look(inside, actor, assetId)
        if (actor.kind !== 'portal')
          throw new Refusal('right/not-a-buyer', 'Who asked withdraws; the seller declines.')
        assertMay(actor, 'manage-assets')
        const requestId = openRequest(view)
        await withdrawCancellation(inside, actor, { requestId })
        return { body: await read(inside, actor, assetId) }
      }),
  )

  api.post(
    '/assets/:id/decline',
    {
      schema: {
        tags,
        summary: 'Decline a wish to cancel',
        description:
          'For the seller, with the reason, which the buyer reads and is mailed. To agree, cancel the licence.',
        params: IdParams,
        body: z.strictObject({ answer: comment.describe('Why not.') }).meta({ id: 'CancellationAnswer' }),
        response: { 200: Asset },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const assetId = assetIn(request.params)
        const actor = await staffIn(request, (portal) => look(inside, portal, assetId))
        assertMay(actor, 'decide-cancellations')
        const requestId = openRequest(await look(inside, actor, assetId))
        await decideCancellation(inside, actor, {
          requestId,
          decision: 'decline',
          answer: request.body.answer,
        })
        return { body: await read(inside, actor, assetId) }
      }),
  )
}

function openRequest(view: Awaited<ReturnType<typeof viewAsset>>) {
  const open = view.returnRequests.find(({ state }) => state === 'requested')
  if (!open)
    throw new Refusal('state/no-open-request', 'Nobody has asked to cancel this licence, or it is decided.')
  return open.id
}

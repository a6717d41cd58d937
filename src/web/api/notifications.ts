import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { previewNotification, sendTestMail } from '#flows/setup/preview-notification.ts'
import { saveNotification } from '#flows/setup/save-notification.ts'
import { Refusal } from '#kernel/failure.ts'
import { type AssetId, asId } from '#kernel/ids.ts'
import type { Notification } from '#modules/notifications'
import { listNotifications, viewNotification } from '#views/setup/notifications.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce, answerOnceOutside } from './idempotency.ts'
import { Id, ListQuery, listOf, Moment, momentOf, pageOfShort } from './schemas.ts'

const tags = ['Setup']
const addresses = z.array(z.string().max(254)).max(50)

const NotificationBody = z
  .object({
    code: z.string(),
    name: z.string(),
    entity: z.enum(['asset', 'order', 'subscription', 'invoice', 'account']),
    isActive: z.boolean(),
    subject: z.string(),
    body: z.string().describe('Markdown with Liquid variables: HTML and text are made of it.'),
    to: z.array(z.string()).describe('Besides the recipient it has by itself.'),
    cc: z.array(z.string()),
    bcc: z.array(z.string()),
    version: z.int(),
    updatedAt: Moment,
  })
  .meta({ id: 'Notification' })

function notificationBody(notification: Notification): z.infer<typeof NotificationBody> {
  const { toExtra, cc, bcc, updatedAt, ...rest } = notification
  return { ...rest, to: [...toExtra], cc: [...cc], bcc: [...bcc], updatedAt: momentOf(updatedAt) }
}

const CodeParams = z.object({ code: z.string() })

const variable = z.object({ name: z.string(), description: z.string() })

export function notificationRoutes(api: Api, app: App): void {
  api.get(
    '/notifications',
    {
      schema: {
        tags,
        summary: 'List notifications',
        description: 'By entity and code.',
        querystring: ListQuery,
        response: { 200: listOf(NotificationBody, 'NotificationList') },
      },
    },
    async (request) => {
      const all = await listNotifications(app.db, await staffIn(request))
      return pageOfShort(all, ({ entity, code }) => `${entity} ${code}`, request.query, notificationBody)
    },
  )

  api.get(
    '/notifications/:code',
    {
      schema: {
        tags,
        summary: 'Read a notification',
        description: 'With the variables its texts may use.',
        params: CodeParams,
        response: {
          200: NotificationBody.extend({ variables: z.array(variable) }).meta({
            id: 'NotificationWithVariables',
          }),
        },
      },
    },
    async (request) => {
      const { code } = request.params
      const { notification, variables } = await viewNotification(app.db, staffFor(request, 'notification'), {
        code,
      })
      return {
        ...notificationBody(notification),
        variables: variables.map(({ name, description }) => ({ name, description })),
      }
    },
  )

  api.patch(
    '/notifications/:code',
    {
      schema: {
        tags,
        summary: 'Change a notification',
        description:
          'Fields left out stay as they are. A version that was replaced meanwhile is refused with `state/changed-meanwhile`.',
        params: CodeParams,
        body: z
          .strictObject({
            version: z
              .int()
              .optional()
              .describe('The version that was read; left out, the newest is changed.'),
            isActive: z.boolean().optional(),
            subject: z.string().max(500).optional(),
            body: z.string().max(50_000).optional(),
            to: addresses.optional(),
            cc: addresses.optional(),
            bcc: addresses.optional(),
          })
          .meta({ id: 'NotificationChange' }),
        response: { 200: NotificationBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { code } = request.params
        const { notification: before } = await viewNotification(
          inside.db,
          staffFor(request, 'notification'),
          { code },
        )
        const { version, isActive, subject, body, to, cc, bcc } = request.body
        const after = await saveNotification(inside, staffFor(request, 'notification'), {
          code,
          version: version ?? before.version,
          isActive: isActive ?? before.isActive,
          subject: subject ?? before.subject,
          body: body ?? before.body,
          to: (to ?? before.toExtra).join(', '),
          cc: (cc ?? before.cc).join(', '),
          bcc: (bcc ?? before.bcc).join(', '),
        })
        return { body: notificationBody(after) }
      }),
  )

  api.post(
    '/notifications/:code/preview',
    {
      config: { isReading: true },
      schema: {
        tags,
        summary: 'Preview a notification',
        description:
          'As it is, or as it would be, with the values of a real licence or with samples. Keys stay masked. Needs no Idempotency-Key.',
        params: CodeParams,
        body: z
          .strictObject({
            subject: z.string().max(500).optional(),
            body: z.string().max(50_000).optional(),
            assetId: Id.optional(),
          })
          .meta({ id: 'NotificationDraft' })
          .optional(),
        response: {
          200: z
            .object({ subject: z.string(), html: z.string(), text: z.string() })
            .meta({ id: 'RenderedMail' }),
        },
      },
    },
    async (request) => {
      const { code } = request.params
      const { notification } = await viewNotification(app.db, staffFor(request, 'notification'), { code })
      const { subject = notification.subject, body = notification.body, assetId } = request.body ?? {}
      return previewNotification(app, staffFor(request, 'notification'), {
        code,
        subject,
        body,
        assetId: assetId === undefined ? undefined : asId<AssetId>(assetId, 'asset'),
      })
    },
  )

  api.post(
    '/notifications/:code/test-mail',
    {
      schema: {
        tags,
        summary: 'Send a test mail',
        description:
          'At once, to one address: the notification as it is, or as it would be. Answers what the mail server said. Keys stay masked.',
        params: CodeParams,
        body: z
          .strictObject({
            to: z.string().max(500),
            subject: z.string().max(500).optional(),
            body: z.string().max(50_000).optional(),
            assetId: Id.optional(),
          })
          .meta({ id: 'TestMail', examples: [{ to: 'you@seller.example' }] }),
        response: {
          200: z.object({ accepted: z.boolean(), answer: z.string() }).meta({ id: 'TestMailResult' }),
        },
      },
    },
    (request, reply) =>
      answerOnceOutside(app, request, reply, async () => {
        const { code } = request.params
        const actor = staffFor(request, 'notification')
        const { notification } = await viewNotification(app.db, actor, { code })
        const { to, subject = notification.subject, body = notification.body, assetId } = request.body
        const draft = {
          code,
          subject,
          body,
          to,
          assetId: assetId === undefined ? undefined : asId<AssetId>(assetId, 'asset'),
        }
        return { body: await sendTestMail(app, actor, draft).catch(renamed) }
      }),
  )
}

/** The form of the editor calls the address `testTo`. */
function renamed(error: unknown): never {
  if (!(error instanceof Refusal)) throw error
  const errors = error.errors.map((fault) =>
    fault.pointer === '/testTo' ? { ...fault, pointer: '/to' } : fault,
  )
  throw new Refusal(error.code, error.message, error.details, errors)
}

import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { previewNotification } from '#flows/setup/preview-notification.ts'
import { saveNotification } from '#flows/setup/save-notification.ts'
import { type AssetId, asId } from '#kernel/ids.ts'
import type { Notification } from '#modules/notifications'
import { listNotifications, viewNotification } from '#views/setup/notifications.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, ListQuery, listOf, Moment, momentOf } from './schemas.ts'

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
        description: 'All of them, by entity and name, on one page.',
        querystring: ListQuery,
        response: { 200: listOf(NotificationBody, 'NotificationList') },
      },
    },
    async (request) => ({
      items: (await listNotifications(app.db, actorIn(request))).map(notificationBody),
      nextCursor: null,
    }),
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
      const { notification, variables } = await viewNotification(app.db, actorIn(request), { code })
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
        const { notification: before } = await viewNotification(inside.db, actorIn(request), { code })
        const { version, isActive, subject, body, to, cc, bcc } = request.body
        const after = await saveNotification(inside, actorIn(request), {
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
      const { notification } = await viewNotification(app.db, actorIn(request), { code })
      const { subject = notification.subject, body = notification.body, assetId } = request.body ?? {}
      return previewNotification(app, actorIn(request), {
        code,
        subject,
        body,
        assetId: assetId === undefined ? undefined : asId<AssetId>(assetId, 'asset'),
      })
    },
  )
}

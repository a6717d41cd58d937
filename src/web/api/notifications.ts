import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { countReach, REACH_MOST } from '#flows/notifying/count-reach.ts'
import { createNotification, deleteNotification } from '#flows/setup/create-notification.ts'
import { previewNotification, sendTestMail } from '#flows/setup/preview-notification.ts'
import { saveNotification } from '#flows/setup/save-notification.ts'
import { removeNotificationText, saveNotificationText } from '#flows/setup/save-notification-text.ts'
import { Refusal } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  asId,
  type InvoiceId,
  type OrderId,
  type SubscriptionId,
} from '#kernel/ids.ts'
import {
  type Notification,
  type NotificationRun,
  notificationEventNames,
  notificationEvents,
  productKinds,
} from '#modules/notifications'
import type { Staff } from '#modules/users'
import { listNotifications, viewNotification } from '#views/setup/notifications.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce, answerOnceOutside } from './idempotency.ts'
import { Id, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOfShort } from './schemas.ts'

const tags = ['Setup']
const addresses = z.array(z.string().max(254)).max(50)

const Conditions = z
  .strictObject({
    accountId: Id.optional().describe('The account that pays, or that it is for.'),
    countries: z.array(z.string().max(20)).max(50).optional().describe('Of the end customer, ISO 3166-1.'),
    language: z.string().max(20).optional().describe('Of whom it is written to; `de` takes `de-AT` too.'),
    productKind: z
      .enum(productKinds)
      .optional()
      .describe('Of orders, subscriptions and invoices: something of this kind is among what it is about.'),
  })
  .meta({ id: 'NotificationConditions', description: 'All of them must hold. Of one’s own alone.' })

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
    onlyNew: z
      .boolean()
      .describe(
        'Activating it mails nobody about what is there already. Always true where that makes no sense.',
      ),
    days: z
      .array(z.int())
      .describe('Of `payment-reminder`: days after the due day, below zero before it. Empty for the others.'),
    event: z
      .enum(notificationEventNames)
      .nullable()
      .describe(
        'Of one’s own: what sends it. Null for those that came with the system, which cannot be deleted.',
      ),
    conditions: Conditions,
    language: z.string().describe('Of its own words, which everybody reads whose language has none.'),
    version: z.int(),
    updatedAt: Moment,
  })
  .meta({ id: 'Notification' })

function notificationBody(notification: Notification): z.infer<typeof NotificationBody> {
  const { toExtra, cc, bcc, days, conditions, updatedAt, inForceSince: _, ...rest } = notification
  return {
    ...rest,
    to: [...toExtra],
    cc: [...cc],
    bcc: [...bcc],
    days: [...days],
    conditions: conditionsBody(conditions),
    updatedAt: momentOf(updatedAt),
  }
}

function conditionsBody({ countries, ...rest }: Notification['conditions']): z.infer<typeof Conditions> {
  return { ...rest, ...(countries ? { countries: [...countries] } : {}) }
}

const RunBody = z
  .object({
    state: z.enum(['running', 'done', 'stopped', 'failed']),
    mails: z.int().describe('Queued until now.'),
    problem: z.string().nullable(),
    startedAt: Moment,
    endedAt: Moment.nullable(),
  })
  .meta({ id: 'NotificationRun', description: 'Mails about what was there when it was activated.' })

function runBody(run: NotificationRun): z.infer<typeof RunBody> {
  return {
    state: run.state,
    mails: run.mailCount,
    problem: run.problem || null,
    startedAt: momentOf(run.startedAt),
    endedAt: momentOrNull(run.endedAt),
  }
}

const ReachBody = z
  .object({
    isOffered: z.boolean().describe('Whether it can be activated for what is there already.'),
    whyNot: z.string().nullable(),
    records: z.string().nullable().describe('Which records match, in words.'),
    mails: z
      .int()
      .describe(`At most ${REACH_MOST.toLocaleString('en')}; \`isMore\` tells that there are more.`),
    recipients: z.int().describe('Different addresses, those in copy included.'),
    isMore: z.boolean(),
    isCounted: z.boolean().describe('False where counting took too long: there may be very many.'),
    examples: z.array(z.object({ record: z.string(), customer: z.string(), to: z.array(z.string()) })),
  })
  .meta({ id: 'NotificationReach' })

const NotificationTexts = z
  .object({ items: z.array(z.object({ language: z.string(), subject: z.string(), body: z.string() })) })
  .meta({ id: 'NotificationTexts' })

/** The record whose values are shown. */
const about = {
  assetId: Id.optional(),
  subscriptionId: Id.optional(),
  orderId: Id.optional(),
  invoiceId: Id.optional(),
  accountId: Id.optional(),
  language: z
    .string()
    .max(20)
    .optional()
    .describe(
      'Of the words given: days and amounts are written in it. The one of the notification, if left out.',
    ),
}

function recordOf(given: { [Key in keyof typeof about]?: string | undefined }) {
  const { assetId, subscriptionId, orderId, invoiceId, accountId, language } = given
  return {
    language,
    assetId: assetId === undefined ? undefined : asId<AssetId>(assetId, 'asset'),
    subscriptionId:
      subscriptionId === undefined ? undefined : asId<SubscriptionId>(subscriptionId, 'subscription'),
    orderId: orderId === undefined ? undefined : asId<OrderId>(orderId, 'order'),
    invoiceId: invoiceId === undefined ? undefined : asId<InvoiceId>(invoiceId, 'invoice'),
    accountId: accountId === undefined ? undefined : asId<AccountId>(accountId, 'account'),
  }
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

  api.post(
    '/notifications',
    {
      schema: {
        tags,
        summary: 'Create a notification',
        description: `One of the seller's own, sent once for each record and event. It begins switched off; activate it with \`PATCH\`. Without words it begins with those of \`from\`, else with a few. TO, CC and BCC take addresses and variables, such as \`{{ payer.email }}\`. Events: ${notificationEventNames.map((name) => `\`${name}\` (${notificationEvents[name].words})`).join(', ')}.`,
        body: z
          .strictObject({
            name: z.string().max(200),
            event: z.string().max(100),
            from: z.string().max(100).optional().describe('Code of the notification it is a copy of.'),
            subject: z.string().max(500).optional(),
            body: z.string().max(50_000).optional(),
            language: z.string().max(20).optional(),
            to: addresses.optional(),
            cc: addresses.optional(),
            bcc: addresses.optional(),
            onlyNew: z.boolean().optional(),
            days: z.array(z.int()).max(50).optional(),
            conditions: Conditions.optional(),
          })
          .meta({
            id: 'NewNotification',
            examples: [
              { name: 'Orders for Hungary', event: 'order.executed', conditions: { countries: ['HU'] } },
            ],
          }),
        response: { 201: NotificationBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const { to, cc, bcc, ...given } = request.body
        const made = await createNotification(inside, staffFor(request, 'notification'), {
          ...given,
          ...(to ? { to: to.join(', ') } : {}),
          ...(cc ? { cc: cc.join(', ') } : {}),
          ...(bcc ? { bcc: bcc.join(', ') } : {}),
        })
        return { status: 201, body: notificationBody(made) }
      }),
  )

  api.delete(
    '/notifications/:code',
    {
      schema: {
        tags,
        summary: 'Delete a notification',
        description:
          'One of the seller’s own; its mails keep their entries in the log. Those that came with the system are refused with `notification/not-own`.',
        params: CodeParams,
        response: { 200: z.object({ code: z.string() }).meta({ id: 'DeletedNotification' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        await deleteNotification(inside, staffFor(request, 'notification'), request.params)
        return { body: { code: request.params.code } }
      }),
  )

  api.get(
    '/notifications/:code',
    {
      schema: {
        tags,
        summary: 'Read a notification',
        description:
          'With the variables its texts may use, and how far the last mails about what was there already have come.',
        params: CodeParams,
        response: {
          200: NotificationBody.extend({
            variables: z.array(variable),
            lastRun: RunBody.nullable(),
          }).meta({ id: 'NotificationWithVariables' }),
        },
      },
    },
    async (request) => {
      const { code } = request.params
      const { notification, variables, run } = await viewNotification(
        app.db,
        staffFor(request, 'notification'),
        {
          code,
        },
      )
      return {
        ...notificationBody(notification),
        variables: variables.map(({ name, description }) => ({ name, description })),
        lastRun: run ? runBody(run) : null,
      }
    },
  )

  api.get(
    '/notifications/:code/reach',
    {
      schema: {
        tags,
        summary: 'Count whom activating a notification would reach',
        description:
          'The records that match now and were not mailed by it, and the addresses their mails would go to. They are mailed when the notification is activated with `onlyNew: false`; with `onlyNew: true`, the default, nobody is. Changes nothing.',
        params: CodeParams,
        response: { 200: ReachBody },
      },
    },
    async (request) => {
      const { code } = request.params
      const reach = await countReach(app, staffFor(request, 'notification'), { code })
      const nobody = { mails: 0, recipients: 0, isMore: false, isCounted: true, examples: [] }
      if (reach.whyNot !== undefined)
        return { isOffered: false, whyNot: reach.whyNot, records: null, ...nobody }
      const { words, whyNot: _, examples, ...counts } = reach
      return {
        isOffered: true,
        whyNot: null,
        records: words,
        ...counts,
        examples: examples.map(({ to, ...example }) => ({ ...example, to: [...to] })),
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
          'Fields left out stay as they are. Activated with `onlyNew: false`, it mails what matches already, each record once, by a job; read `/notifications/{code}/reach` first. A version that was replaced meanwhile is refused with `state/changed-meanwhile`.',
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
            onlyNew: z.boolean().optional(),
            days: z.array(z.int()).max(50).optional(),
            language: z.string().max(20).optional(),
            name: z.string().max(200).optional().describe('Of one’s own alone, as are the conditions.'),
            conditions: Conditions.optional().describe('In place of those before.'),
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
        const { version, isActive, subject, body, to, cc, bcc, onlyNew, days, ...more } = request.body
        const after = await saveNotification(inside, staffFor(request, 'notification'), {
          code,
          version: version ?? before.version,
          isActive: isActive ?? before.isActive,
          subject: subject ?? before.subject,
          body: body ?? before.body,
          to: (to ?? before.toExtra).join(', '),
          cc: (cc ?? before.cc).join(', '),
          bcc: (bcc ?? before.bcc).join(', '),
          onlyNew: onlyNew ?? before.onlyNew,
          days: days ?? before.days,
          ...more,
        })
        return { body: notificationBody(after) }
      }),
  )

  const TextParams = CodeParams.extend({ language: z.string().meta({ examples: ['de'] }) })
  const textsOf = async (inside: Pick<App, 'db'>, actor: Staff, code: string) => ({
    items: [...(await viewNotification(inside.db, actor, { code })).texts],
  })

  api.get(
    '/notifications/:code/texts',
    {
      schema: {
        tags,
        summary: 'Read the words of a notification in other languages',
        description: 'Readers of every other language get the words of the notification itself.',
        params: CodeParams,
        response: { 200: NotificationTexts },
      },
    },
    async (request) => textsOf(app, staffFor(request, 'notification'), request.params.code),
  )

  api.put(
    '/notifications/:code/texts/:language',
    {
      schema: {
        tags,
        summary: 'Set the words of a notification in a language',
        description: '`de` is for every German reader, `de-CH` for those of Switzerland.',
        params: TextParams,
        body: z
          .strictObject({ subject: z.string().max(500), body: z.string().max(50_000) })
          .meta({ id: 'NotificationTextChange' }),
        response: { 200: NotificationTexts },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'notification')
        await saveNotificationText(inside, actor, { ...request.params, ...request.body })
        return { body: await textsOf(inside, actor, request.params.code) }
      }),
  )

  api.delete(
    '/notifications/:code/texts/:language',
    {
      schema: {
        tags,
        summary: 'Remove the words of a notification in a language',
        description: 'Readers of this language get the words of the notification itself again.',
        params: TextParams,
        response: { 200: NotificationTexts },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'notification')
        await removeNotificationText(inside, actor, request.params)
        return { body: await textsOf(inside, actor, request.params.code) }
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
          'As it is, or as it would be, with the values of a real record or with samples. Keys stay masked. Needs no Idempotency-Key.',
        params: CodeParams,
        body: z
          .strictObject({
            subject: z.string().max(500).optional(),
            body: z.string().max(50_000).optional(),
            ...about,
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
      const { subject = notification.subject, body = notification.body, ...record } = request.body ?? {}
      return previewNotification(app, staffFor(request, 'notification'), {
        code,
        subject,
        body,
        ...recordOf(record),
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
            ...about,
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
        const { to, subject = notification.subject, body = notification.body, ...record } = request.body
        const draft = {
          code,
          subject,
          body,
          to,
          ...recordOf(record),
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

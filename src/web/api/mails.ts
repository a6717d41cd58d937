import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { resendMail } from '#flows/setup/resend-mail.ts'
import { revealMail } from '#flows/setup/reveal-mail.ts'
import { asId, type MailId } from '#kernel/ids.ts'
import { listMails, type MailRow } from '#views/setup/list-mails.ts'
import { type MailView, openMail } from '#views/setup/view-mail.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf, Search } from './schemas.ts'

const tags = ['Setup']
const state = z.enum(['queued', 'sent', 'failed', 'cancelled'])

const MailItem = z
  .object({
    id: Id,
    notification: z.string(),
    to: z.array(z.string()),
    cc: z.array(z.string()),
    bcc: z.array(z.string()),
    subject: z.string(),
    state,
    tries: z.int(),
    serverAnswer: z.string(),
    assetId: Id.nullable(),
    subscriptionId: Id.nullable(),
    orderId: Id.nullable(),
    invoiceId: Id.nullable(),
    accountId: Id.nullable(),
    copyOf: Id.nullable().describe('The first mail, of one that was sent again as a copy.'),
    queuedAt: Moment,
    lastTriedAt: Moment.nullable(),
    sentAt: Moment.nullable(),
  })
  .meta({ id: 'MailItem', description: 'A mail that left or tries to.' })

function mailItem(mail: MailRow): z.infer<typeof MailItem> {
  return {
    id: mail.id,
    notification: mail.notificationCode,
    to: [...mail.toAddresses],
    cc: [...mail.cc],
    bcc: [...mail.bcc],
    subject: mail.subject,
    state: mail.state,
    tries: mail.tries,
    serverAnswer: mail.serverAnswer,
    assetId: mail.assetId,
    subscriptionId: mail.subscriptionId,
    orderId: mail.orderId,
    invoiceId: mail.invoiceId,
    accountId: mail.accountId,
    copyOf: mail.copyOf,
    queuedAt: momentOf(mail.queuedAt),
    lastTriedAt: momentOrNull(mail.lastTriedAt),
    sentAt: momentOrNull(mail.sentAt),
  }
}

const Words = z.object({ html: z.string(), text: z.string() })

const OpenedMail = MailItem.extend({
  body: Words.extend({ language: z.string() })
    .nullable()
    .describe(
      'As it was sent; keys are masked, and links that open something say only where they lead. Null before the first try, and of mails that left before bodies were kept.',
    ),
  log: z
    .array(
      z.object({
        number: z.int(),
        at: Moment,
        outcome: z
          .enum(['accepted', 'refused', 'away'])
          .nullable()
          .describe('Null while it is under way, or where nobody was left to write it down.'),
        answer: z.string(),
      }),
    )
    .describe('Each try to send it.'),
  copies: z.array(Id).describe('Sent again as copies of this one, newest first; the newest 50.'),
  mayBeSentAgain: z.boolean().describe('By whoever asks.'),
  hasKey: z.boolean().describe('Whether `POST …/reveal` answers it with a key, for whoever asks.'),
}).meta({ id: 'Mail' })

function openedMail({ mail, body, tries, copies, may }: MailView): z.infer<typeof OpenedMail> {
  return {
    ...mailItem(mail),
    body: body ? { html: body.html, text: body.text, language: body.language } : null,
    log: tries.map(({ number, at, outcome, answer }) => ({
      number,
      at: momentOf(at),
      outcome: outcome ?? null,
      answer,
    })),
    copies: copies.map(({ id }) => id),
    mayBeSentAgain: may.resend,
    hasKey: may.reveal,
  }
}

export function mailRoutes(api: Api, app: App): void {
  api.get(
    '/mails',
    {
      schema: {
        tags,
        summary: 'List mails',
        description:
          'The mail log, newest first. `q`: an address, or the number of a licence, order, subscription or invoice.',
        querystring: ListQuery.extend({
          q: Search,
          state: state.optional(),
          notification: z.string().max(100).optional().describe('Code of the notification.'),
          accountId: Id.optional(),
        }),
        response: { 200: listOf(MailItem, 'MailList') },
      },
    },
    async (request) => pageOf(await listMails(app.db, await staffIn(request), request.query), mailItem),
  )

  api.get(
    '/mails/:id',
    {
      schema: {
        tags,
        summary: 'Read a mail of the log',
        description: 'To whom, when, what it said, and what the mail server answered to each try.',
        params: IdParams,
        response: { 200: OpenedMail },
      },
    },
    async (request) =>
      openedMail(
        await openMail(app.db, staffFor(request, 'mail'), { id: asId<MailId>(request.params.id, 'mail') }),
      ),
  )

  api.post(
    '/mails/:id/reveal',
    {
      schema: {
        tags,
        summary: 'Read a mail with the key it brought',
        description: 'Whoever asks stands in the audit log.',
        params: IdParams,
        response: { 200: Words.extend({ subject: z.string() }).meta({ id: 'RevealedMail' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const mailId = asId<MailId>(request.params.id, 'mail')
        return { body: await revealMail(inside, staffFor(request, 'mail'), { mailId }) }
      }),
  )

  api.post(
    '/mails/:id/resend',
    {
      schema: {
        tags,
        summary: 'Send a mail again',
        description:
          'Without `to`, a mail that failed goes out itself, so it can leave only once. Of any other, or to another address, a copy goes out, written anew from the record; `copyOf` names the first. The mail with a key goes where keys go now, with the rules of `POST /assets/{id}/resend`. Refused with `mail/not-again` where what it said is not true any more, or its link was made for one moment.',
        params: IdParams,
        body: z
          .strictObject({ to: z.string().max(500).optional() })
          .meta({ id: 'MailResend', examples: [{ to: 'you@customer.example' }] })
          .optional(),
        response: {
          202: z.object({ mailId: Id.describe('The mail that goes out.') }).meta({ id: 'RequeuedMail' }),
        },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const asked = asId<MailId>(request.params.id, 'mail')
        const mailId = await resendMail(inside, staffFor(request, 'mail'), {
          mailId: asked,
          to: request.body?.to,
        })
        return { status: 202, body: { mailId } }
      }),
  )
}

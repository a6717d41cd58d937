import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { resendMail } from '#flows/setup/resend-mail.ts'
import { asId, type MailId } from '#kernel/ids.ts'
import { listMails, type MailRow, viewMail } from '#views/setup/list-mails.ts'
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
    orderId: Id.nullable(),
    queuedAt: Moment,
    lastTriedAt: Moment.nullable(),
    sentAt: Moment.nullable(),
  })
  .meta({ id: 'MailItem', description: 'A mail that left or tries to. What it said is not kept.' })

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
    orderId: mail.orderId,
    queuedAt: momentOf(mail.queuedAt),
    lastTriedAt: momentOrNull(mail.lastTriedAt),
    sentAt: momentOrNull(mail.sentAt),
  }
}

export function mailRoutes(api: Api, app: App): void {
  api.get(
    '/mails',
    {
      schema: {
        tags,
        summary: 'List mails',
        description: 'The mail log, newest first. `q`: an address or the number of a licence.',
        querystring: ListQuery.extend({ q: Search, state: state.optional() }),
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
        description: 'To whom, when, and what the mail server answered.',
        params: IdParams,
        response: { 200: MailItem },
      },
    },
    async (request) =>
      mailItem(
        await viewMail(app.db, staffFor(request, 'mail'), { id: asId<MailId>(request.params.id, 'mail') }),
      ),
  )

  api.post(
    '/mails/:id/resend',
    {
      schema: {
        tags,
        summary: 'Send a failed mail again',
        description: 'The same mail, so it can leave only once.',
        params: IdParams,
        response: { 202: z.object({ mailId: Id }).meta({ id: 'RequeuedMail' }) },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const mailId = asId<MailId>(request.params.id, 'mail')
        await resendMail(inside, staffFor(request, 'mail'), { mailId })
        return { status: 202, body: { mailId } }
      }),
  )
}

import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { asId } from '#kernel/ids.ts'
import type { AuditEntry as Entry } from '#modules/audit'
import { browseAudit, listAudit, viewAuditEntry } from '#views/setup/list-audit.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, pageOf } from './schemas.ts'

const facts = z.record(z.string(), z.unknown()).nullable()

const AuditEntry = z
  .object({
    id: Id,
    at: Moment,
    actor: z.string(),
    userId: Id.nullable(),
    action: z.string(),
    subjectType: z.string(),
    subjectId: z.string(),
    accountId: Id.nullable(),
    before: facts,
    after: facts,
  })
  .meta({ id: 'AuditEntry', description: 'Who changed what, when, from what to what.' })

function entryBody(entry: Entry): z.infer<typeof AuditEntry> {
  return {
    id: entry.id,
    at: momentOf(entry.at),
    actor: entry.actor,
    userId: entry.userId ?? null,
    action: entry.action,
    subjectType: entry.subjectType,
    subjectId: entry.subjectId,
    accountId: entry.accountId ?? null,
    before: entry.before ? { ...entry.before } : null,
    after: entry.after ? { ...entry.after } : null,
  }
}

const asDay = (text: string | undefined) => (text === undefined ? undefined : Temporal.PlainDate.from(text))

export function auditRoutes(api: Api, app: App): void {
  api.get(
    '/audit',
    {
      schema: {
        tags: ['Setup'],
        summary: 'List the audit log',
        description:
          'Newest first. With `subjectId` the history of one record: whoever may see the record may read it, without costs where these are not for them; person, days and words are not asked for then.',
        querystring: ListQuery.extend({
          q: z
            .string()
            .max(200)
            .optional()
            .describe('The number of a record, or words of the company it belongs to.'),
          subjectType: z
            .string()
            .max(100)
            .optional()
            .describe('What was changed: `account`, `order`, `asset` …'),
          subjectId: z.string().max(100).optional().describe('Which one.'),
          userId: Id.optional().describe('Who did it.'),
          from: z.iso.date().optional().describe('Since this day, in UTC.'),
          to: z.iso.date().optional().describe('Until this day, in UTC.'),
        }),
        response: { 200: listOf(AuditEntry, 'AuditList') },
      },
    },
    async (request) => {
      const { from, to, ...asked } = request.query
      const actor = await staffIn(request)
      const page = asked.subjectId
        ? await listAudit(app.db, actor, asked)
        : await browseAudit(app.db, actor, { ...asked, from: asDay(from), to: asDay(to) })
      return pageOf(page, entryBody)
    },
  )

  api.get(
    '/audit/:id',
    {
      schema: {
        tags: ['Setup'],
        summary: 'Read an entry of the audit log',
        description: 'Who changed what, from what to what.',
        params: IdParams,
        response: { 200: AuditEntry },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'audit-entry')
      return entryBody(await viewAuditEntry(app.db, actor, { id: asId(request.params.id, 'audit-entry') }))
    },
  )
}

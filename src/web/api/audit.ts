import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { asId } from '#kernel/ids.ts'
import type { AuditEntry as Entry } from '#modules/audit'
import { listAudit, viewAuditEntry } from '#views/setup/list-audit.ts'
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

export function auditRoutes(api: Api, app: App): void {
  api.get(
    '/audit',
    {
      schema: {
        tags: ['Setup'],
        summary: 'List the audit log',
        description: 'Newest first.',
        querystring: ListQuery.extend({
          subjectType: z.string().max(100).optional(),
          subjectId: z.string().max(100).optional(),
        }),
        response: { 200: listOf(AuditEntry, 'AuditList') },
      },
    },
    async (request) => pageOf(await listAudit(app.db, await staffIn(request), request.query), entryBody),
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

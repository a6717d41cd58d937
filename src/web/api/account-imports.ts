// Accounts from files: a file is checked row by row without changing anything, looked at, and imported.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import {
  cancelAccountImport,
  MOST_IMPORT_BYTES,
  receiveAccountImport,
} from '#flows/accounts/receive-import.ts'
import { startAccountImport } from '#flows/accounts/run-import.ts'
import type { App } from '#flows/app.ts'
import { invalid } from '#kernel/failure.ts'
import { asId } from '#kernel/ids.ts'
import { type AccountImport, type AccountImportId, IMPORT_LIFE_DAYS } from '#modules/accounts'
import { assertMay } from '#modules/users'
import {
  type AccountFile,
  browseAccountImports,
  browseImportRows,
  type ImportRowView,
  importErrorFile,
  importTemplateFile,
  viewAccountImport,
} from '#views/accounts/account-imports.ts'
import { actorIn, staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, momentOrNull, pageOf } from './schemas.ts'
import { fileIn, withLargeUploads } from './uploads.ts'

const tags = ['Accounts']

const Body = z
  .object({
    id: Id,
    fileName: z.string(),
    format: z.enum(['csv', 'xlsx']),
    state: z
      .enum(['received', 'checking', 'checked', 'importing', 'done', 'refused', 'cancelled'])
      .describe(
        '`received`, `checking`: being read and checked; nothing is changed. `checked`: waits for its start. `importing`, `done`. `refused`: as a whole, with the reason. `cancelled`: nothing of it was imported.',
      ),
    bytes: z.int(),
    columns: z.array(z.string()).describe('The columns that are read, as fields of an account.'),
    ignoredColumns: z.array(z.string()).describe('Heads that say nothing to us; their columns are not read.'),
    rowCount: z.int(),
    rowsDone: z.int().describe('How far the check is; of an import that was started, how far that is.'),
    createCount: z.int().describe('Rows that make an account, as the check found them.'),
    changeCount: z.int().describe('Rows that change an account.'),
    sameCount: z.int().describe('Rows whose account is as they say already.'),
    wrongCount: z.int().describe('Rows that are wrong and not imported.'),
    warnedCount: z.int().describe('Rows that look like a company that is there already.'),
    createdCount: z.int(),
    changedCount: z.int(),
    leftCount: z
      .int()
      .describe('Rows the import refused although the check had not: something had changed in between.'),
    refusedBecause: z.string().nullable(),
    receivedBy: z.string(),
    receivedAt: Moment,
    checkedAt: Moment.nullable(),
    startedBy: z.string().nullable(),
    startedAt: Moment.nullable(),
    endedAt: Moment.nullable(),
  })
  .meta({ id: 'AccountImport', description: 'A file of accounts on its way.' })

const Row = z
  .object({
    line: z.int().describe('Of the file; the heads are line 1.'),
    cells: z.record(z.string(), z.string()).describe('What stands in it, by field.'),
    action: z.enum(['create', 'change', 'same', 'wrong']).nullable().describe('Null: not checked yet.'),
    accountId: Id.nullable().describe('Of a new account: the id it will have.'),
    faults: z.array(
      z.object({
        column: z.string().describe('Empty where the row as a whole is wrong.'),
        reason: z.string(),
      }),
    ),
    warnings: z.array(z.string()),
    changes: z
      .array(z.object({ column: z.string(), before: z.string(), after: z.string() }))
      .describe('What it would change of the account as it is now; empty once it is done.'),
    outcome: z
      .enum(['created', 'changed', 'left'])
      .nullable()
      .describe('What became of it. `left`: refused at the import.'),
  })
  .meta({ id: 'AccountImportRow' })

function importBody(it: AccountImport): z.infer<typeof Body> {
  return {
    id: it.id,
    fileName: it.fileName,
    format: it.format,
    state: it.state,
    bytes: it.bytes,
    columns: [...it.columns],
    ignoredColumns: [...it.ignoredColumns],
    rowCount: it.rowCount,
    rowsDone: it.rowsDone,
    createCount: it.createCount,
    changeCount: it.changeCount,
    sameCount: it.sameCount,
    wrongCount: it.wrongCount,
    warnedCount: it.warnedCount,
    createdCount: it.createdCount,
    changedCount: it.changedCount,
    leftCount: it.leftCount,
    refusedBecause: it.refusedBecause ?? null,
    receivedBy: it.receivedByName,
    receivedAt: momentOf(it.receivedAt),
    checkedAt: momentOrNull(it.checkedAt),
    startedBy: it.startedByName ?? null,
    startedAt: momentOrNull(it.startedAt),
    endedAt: momentOrNull(it.endedAt),
  }
}

function rowBody(row: ImportRowView): z.infer<typeof Row> {
  return {
    line: row.line,
    cells: { ...row.cells } as Record<string, string>,
    action: row.action ?? null,
    accountId: row.accountId ?? null,
    faults: row.faults.map(({ column, reason }) => ({ column, reason })),
    warnings: [...row.warnings],
    changes: row.changes.map((each) => ({ ...each })),
    outcome: row.outcome ?? null,
  }
}

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

function sendFile(reply: FastifyReply, file: AccountFile) {
  reply.header('content-disposition', `attachment; filename="${file.name}"`)
  return reply.type(types[file.format]).send(Readable.from(file.pieces) as never)
}

const fileAnswer = {
  description: 'The file',
  content: { 'text/csv': { schema: z.string() }, [types.xlsx]: { schema: z.string() } },
}

export function accountImportRoutes(api: Api, app: App): void {
  const idIn = (params: unknown) => asId<AccountImportId>((params as { id: string }).id, 'account-import')

  api.get(
    '/account-imports',
    {
      schema: {
        tags,
        summary: 'List imports of accounts',
        description: `Newest first; each is kept for ${IMPORT_LIFE_DAYS} days.`,
        querystring: ListQuery,
        response: { 200: listOf(Body, 'AccountImportList') },
      },
    },
    async (request) =>
      pageOf(await browseAccountImports(app.db, await staffIn(request), request.query), importBody),
  )

  withLargeUploads(
    api,
    {
      types: ['text/csv', types.xlsx, 'application/octet-stream'],
      mostBytes: MOST_IMPORT_BYTES,
      mayUpload: (request) => assertMay(actorIn(request), 'manage-accounts'),
      description:
        'Accounts with a column per field, as the template has them: CSV in UTF-8 (separated by comma, semicolon or tab), or XLSX; told apart by their content.',
      example:
        'Kind,Reseller,External reference,Company name,First name,Last name,E-mail,Address,Postal code,City,Country,Currency\nReseller,,CRM-1,Contoso GmbH,Anna,Schmidt,anna@contoso.example,Unter den Linden 1,10117,Berlin,DE,EUR\n',
    },
    (files) => {
      files.post(
        '/account-imports',
        {
          schema: {
            tags,
            summary: 'Upload accounts',
            description:
              'Answers at once; the rows are checked by a job and nothing is changed. Ask for the import until it is `checked` or `refused`, look at it, and start it.',
            querystring: z.strictObject({ fileName: z.string().max(200).optional() }),
            response: { 202: Body },
          },
        },
        (request, reply) =>
          answerOnce(app, request, reply, async (inside) => {
            const actor = await staffIn(request)
            const file = fileIn(request.body)
            if (!file) throw invalid({ pointer: '', code: 'required', message: 'Send the file as the body.' })
            const made = await receiveAccountImport(inside, actor, {
              path: file.path,
              bytes: file.bytes,
              fileName: request.query.fileName ?? '',
            })
            return { status: 202, body: importBody(made) }
          }),
      )
    },
  )

  api.get(
    '/account-imports/template',
    {
      schema: {
        tags,
        summary: 'Download the template of an import of accounts',
        description: 'All columns, with two rows that show how they are meant.',
        querystring: z.strictObject({ format: z.enum(['csv', 'xlsx']).default('csv') }),
        response: { 200: fileAnswer },
      },
    },
    async (request, reply) =>
      sendFile(reply, importTemplateFile(await staffIn(request), request.query.format)),
  )

  api.get(
    '/account-imports/:id',
    {
      schema: {
        tags,
        summary: 'Read an import of accounts',
        description: 'How far it is, and what the check found.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'account-import')
      return importBody(await viewAccountImport(app.db, actor, { id: idIn(request.params) }))
    },
  )

  api.get(
    '/account-imports/:id/rows',
    {
      schema: {
        tags,
        summary: 'List the rows of an import of accounts',
        description: 'By line, with what each does, what is wrong with it, and what became of it.',
        params: IdParams,
        querystring: ListQuery.extend({
          show: z
            .enum(['all', 'create', 'change', 'same', 'wrong', 'warned'])
            .default('all')
            .describe('`warned`: those that look like a company that is there already.'),
        }),
        response: { 200: listOf(Row, 'AccountImportRowList') },
      },
    },
    async (request) => {
      const actor = staffFor(request, 'account-import')
      const ask = { id: idIn(request.params), ...request.query }
      return pageOf(await browseImportRows(app.db, actor, ask), rowBody)
    },
  )

  api.get(
    '/account-imports/:id/errors',
    {
      schema: {
        tags,
        summary: 'Download the wrong rows of an import of accounts',
        description:
          'In the form of the file that was sent, with the reason behind each row: to be corrected and sent again.',
        params: IdParams,
        response: { 200: fileAnswer },
      },
    },
    async (request, reply) => {
      const actor = staffFor(request, 'account-import')
      return sendFile(reply, await importErrorFile(app.db, actor, { id: idIn(request.params) }))
    },
  )

  api.post(
    '/account-imports/:id/start',
    {
      schema: {
        tags,
        summary: 'Import the accounts of a checked file',
        description:
          'Each row once, however often it is asked; wrong rows are left out. Rows are checked again while they are imported.',
        params: IdParams,
        response: { 202: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'account-import')
        const started = await startAccountImport(inside, actor, { importId: idIn(request.params) })
        return { status: 202, body: importBody(started) }
      }),
  )

  api.post(
    '/account-imports/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Discard an import of accounts',
        description: 'Before it is started; nothing was changed.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const actor = staffFor(request, 'account-import')
        const cancelled = await cancelAccountImport(inside, actor, { importId: idIn(request.params) })
        return { body: importBody(cancelled) }
      }),
  )
}

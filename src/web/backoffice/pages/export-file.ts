import { Readable } from 'node:stream'
import type { LoaderFunctionArgs } from 'react-router'
import { openExportFile } from '#flows/lists/export-list.ts'
import { deskOf } from '#web/backoffice/desk.ts'

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const file = await openExportFile(app, actor, { exportId: args.params['id'] as never })
  const headers = {
    'content-type': types[file.format],
    'content-length': String(file.bytes),
    'content-disposition': `attachment; filename="${file.name}"`,
    'cache-control': 'private, no-store',
  }
  // One piece is read when the one before has left.
  return new Response(Readable.toWeb(Readable.from(file.pieces, { highWaterMark: 1 })) as BodyInit, {
    headers,
  })
}

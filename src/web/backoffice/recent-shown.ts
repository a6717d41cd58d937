// What somebody opened lately, as the search of the frame and the dashboard show it.

import { kindWords } from '#views/records/history-words.ts'
import { viewRecentRecords } from '#views/records/recent-records.ts'
import { recordPath } from '#views/records/record-paths.ts'
import { type Ask, deskOf } from '#web/backoffice/desk.ts'

export async function recentShown(args: Ask, limit: number) {
  const { app, actor } = deskOf(args)
  const records = await viewRecentRecords(app.db, actor, { limit })
  return records.map((record) => ({
    kind: record.recordType as string,
    word: kindWords[record.recordType],
    to: recordPath(record),
    title: record.title,
    about:
      record.recordType === 'instance'
        ? (app.connectors.find(({ code }) => code === record.about)?.name ?? record.about)
        : record.about,
  }))
}
